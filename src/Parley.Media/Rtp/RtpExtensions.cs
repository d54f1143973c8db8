using System.Buffers.Binary;

namespace Parley.Media.Rtp;

/// <summary>
/// Typed readers of the negotiated header extensions. Each is false when the extension was not negotiated, is not in the
/// packet, or has a value of the wrong size or alphabet.
/// </summary>
public static class RtpExtensions
{
    /// <summary>The longest mid or rid taken: what fits the one-byte form.</summary>
    public const int MaxIdentifierLength = 16;

    private static readonly System.Buffers.SearchValues<byte> TokenBytes = System.Buffers.SearchValues.Create(
        "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    private static readonly System.Buffers.SearchValues<byte> RidBytes = System.Buffers.SearchValues.Create(
        "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>The mid as ASCII, 1–16 bytes of SDP's token alphabet (RFC 9143 §15.2, RFC 8866 §9).</summary>
    public static bool TryGetMid(this scoped in RtpPacket packet, RtpExtensionMap map, out ReadOnlySpan<byte> mid) =>
        packet.TryGetExtension(map[RtpExtensionType.Mid], out mid) && IsIdentifier(mid, TokenBytes);

    /// <summary>
    /// The rid as ASCII, 1–16 letters, digits, '-' or '_': the alphabet of SDP (RFC 8851 §10), wider than that of the
    /// extension (RFC 8852 §3), because a rid counts only when it is one the offer named.
    /// </summary>
    public static bool TryGetRtpStreamId(this scoped in RtpPacket packet, RtpExtensionMap map, out ReadOnlySpan<byte> rid) =>
        packet.TryGetExtension(map[RtpExtensionType.RtpStreamId], out rid) && IsIdentifier(rid, RidBytes);

    /// <summary>The rid that a retransmission repairs, as <see cref="TryGetRtpStreamId"/> (RFC 8852 §3.2).</summary>
    public static bool TryGetRepairedRtpStreamId(this scoped in RtpPacket packet, RtpExtensionMap map, out ReadOnlySpan<byte> rid) =>
        packet.TryGetExtension(map[RtpExtensionType.RepairedRtpStreamId], out rid) && IsIdentifier(rid, RidBytes);

    /// <summary>The audio level (RFC 6464 §3).</summary>
    public static bool TryGetAudioLevel(this scoped in RtpPacket packet, RtpExtensionMap map, out AudioLevel level)
    {
        level = default;
        return packet.TryGetExtension(map[RtpExtensionType.AudioLevel], out var value) && AudioLevel.TryRead(value, out level);
    }

    /// <summary>The transport-wide sequence number: two bytes.</summary>
    public static bool TryGetTransportSequenceNumber(this scoped in RtpPacket packet, RtpExtensionMap map, out ushort sequenceNumber)
    {
        sequenceNumber = 0;
        return packet.TryGetExtension(map[RtpExtensionType.TransportSequenceNumber], out var value) && value.Length == 2
            && BinaryPrimitives.TryReadUInt16BigEndian(value, out sequenceNumber);
    }

    /// <summary>The absolute send time; see <see cref="AbsoluteSendTime"/>.</summary>
    public static bool TryGetAbsoluteSendTime(this scoped in RtpPacket packet, RtpExtensionMap map, out AbsoluteSendTime time)
    {
        time = default;
        return packet.TryGetExtension(map[RtpExtensionType.AbsoluteSendTime], out var value)
            && AbsoluteSendTime.TryRead(value, out time);
    }

    private static bool IsIdentifier(ReadOnlySpan<byte> value, System.Buffers.SearchValues<byte> alphabet) =>
        value.Length is > 0 and <= MaxIdentifierLength && !value.ContainsAnyExcept(alphabet);
}
