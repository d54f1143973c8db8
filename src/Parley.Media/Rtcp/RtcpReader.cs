using System.Buffers.Binary;

namespace Parley.Media.Rtcp;

/// <summary>Why a compound could not be read to its end.</summary>
public enum RtcpReadError : byte
{
    /// <summary>It could.</summary>
    None,

    /// <summary>Fewer than four bytes were left.</summary>
    Truncated,

    /// <summary>The version is not 2.</summary>
    BadVersion,

    /// <summary>The length field reaches past the end of the datagram.</summary>
    LengthBeyondEnd,

    /// <summary>The padding count is zero or larger than the packet.</summary>
    BadPadding,
}

/// <summary>One packet of a compound: its header's fields and its body. Typed readers take it from here.</summary>
public readonly ref struct RtcpPacket
{
    internal RtcpPacket(RtcpPacketType type, byte count, ReadOnlySpan<byte> body)
    {
        Type = type;
        Count = count;
        Body = body;
    }

    /// <summary>The packet type; may be a value the enum does not name.</summary>
    public RtcpPacketType Type { get; }

    /// <summary>The five bits that are a count (RC, SC) or, in feedback, the format (FMT).</summary>
    public byte Count { get; }

    /// <summary>What follows the four-byte header, padding removed. Without padding a multiple of four bytes.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>Whether it is feedback of this type and format with its two SSRCs (RFC 4585 §6.1).</summary>
    internal bool IsFeedback(RtcpPacketType type, byte format, int minimumBodyLength = 8) =>
        Type == type && Count == format && Body.Length >= minimumBodyLength;
}

/// <summary>
/// Walks the packets of a compound (RFC 3550 §6.1) or reduced-size (RFC 5506) RTCP datagram. A malformed packet ends the
/// walk with <see cref="Error"/>; those before it were good. Which packet comes first is not judged, as RFC 5506 allows.
/// </summary>
public ref struct RtcpReader(ReadOnlySpan<byte> compound)
{
    private ReadOnlySpan<byte> _rest = compound;

    /// <summary>Why the walk ended before the end of the datagram.</summary>
    public RtcpReadError Error { get; private set; }

    /// <summary>Steps to the next packet; false at the end or at an error.</summary>
    public bool TryRead(out RtcpPacket packet)
    {
        packet = default;
        if (_rest.IsEmpty)
        {
            return false;
        }

        if (_rest.Length < 4)
        {
            return Fail(RtcpReadError.Truncated);
        }

        var first = _rest[0];
        if (first >> 6 != 2)
        {
            return Fail(RtcpReadError.BadVersion);
        }

        // RFC 3550 §6.4.1: the length counts 32-bit words, minus one.
        var length = (BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]) + 1) * 4;
        if (length > _rest.Length)
        {
            return Fail(RtcpReadError.LengthBeyondEnd);
        }

        var body = _rest[4..length];
        if ((first & 0x20) != 0)
        {
            var padding = body.IsEmpty ? 0 : body[^1];
            if (padding == 0 || padding > body.Length)
            {
                return Fail(RtcpReadError.BadPadding);
            }

            body = body[..^padding];
        }

        packet = new RtcpPacket((RtcpPacketType)_rest[1], (byte)(first & 0x1F), body);
        _rest = _rest[length..];
        return true;
    }

    private bool Fail(RtcpReadError error)
    {
        Error = error;
        _rest = default;
        return false;
    }
}
