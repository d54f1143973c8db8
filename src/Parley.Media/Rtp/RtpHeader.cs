using System.Buffers.Binary;

namespace Parley.Media.Rtp;

/// <summary>
/// The fixed part of an RTP header (RFC 3550 §5.1), patched in place: what a rewriter changes on a packet it has parsed.
/// Every setter wants at least <see cref="MinimumLength"/> bytes.
/// </summary>
public static class RtpHeader
{
    /// <summary>Bytes of a header without CSRCs and extension.</summary>
    public const int MinimumLength = 12;

    /// <summary>The only RTP and RTCP version there is.</summary>
    public const int Version = 2;

    /// <summary>
    /// Whether a datagram of the RTP range (first byte 128–191, RFC 7983 §7) is RTCP: its second byte is 192–223, which
    /// no RTP payload type with RTP/RTCP multiplexing may produce (RFC 5761 §4).
    /// </summary>
    public static bool IsRtcp(ReadOnlySpan<byte> packet) => packet.Length >= 2 && packet[0] >> 6 == Version && packet[1] is >= 192 and <= 223;

    /// <summary>Sets the marker bit.</summary>
    public static void SetMarker(Span<byte> packet, bool marker) => packet[1] = (byte)((packet[1] & 0x7F) | (marker ? 0x80 : 0));

    /// <summary>Sets the payload type, 0–127; the marker stays.</summary>
    public static void SetPayloadType(Span<byte> packet, byte payloadType) =>
        packet[1] = (byte)((packet[1] & 0x80) | (payloadType & 0x7F));

    /// <summary>Sets the sequence number.</summary>
    public static void SetSequenceNumber(Span<byte> packet, ushort sequenceNumber) =>
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], sequenceNumber);

    /// <summary>Sets the timestamp, in units of the payload's clock.</summary>
    public static void SetTimestamp(Span<byte> packet, uint timestamp) =>
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], timestamp);

    /// <summary>Sets the SSRC.</summary>
    public static void SetSsrc(Span<byte> packet, uint ssrc) => BinaryPrimitives.WriteUInt32BigEndian(packet[8..], ssrc);
}
