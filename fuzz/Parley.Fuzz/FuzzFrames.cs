using System.Buffers.Binary;

namespace Parley.Fuzz;

/// <summary>An input that stands for several datagrams: frames of a big-endian 16-bit length and that many bytes; what is left over is one more.</summary>
internal static class FuzzFrames
{
    public static Queue<byte[]> Read(ReadOnlySpan<byte> input)
    {
        var frames = new Queue<byte[]>();
        while (!input.IsEmpty)
        {
            var framed = input.Length >= 2 && BinaryPrimitives.ReadUInt16BigEndian(input) <= input.Length - 2;
            var length = framed ? BinaryPrimitives.ReadUInt16BigEndian(input) : input.Length;
            input = framed ? input[2..] : input;
            frames.Enqueue(input[..length].ToArray());
            input = input[length..];
        }

        return frames;
    }
}
