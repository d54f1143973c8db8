namespace Parley.Server;

/// <summary>How much is taken (<c>Parley:Limits</c>). Lengths count UTF-16 units.</summary>
public sealed class LimitOptions
{
    public int ParticipantsPerMeeting { get; set; } = 50;

    /// <summary>People who wait at one time in the lobby of one meeting.</summary>
    public int LobbyPerMeeting { get; set; } = 50;

    /// <summary>Open meetings at one time.</summary>
    public int Meetings { get; set; } = 200;

    /// <summary>How many of them may be lasting ones, which do not end when the last one leaves.</summary>
    public int LastingMeetings { get; set; } = 50;

    public int NameLength { get; set; } = 60;

    public int TitleLength { get; set; } = 120;

    public int ChatLength { get; set; } = 5000;

    /// <summary>The newest messages that a snapshot holds.</summary>
    public int ChatHistory { get; set; } = 100;

    /// <summary>TCP connections at one time, of all kinds.</summary>
    public int Connections { get; set; } = 10000;
}
