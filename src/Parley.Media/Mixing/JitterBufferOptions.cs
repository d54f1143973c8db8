namespace Parley.Media.Mixing;

/// <summary>The bounds of a <see cref="JitterBuffer"/>.</summary>
public sealed record JitterBufferOptions
{
    /// <summary>The delay kept on a perfect path. One packet's length lets FEC work, which needs the packet after a loss.</summary>
    public TimeSpan MinDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The most audio that is ever held, whatever the path does.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMilliseconds(250);
}
