namespace Parley.Media.Mixing;

/// <summary>How an <see cref="OpusEncoder"/> encodes.</summary>
public sealed record OpusEncoderOptions
{
    /// <summary>Bits per second, 6,000 … 128,000.</summary>
    public int Bitrate { get; init; } = 32_000;

    /// <summary>CPU against quality, 0 … 10.</summary>
    public int Complexity { get; init; } = 5;

    /// <summary>Whether each packet carries a coarse copy of the audio before it (RFC 6716 §2.1.7).</summary>
    public bool InbandFec { get; init; } = true;

    /// <summary>The loss to prepare for, 0 … 100; with 0 no FEC is written.</summary>
    public int ExpectedLossPercent { get; init; } = 10;

    /// <summary>
    /// Whether what libopus takes for silence becomes packets of one or two bytes that need not be sent (RFC 7587 §3.1.3). It
    /// takes steady tones for background noise too, so a mixer's listener switches this itself: on only in digital silence.
    /// </summary>
    public bool Dtx { get; init; }
}
