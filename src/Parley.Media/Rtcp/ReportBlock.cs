using System.Buffers.Binary;

namespace Parley.Media.Rtcp;

/// <summary>What a receiver says of one source (RFC 3550 §6.4.1).</summary>
/// <param name="Ssrc">The source reported on.</param>
/// <param name="FractionLost">Lost since the last report, in 1/256.</param>
/// <param name="CumulativeLost">Lost since the start: −8,388,608 to 8,388,607 (duplicates make it negative).</param>
/// <param name="ExtendedHighestSequence">The highest sequence number, cycles in the upper 16 bits.</param>
/// <param name="Jitter">Interarrival jitter, in units of the payload's clock.</param>
/// <param name="LastSenderReport">LSR: the middle 32 bits of the last SR's NTP time; 0 when there was none.</param>
/// <param name="DelaySinceLastSenderReport">DLSR: since that SR, in 1/65,536 s.</param>
public readonly record struct ReportBlock(
    uint Ssrc,
    byte FractionLost,
    int CumulativeLost,
    uint ExtendedHighestSequence,
    uint Jitter,
    uint LastSenderReport,
    uint DelaySinceLastSenderReport)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Length = 24;

    /// <summary>The most a packet can carry: RC has five bits.</summary>
    public const int MaxCount = 31;

    /// <summary>The largest cumulative loss that 24 signed bits hold.</summary>
    public const int MaxCumulativeLost = 0x7FFFFF;

    /// <summary>The smallest cumulative loss that 24 signed bits hold.</summary>
    public const int MinCumulativeLost = -0x800000;

    /// <summary>
    /// The round trip to the reporter: A − LSR − DLSR, <paramref name="now"/> (A) on the clock that stamped our SRs. Null
    /// when the reporter has seen no SR or the result is negative by more than a millisecond, i.e. the block is nonsense.
    /// </summary>
    public TimeSpan? RoundTripTime(NtpTime now)
    {
        if (LastSenderReport == 0)
        {
            return null;
        }

        // Rounding on both sides can make a tiny round trip negative: within 1 ms (65 units) it counts as zero.
        var units = unchecked((int)(now.Middle32 - LastSenderReport - DelaySinceLastSenderReport));
        return units < -65 ? null : NtpTime.FromCompact((uint)Math.Max(units, 0));
    }

    internal static ReportBlock Read(ReadOnlySpan<byte> block)
    {
        var loss = BinaryPrimitives.ReadUInt32BigEndian(block[4..]);
        return new ReportBlock(
            BinaryPrimitives.ReadUInt32BigEndian(block),
            (byte)(loss >> 24),
            (int)(loss << 8) >> 8,
            BinaryPrimitives.ReadUInt32BigEndian(block[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(block[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(block[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(block[20..]));
    }

    internal void Write(Span<byte> block)
    {
        var lost = Math.Clamp(CumulativeLost, MinCumulativeLost, MaxCumulativeLost);
        BinaryPrimitives.WriteUInt32BigEndian(block, Ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(block[4..], (uint)FractionLost << 24 | ((uint)lost & 0xFFFFFF));
        BinaryPrimitives.WriteUInt32BigEndian(block[8..], ExtendedHighestSequence);
        BinaryPrimitives.WriteUInt32BigEndian(block[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(block[16..], LastSenderReport);
        BinaryPrimitives.WriteUInt32BigEndian(block[20..], DelaySinceLastSenderReport);
    }
}

/// <summary>Walks the report blocks of an SR or RR.</summary>
public ref struct ReportBlockEnumerator
{
    private ReadOnlySpan<byte> _rest;

    internal ReportBlockEnumerator(ReadOnlySpan<byte> blocks)
    {
        _rest = blocks;
        Current = default;
    }

    /// <summary>The block the last <see cref="MoveNext"/> found.</summary>
    public ReportBlock Current { get; private set; }

    /// <summary>This walk, for foreach.</summary>
    public readonly ReportBlockEnumerator GetEnumerator() => this;

    /// <summary>Steps to the next block.</summary>
    public bool MoveNext()
    {
        if (_rest.Length < ReportBlock.Length)
        {
            return false;
        }

        Current = ReportBlock.Read(_rest);
        _rest = _rest[ReportBlock.Length..];
        return true;
    }
}
