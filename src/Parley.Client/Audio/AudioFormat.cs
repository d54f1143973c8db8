namespace Parley.Client.Audio;

/// <summary>The one form PCM has at this library's borders: mono, 48 kHz, frames of 20 ms.</summary>
public static class AudioFormat
{
    /// <summary>Samples in a second.</summary>
    public const int SampleRate = 48_000;

    /// <summary>Samples in a frame.</summary>
    public const int FrameSamples = 960;

    /// <summary>How long a frame lasts.</summary>
    public static readonly TimeSpan FrameDuration = TimeSpan.FromMilliseconds(20);
}
