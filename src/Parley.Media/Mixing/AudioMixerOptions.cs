namespace Parley.Media.Mixing;

/// <summary>How an <see cref="AudioMixer"/> works; the defaults are those of the design.</summary>
public sealed record AudioMixerOptions
{
    /// <summary>Each listener's encoder; its DTX is the mixer's own affair: on only while nothing is heard.</summary>
    public OpusEncoderOptions Encoder { get; init; } = new();

    /// <summary>Each voice's jitter buffer.</summary>
    public JitterBufferOptions Jitter { get; init; } = new();
}
