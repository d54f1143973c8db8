using System.Buffers.Binary;
using Parley.Media.Stun;

namespace Parley.Media.Turn;

/// <summary>
/// Where messages end in a byte stream (RFC 8489 §6.2.2, RFC 8656 §12.5): both kinds carry their length, and ChannelData is padded
/// to four bytes there.
/// </summary>
public static class TurnFrames
{
    /// <summary>Bytes that tell how long a message is.</summary>
    public const int PrefixLength = 4;

    /// <summary>Reads how long the next message is.</summary>
    /// <param name="bytes">What has come, from a message's first byte on.</param>
    /// <param name="message">The message's length, when true.</param>
    /// <param name="frame">What it takes of the stream: with its padding at most 65,540 bytes.</param>
    /// <returns>False when it cannot be told: see <see cref="CanBegin"/> for whether more bytes would help.</returns>
    public static bool TryMeasure(ReadOnlySpan<byte> bytes, out int message, out int frame)
    {
        message = frame = 0;
        if (bytes.Length < PrefixLength || !CanBegin(bytes))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        message = (ChannelData.LooksLikeOldChannelData(bytes) ? ChannelData.HeaderLength : StunMessage.HeaderLength) + length;
        frame = (message + 3) & ~3;
        return true;
    }

    /// <summary>
    /// Whether a message can begin so: ChannelData, or STUN of a length that STUN has, as far as there is something to look at. When
    /// not, nobody knows where the next one begins, and the stream is of no use.
    /// </summary>
    public static bool CanBegin(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || ChannelData.LooksLikeOldChannelData(bytes))
        {
            return true;
        }

        if (bytes[0] > 3)
        {
            return false;
        }

        if (bytes.Length >= PrefixLength
            && (BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) is var length
                && (length % 4 != 0 || length > StunMessage.MaxLength - StunMessage.HeaderLength)))
        {
            return false;
        }

        return bytes.Length < 8 || BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) == StunMessage.MagicCookie;
    }
}
