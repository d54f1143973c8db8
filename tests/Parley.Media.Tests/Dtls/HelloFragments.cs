using System.Buffers.Binary;

namespace Parley.Media.Tests.Dtls;

/// <summary>Cuts a one-record ClientHello datagram into fragments of any shape, one datagram each.</summary>
internal static class HelloFragments
{
    public static IEnumerable<byte[]> Cut(byte[] datagram, params (int Start, int End)[] ranges)
    {
        var body = datagram.AsSpan(25).ToArray();
        // Ahead of the client's own next records, yet near enough that the replay window still takes those.
        var sequence = 20;
        foreach (var (start, end) in ranges)
        {
            yield return Fragment(datagram, body, start, Math.Min(end, body.Length), sequence++);
        }
    }

    /// <summary>One fragment, with the whole length written as <paramref name="declared"/> when given.</summary>
    public static byte[] Fragment(byte[] datagram, byte[] body, int start, int end, int sequence, int? declared = null)
    {
        var record = new byte[25 + end - start];
        datagram.AsSpan(0, 25).CopyTo(record);
        BinaryPrimitives.WriteInt32BigEndian(record.AsSpan(7), sequence);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(11), (ushort)(record.Length - 13));
        WriteUInt24(record.AsSpan(14), declared ?? body.Length);
        WriteUInt24(record.AsSpan(19), start);
        WriteUInt24(record.AsSpan(22), end - start);
        body.AsSpan(start, end - start).CopyTo(record.AsSpan(25));
        return record;
    }

    private static void WriteUInt24(Span<byte> bytes, int value)
    {
        bytes[0] = (byte)(value >> 16);
        bytes[1] = (byte)(value >> 8);
        bytes[2] = (byte)value;
    }
}
