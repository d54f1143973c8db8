using Parley.Terminal.Join.Input;

namespace Parley.Terminal.Join.View;

/// <summary>What letters do.</summary>
internal enum InputMode
{
    /// <summary>They are typed into the chat.</summary>
    Chat,

    /// <summary>They are commands.</summary>
    Keys,
}

/// <summary>What the user did to the screen.</summary>
/// <param name="chatLimit">UTF-16 units of one line of chat.</param>
internal sealed class ViewState(int chatLimit)
{
    public LineEditor Editor { get; } = new(chatLimit);

    public InputMode Mode { get; set; } = InputMode.Chat;

    /// <summary>Lines the chat is scrolled back.</summary>
    public int Scroll { get; set; }

    public bool IsHelpShown { get; set; }

    public bool Mic { get; set; }

    public bool Camera { get; set; }

    public bool HasMic { get; init; }

    public bool HasCamera { get; init; }

    /// <summary>Whose camera is in each tile.</summary>
    public IReadOnlyList<string> Tiles { get; set; } = [];
}
