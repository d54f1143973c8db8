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
    /// Whether what is encoded is called music, for which libopus takes CELT alone from 18 kb/s on (RFC 6716 §2.1): a third of the work, and without
    /// in-band FEC, which is SILK's. Where loss is expected, FEC comes first.
    /// </summary>
    public bool CeltOnly { get; init; }
}
