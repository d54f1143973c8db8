using System.Buffers.Binary;

namespace Parley.Media.Turn;

/// <summary>
/// A ChannelData message (RFC 8656 §12.4): a channel number, a length and the data, four bytes more than the data where a
/// Send indication takes 36. Over UDP it needs no padding, and what follows the data is ignored (§12.5).
/// </summary>
public static class ChannelData
{
    /// <summary>Number and length.</summary>
    public const int HeaderLength = 4;

    /// <summary>The lowest channel number (RFC 8656 §12).</summary>
    public const ushort MinChannel = 0x4000;

    /// <summary>The highest channel number.</summary>
    public const ushort MaxChannel = 0x4FFF;

    /// <summary>The highest of RFC 5766 §11, which clients of that time still choose from; the rest of the range is now for others.</summary>
    public const ushort MaxOldChannel = 0x7FFE;

    /// <summary>Whether the first byte is that of a ChannelData message: 64–79 (RFC 7983 §7).</summary>
    public static bool LooksLikeChannelData(ReadOnlySpan<byte> datagram) => datagram is [>= 64 and <= 79, ..];

    /// <summary>The same with the numbers of RFC 5766, for a server's port, where nothing else is received: 64–127.</summary>
    public static bool LooksLikeOldChannelData(ReadOnlySpan<byte> datagram) => datagram is [>= 64 and <= 127, ..];

    /// <summary>Reads a message; false when it is none or its length goes beyond the datagram.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out ushort channel, out ReadOnlySpan<byte> data)
    {
        channel = 0;
        data = default;
        return LooksLikeChannelData(datagram) && TryReadOld(datagram, out channel, out data);
    }

    /// <summary>Reads a message whose number may be one of RFC 5766.</summary>
    public static bool TryReadOld(ReadOnlySpan<byte> datagram, out ushort channel, out ReadOnlySpan<byte> data)
    {
        channel = 0;
        data = default;
        if (datagram.Length < HeaderLength || !LooksLikeOldChannelData(datagram))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (length > datagram.Length - HeaderLength)
        {
            return false;
        }

        channel = BinaryPrimitives.ReadUInt16BigEndian(datagram);
        data = datagram.Slice(HeaderLength, length);
        return true;
    }

    /// <summary>Writes a message and returns its length: <see cref="HeaderLength"/> more than the data's.</summary>
    public static int Write(Span<byte> destination, ushort channel, ReadOnlySpan<byte> data)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, channel);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], checked((ushort)data.Length));
        data.CopyTo(destination[HeaderLength..]);
        return HeaderLength + data.Length;
    }
}
