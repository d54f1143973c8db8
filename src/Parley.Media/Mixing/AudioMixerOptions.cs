namespace Parley.Media.Mixing;

/// <summary>How an <see cref="AudioMixer"/> works; the defaults are those of the design.</summary>
public sealed record AudioMixerOptions
{
    /// <summary>The encoders of the mix; their DTX and the loss they expect are the mixer's own affair.</summary>
    public OpusEncoderOptions Encoder { get; init; } = new();

    /// <summary>Each voice's jitter buffer.</summary>
    public JitterBufferOptions Jitter { get; init; } = new();
}
