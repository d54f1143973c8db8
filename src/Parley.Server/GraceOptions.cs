namespace Parley.Server;

/// <summary>How long the server waits for people (<c>Parley:Grace</c>).</summary>
public sealed class GraceOptions
{
    /// <summary>How long a place is kept for a lost connection.</summary>
    public int ReconnectSeconds { get; set; } = 30;

    /// <summary>How long a new meeting waits for its first participant.</summary>
    public int UnusedMinutes { get; set; } = 10;

    /// <summary>How long the server goes on after it was told to stop, taking nobody new.</summary>
    public int DrainSeconds { get; set; }
}
