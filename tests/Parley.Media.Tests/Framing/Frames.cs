using System.Buffers.Binary;
using Parley.Media.Framing;

namespace Parley.Media.Tests.Framing;

/// <summary>Streams of frames, written as plainly as RFC 4571 says it.</summary>
internal static class Frames
{
    public static byte[] Write(IEnumerable<byte[]> frames)
    {
        var stream = new MemoryStream();
        Span<byte> header = stackalloc byte[2];
        foreach (var frame in frames)
        {
            BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)frame.Length);
            stream.Write(header);
            stream.Write(frame);
        }

        return stream.ToArray();
    }

    /// <summary>Gives a reader bytes as a socket would, as many at a time as it has room for, and reads what is whole.</summary>
    public static List<byte[]> Feed(FrameReader reader, ReadOnlySpan<byte> bytes, out FrameRead ended)
    {
        var read = new List<byte[]>();
        ended = Read(reader, read);
        while (!bytes.IsEmpty && ended != FrameRead.TooLong)
        {
            var free = reader.GetFree().Span;
            var count = Math.Min(free.Length, bytes.Length);
            bytes[..count].CopyTo(free);
            reader.Advance(count);
            bytes = bytes[count..];
            ended = Read(reader, read);
        }

        return read;
    }

    private static FrameRead Read(FrameReader reader, List<byte[]> read)
    {
        FrameRead result;
        while ((result = reader.Read(out var frame)) == FrameRead.Frame) read.Add(frame.ToArray());
        return result;
    }
}
