using CsCheck;
using Parley.Media.Framing;

namespace Parley.Media.Tests.Framing;

/// <summary>RFC 4571: datagrams in a byte stream, however the network cuts it.</summary>
public sealed class FrameReaderTests
{
    [Fact]
    public void Two_frames_cut_at_every_byte_come_out_the_same()
    {
        byte[][] sent = [[1, 2, 3], [.. Enumerable.Range(0, 300).Select(i => (byte)i)]];
        var stream = Frames.Write(sent);
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            var reader = new FrameReader();
            var read = Frames.Feed(reader, stream.AsSpan(0, cut), out _);
            read.AddRange(Frames.Feed(reader, stream.AsSpan(cut), out _));
            Assert.Equal(sent, read);
        }
    }

    [Fact]
    public void Byte_by_byte_it_is_the_same_too()
    {
        byte[][] sent = [[0xFF], new byte[FrameReader.MaxFrameLength], [], [1, 2]];
        var reader = new FrameReader();
        var read = new List<byte[]>();
        foreach (var one in Frames.Write(sent)) read.AddRange(Frames.Feed(reader, [one], out _));
        Assert.Equal(sent.Where(frame => frame.Length > 0), read);
    }

    [Fact]
    public void A_frame_longer_than_any_of_ours_is_told_before_its_bytes_come()
    {
        var reader = new FrameReader();
        Assert.Empty(Frames.Feed(reader, [0x08, 0x01], out var ended));
        Assert.Equal(FrameRead.TooLong, ended);
        Assert.Empty(Frames.Feed(reader, [1, 2, 3], out ended));
        Assert.Equal(FrameRead.TooLong, ended);
    }

    [Fact]
    public void A_frame_before_one_that_is_too_long_is_still_read()
    {
        var reader = new FrameReader();
        Assert.Equal([7], Assert.Single(Frames.Feed(reader, [0, 1, 7, 0xFF, 0xFF], out var ended)));
        Assert.Equal(FrameRead.TooLong, ended);
    }

    /// <summary>Whatever comes, there is room for more once everything whole was read, and the buffer never grows.</summary>
    [Fact]
    public void There_is_always_room() =>
        Gen.Byte.Array[0, 3_000].Array[0, 8].Sample(chunks =>
        {
            var reader = new FrameReader();
            foreach (var chunk in chunks)
            {
                Frames.Feed(reader, chunk, out var ended);
                if (ended == FrameRead.TooLong) return;
                Assert.True(reader.GetFree().Length > 0);
            }
        });

    [Fact]
    public void What_is_written_is_read_however_it_is_cut() =>
        Gen.Select(Gen.Byte.Array[0, 2_048].Array[0, 10], Gen.Int[1, 5_000].Array[1, 10]).Sample((sent, cuts) =>
        {
            var stream = Frames.Write(sent);
            var reader = new FrameReader();
            var read = new List<byte[]>();
            for (var (at, i) = (0, 0); at < stream.Length; i++)
            {
                var count = Math.Min(cuts[i % cuts.Length], stream.Length - at);
                read.AddRange(Frames.Feed(reader, stream.AsSpan(at, count), out _));
                at += count;
            }

            Assert.Equal(sent.Where(frame => frame.Length > 0), read);
        });

    [Fact]
    public void More_than_there_is_room_for_is_our_own_mistake()
    {
        var reader = new FrameReader();
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Advance(reader.GetFree().Length + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Advance(-1));
    }
}
