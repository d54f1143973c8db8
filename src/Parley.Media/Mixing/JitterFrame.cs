namespace Parley.Media.Mixing;

/// <summary>What a <see cref="JitterBuffer"/> wants played next.</summary>
public enum JitterFrameKind
{
    /// <summary>Nothing is known of the sender, or nothing came for long: silence.</summary>
    Empty,

    /// <summary>Decode the payload.</summary>
    Packet,

    /// <summary>A packet is lost but the payload, which follows it, carries a copy: decode that (in-band FEC).</summary>
    Fec,

    /// <summary>A packet is lost or late: conceal.</summary>
    Lost,

    /// <summary>The sender is in DTX: comfort noise. Not a loss.</summary>
    Gap,
}

/// <summary>One stretch of audio to play; the payload lives in the jitter buffer until its next call.</summary>
public readonly ref struct JitterFrame
{
    /// <summary>What to do.</summary>
    public JitterFrameKind Kind { get; init; }

    /// <summary>How many samples this frame fills: of a packet all of it, before the skip; never more than 5,760.</summary>
    public int Samples { get; init; }

    /// <summary>How many of the packet's first samples are too late to be played.</summary>
    public int Skip { get; init; }

    /// <summary>Whether audio was left out before this frame: splice, do not butt.</summary>
    public bool IsSplice { get; init; }

    /// <summary>The packet to decode; for <see cref="JitterFrameKind.Fec"/> the one that follows the loss.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }
}
