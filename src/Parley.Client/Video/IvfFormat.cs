using System.Buffers.Binary;

namespace Parley.Client.Video;

/// <summary>The header of an IVF file: 32 bytes, then frames of 12 bytes and their data.</summary>
internal readonly record struct IvfFormat(int Width, int Height, uint TimebaseNumerator, uint TimebaseDenominator, uint FrameCount)
{
    public const int HeaderLength = 32;
    public const int FrameHeaderLength = 12;

    /// <summary>Where the count of frames lies in the header.</summary>
    public const int FrameCountOffset = 24;

    public void Write(Span<byte> header)
    {
        header.Clear();
        "DKIF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], HeaderLength);
        "VP80"u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteUInt16LittleEndian(header[12..], (ushort)Width);
        BinaryPrimitives.WriteUInt16LittleEndian(header[14..], (ushort)Height);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], TimebaseDenominator);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], TimebaseNumerator);
        BinaryPrimitives.WriteUInt32LittleEndian(header[FrameCountOffset..], FrameCount);
    }

    /// <summary>Reads the header; what is wrong with it, or null.</summary>
    public static string? TryRead(ReadOnlySpan<byte> header, out IvfFormat format, out int headerLength)
    {
        format = default;
        headerLength = 0;
        if (header.Length < HeaderLength || !header.StartsWith("DKIF"u8)) return "it is no IVF file";
        headerLength = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]);
        if (headerLength < HeaderLength) return "its header is cut off";
        if (!header[8..12].SequenceEqual("VP80"u8)) return "it is not VP8";
        format = new IvfFormat(
            BinaryPrimitives.ReadUInt16LittleEndian(header[12..]),
            BinaryPrimitives.ReadUInt16LittleEndian(header[14..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[20..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[FrameCountOffset..]));
        return format.TimebaseNumerator == 0 || format.TimebaseDenominator == 0 ? "it has no measure of time" : null;
    }
}
