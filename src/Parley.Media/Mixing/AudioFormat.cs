namespace Parley.Media.Mixing;

/// <summary>The one format inside the mixer: 48 kHz mono float, nominally within ±1, in ticks of 20 ms.</summary>
public static class AudioFormat
{
    /// <summary>Samples per second; also the RTP clock of Opus whatever its bandwidth (RFC 7587 §4.1).</summary>
    public const int SampleRate = 48_000;

    /// <summary>Samples of one mixer tick: 20 ms.</summary>
    public const int FrameSamples = 960;

    /// <summary>Samples of the longest Opus packet: 120 ms (RFC 6716 §3.2.5).</summary>
    public const int MaxPacketSamples = 5_760;

    /// <summary>Bytes of the largest Opus payload taken from the network: what one Ethernet frame can carry.</summary>
    public const int MaxPacketBytes = 1_500;

    /// <summary>Bytes of the largest 20 ms packet: one table-of-contents byte and one frame (RFC 6716 §3.2.1).</summary>
    public const int MaxEncodedBytes = 1_276;

    /// <summary>Samples of a splice or a fade: 5 ms, too short to be heard as one and long enough not to click.</summary>
    public const int FadeSamples = 240;

    /// <summary>Every Opus length is a whole number of these: 2.5 ms.</summary>
    internal const int PlcStep = 120;

    /// <summary>The mixer's tick.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    /// <summary>The duration of a number of samples; exact to 100 ns.</summary>
    internal static long Ticks(long samples) => samples * 625 / 3;

    /// <summary>The samples of a duration.</summary>
    internal static long Samples(long ticks) => ticks * 3 / 625;
}
