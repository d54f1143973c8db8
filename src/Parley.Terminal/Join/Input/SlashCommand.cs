namespace Parley.Terminal.Join.Input;

/// <summary>What a user can ask for besides chat.</summary>
internal enum MeetingAction
{
    ToggleMic,
    ToggleCamera,
    Leave,
    ListPeople,
    Help,

    /// <summary>A line that begins with "/" and is none of the commands.</summary>
    Unknown,
}

/// <summary>Commands typed into the chat line.</summary>
internal static class SlashCommand
{
    public const string Names = "/mic, /cam, /who, /leave, /help";

    /// <summary>Whether a typed line is a command; "//" begins a line of chat that starts with one slash.</summary>
    /// <param name="line">As typed.</param>
    /// <param name="action">What it asks for.</param>
    /// <param name="chat">What to send when it is none.</param>
    public static bool TryParse(string line, out MeetingAction action, out string chat)
    {
        (action, chat) = (MeetingAction.Unknown, line);
        if (!line.StartsWith('/')) return false;
        if (line.StartsWith("//", StringComparison.Ordinal))
        {
            chat = line[1..];
            return false;
        }

        action = line.Trim() switch
        {
            "/mic" or "/m" => MeetingAction.ToggleMic,
            "/cam" or "/camera" or "/v" => MeetingAction.ToggleCamera,
            "/leave" or "/quit" or "/exit" or "/q" => MeetingAction.Leave,
            "/who" or "/people" => MeetingAction.ListPeople,
            "/help" or "/?" or "/h" => MeetingAction.Help,
            _ => MeetingAction.Unknown,
        };
        return true;
    }
}
