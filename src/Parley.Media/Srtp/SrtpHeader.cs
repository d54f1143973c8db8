using System.Buffers.Binary;

namespace Parley.Media.Srtp;

/// <summary>The little of RTP and RTCP headers that SRTP needs: where the clear part ends and whose packet it is.</summary>
internal static class SrtpHeader
{
    /// <summary>RTP's fixed header, before CSRCs and extension.</summary>
    public const int RtpFixedLength = 12;

    /// <summary>The first header and SSRC of an RTCP compound, which SRTCP leaves clear (RFC 3711 §3.4).</summary>
    public const int RtcpClearLength = 8;

    private const int Version = 2;

    /// <summary>Finds where the payload starts: after fixed header, CSRCs and extension (RFC 3550 §5.1, §5.3.1).</summary>
    /// <param name="packet">The packet without tag.</param>
    /// <param name="headerLength">12 or more, at most the packet's length.</param>
    /// <returns>False when the version is not 2 or the header goes beyond the packet.</returns>
    public static bool TryGetRtpHeaderLength(ReadOnlySpan<byte> packet, out int headerLength)
    {
        headerLength = 0;
        if (packet.Length < RtpFixedLength || packet[0] >> 6 != Version)
        {
            return false;
        }

        var length = RtpFixedLength + (4 * (packet[0] & 0x0F));
        if ((packet[0] & 0x10) != 0)
        {
            if (packet.Length < length + 4)
            {
                return false;
            }

            length += 4 + (4 * BinaryPrimitives.ReadUInt16BigEndian(packet[(length + 2)..]));
        }

        headerLength = length;
        return length <= packet.Length;
    }

    /// <summary>Whether this can be the start of an RTCP compound.</summary>
    public static bool IsRtcp(ReadOnlySpan<byte> packet) => packet.Length >= RtcpClearLength && packet[0] >> 6 == Version;

    public static ushort RtpSequence(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);

    public static uint RtpSsrc(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);

    public static uint RtcpSsrc(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
}
