using System.Buffers.Binary;

namespace Parley.Media.Rtp;

/// <summary>
/// Retransmissions as a stream of their own (RFC 4588 §4): the header of the original packet with the SSRC, payload type and sequence
/// number of the retransmission stream, then the original sequence number (OSN), then the original payload.
/// </summary>
public static class RtxPacket
{
    /// <summary>Bytes that a retransmission is longer than the original.</summary>
    public const int Overhead = 2;

    /// <summary>
    /// Makes the original out of a retransmission, in its own bytes. False when it is no RTP packet or carries no original sequence number:
    /// browsers probe with padding on this stream.
    /// </summary>
    /// <param name="retransmission">The packet; changed when true.</param>
    /// <param name="payloadType">Of the original: the apt of the retransmission's.</param>
    /// <param name="ssrc">Of the original.</param>
    /// <param name="original">The original, a part of <paramref name="retransmission"/>.</param>
    public static bool TryRestore(Span<byte> retransmission, byte payloadType, uint ssrc, out Span<byte> original)
    {
        original = default;
        if (!RtpPacket.TryParse(retransmission, out var packet) || packet.Payload.Length < Overhead) return false;
        var sequenceNumber = BinaryPrimitives.ReadUInt16BigEndian(packet.Payload);
        original = retransmission[Overhead..];
        retransmission[..packet.HeaderLength].CopyTo(original);
        Address(original, payloadType, sequenceNumber, ssrc);
        return true;
    }

    /// <summary>Writes the retransmission of a packet that has been sent; returns its length.</summary>
    /// <param name="original">The packet as it was sent; it may be the start of <paramref name="destination"/>.</param>
    /// <param name="payloadType">Of retransmissions.</param>
    /// <param name="sequenceNumber">The next of the retransmission stream.</param>
    /// <param name="ssrc">Of the retransmission stream.</param>
    /// <param name="destination">At least <see cref="Overhead"/> longer than the original.</param>
    /// <exception cref="ArgumentException">The original is no RTP packet, or the destination is too short.</exception>
    public static int Write(ReadOnlySpan<byte> original, byte payloadType, ushort sequenceNumber, uint ssrc, Span<byte> destination)
    {
        if (!RtpPacket.TryParse(original, out var packet)) throw new ArgumentException("The original is no RTP packet.", nameof(original));
        var (length, header) = (original.Length + Overhead, packet.HeaderLength);
        if (destination.Length < length) throw new ArgumentException("The destination is too short.", nameof(destination));
        var originalSequenceNumber = packet.SequenceNumber;

        // The end first: the two may overlap.
        original[header..].CopyTo(destination[(header + Overhead)..]);
        original[..header].CopyTo(destination);
        BinaryPrimitives.WriteUInt16BigEndian(destination[header..], originalSequenceNumber);
        Address(destination, payloadType, sequenceNumber, ssrc);
        return length;
    }

    private static void Address(Span<byte> packet, byte payloadType, ushort sequenceNumber, uint ssrc)
    {
        packet[1] = (byte)(packet[1] & 0x80 | payloadType);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], ssrc);
    }
}
