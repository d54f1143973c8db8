using CsCheck;
using Parley.Media.Stun;
using Parley.Media.Turn;

namespace Parley.Media.Tests.Turn;

public sealed class TurnFramesTests
{
    [Fact]
    public void Messages_are_found_again_in_a_stream_however_it_is_cut()
    {
        (from messages in Gen.OneOf(Gen.Byte.Array[0, 300].Select(InChannel), Gen.Byte.Array[0, 300].Select(InMessage)).Array[1, 8]
         from cuts in Gen.Int[1, 40].Array[1, 5]
         select (messages, cuts)).Sample(stream =>
        {
            byte[] bytes = [.. stream.messages.SelectMany(message => message.Concat(new byte[(4 - message.Length % 4) % 4]))];
            var (start, end, turn, found) = (0, 0, 0, new List<byte[]>());
            while (end < bytes.Length)
            {
                end = Math.Min(bytes.Length, end + stream.cuts[turn++ % stream.cuts.Length]);
                while (true)
                {
                    var part = bytes.AsSpan(start, end - start);
                    Assert.True(TurnFrames.CanBegin(part));
                    if (!TurnFrames.TryMeasure(part, out var message, out var frame) || frame > part.Length) break;
                    found.Add(part[..message].ToArray());
                    start += frame;
                }
            }

            Assert.Equal(stream.messages, found);
        });
    }

    [Theory]
    [InlineData("04")]
    [InlineData("80000000")]
    [InlineData("3F")]
    [InlineData("16030100")]
    [InlineData("00010001")]
    [InlineData("00010800")]
    [InlineData("000100002112A443")]
    public void What_is_no_message_ends_the_stream(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.False(TurnFrames.CanBegin(bytes));
        Assert.False(TurnFrames.TryMeasure(bytes, out _, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("400000")]
    [InlineData("000107")]
    public void A_beginning_is_waited_with(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.True(TurnFrames.CanBegin(bytes));
        Assert.False(TurnFrames.TryMeasure(bytes, out _, out _));
    }

    private static byte[] InChannel(byte[] data)
    {
        var buffer = new byte[data.Length + 4];
        ChannelData.Write(buffer, 0x4000, data);
        return buffer;
    }

    private static byte[] InMessage(byte[] data)
    {
        var writer = new StunWriter(new byte[1024], StunClass.Indication, StunMethod.Send, new byte[12]);
        writer.WriteData(data);
        return writer.Written.ToArray();
    }
}
