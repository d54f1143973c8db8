using System.Runtime.InteropServices;
using CsCheck;
using Parley.Sockets;

namespace Parley.Client.Tests.Sockets;

public sealed class ControlMessageReaderTests
{
    private static readonly int HeaderLength = nint.Size + 8;

    [Fact]
    public void Reads_one_after_the_other_each_on_a_words_border()
    {
        byte[] control = [.. Message(17, 104, [1, 2, 3, 4]), .. Message(1, 35, new byte[16]), .. Message(5, 6, [])];
        var reader = new ControlMessageReader(control);
        Assert.True(reader.TryRead(out var level, out var type, out var data));
        Assert.Equal((17, 104), (level, type));
        Assert.Equal([1, 2, 3, 4], data.ToArray());
        Assert.True(reader.TryRead(out level, out type, out data));
        Assert.Equal((1, 35, 16), (level, type, data.Length));
        Assert.True(reader.TryRead(out level, out type, out data));
        Assert.Equal((5, 6, 0), (level, type, data.Length));
        Assert.False(reader.TryRead(out _, out _, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(1_000)]
    public void A_length_that_cannot_be_is_the_end(int length)
    {
        var control = Message(17, 104, [1, 2, 3, 4]);
        MemoryMarshal.Write(control, (nint)length);
        Assert.False(new ControlMessageReader(control).TryRead(out _, out _, out _));
    }

    [Fact]
    public void Any_bytes_come_to_an_end() =>
        Gen.Byte[0, 40].Array[0, 64].Sample(bytes =>
        {
            var reader = new ControlMessageReader(bytes);
            var count = 0;
            while (reader.TryRead(out _, out _, out var data))
            {
                Assert.InRange(data.Length, 0, bytes.Length);
                count++;
            }

            Assert.InRange(count, 0, bytes.Length / HeaderLength);
        });

    private static byte[] Message(int level, int type, byte[] data)
    {
        var length = HeaderLength + data.Length;
        var message = new byte[(length + nint.Size - 1) / nint.Size * nint.Size];
        MemoryMarshal.Write(message, (nint)length);
        MemoryMarshal.Write(message.AsSpan(nint.Size), level);
        MemoryMarshal.Write(message.AsSpan(nint.Size + 4), type);
        data.CopyTo(message, HeaderLength);
        return message;
    }
}
