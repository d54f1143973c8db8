namespace Parley.Media.Mixing;

/// <summary>How an <see cref="AudioMixer"/> works; the defaults are those of the design.</summary>
public sealed record AudioMixerOptions
{
    /// <summary>The encoders of the mix; the loss they expect, and whether they are of CELT alone, are the mixer's own affair.</summary>
    public OpusEncoderOptions Encoder { get; init; } = new();

    /// <summary>How many voices are decoded at once, at least 1: of more who send, the loudest.</summary>
    public int MostVoices { get; init; } = 12;

    /// <summary>Whether voices are brought to one loudness.</summary>
    public bool LevelsVoices { get; init; }

    /// <summary>Each voice's jitter buffer.</summary>
    public JitterBufferOptions Jitter { get; init; } = new();
}
