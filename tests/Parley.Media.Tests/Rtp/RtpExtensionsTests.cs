using CsCheck;
using Parley.Media.Rtp;

namespace Parley.Media.Tests.Rtp;

public sealed class RtpExtensionsTests
{
    private static readonly RtpExtensionMap Map = new()
    {
        [RtpExtensionType.Mid] = 1,
        [RtpExtensionType.RtpStreamId] = 2,
        [RtpExtensionType.RepairedRtpStreamId] = 3,
        [RtpExtensionType.AudioLevel] = 4,
        [RtpExtensionType.TransportSequenceNumber] = 5,
        [RtpExtensionType.AbsoluteSendTime] = 6,
        [RtpExtensionType.DependencyDescriptor] = 7,
        [RtpExtensionType.VideoLayersAllocation] = 8,
    };

    [Fact]
    public void Reads_every_type()
    {
        var bytes = Packet((1, "m2"u8.ToArray()), (2, "f"u8.ToArray()), (3, "h-1"u8.ToArray()), (4, [0x80 | 30]), (5, [0xAB, 0xCD]), (6, [0x04, 0x00, 0x00]));
        Assert.True(RtpPacket.TryParse(bytes, out var packet));

        Assert.True(packet.TryGetMid(Map, out var mid));
        Assert.Equal("m2"u8, mid);
        Assert.True(packet.TryGetRtpStreamId(Map, out var rid));
        Assert.Equal("f"u8, rid);
        Assert.True(packet.TryGetRepairedRtpStreamId(Map, out var repaired));
        Assert.Equal("h-1"u8, repaired);
        Assert.True(packet.TryGetAudioLevel(Map, out var level));
        Assert.Equal(new AudioLevel(true, 30), level);
        Assert.True(packet.TryGetTransportSequenceNumber(Map, out var sequenceNumber));
        Assert.Equal(0xABCD, sequenceNumber);
        Assert.True(packet.TryGetAbsoluteSendTime(Map, out var time));
        Assert.Equal(TimeSpan.FromSeconds(1), time.ToTimeSpan());
    }

    [Fact]
    public void What_was_not_negotiated_is_not_read()
    {
        Assert.True(RtpPacket.TryParse(Packet((1, "m2"u8.ToArray())), out var packet));

        Assert.False(packet.TryGetMid(new RtpExtensionMap(), out _));
        Assert.False(packet.TryGetRtpStreamId(Map, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("a\u0001")]
    [InlineData("seventeen-letters")]
    [InlineData("ä")]
    public void Refuses_a_mid_that_is_no_short_token(string mid)
    {
        Assert.True(RtpPacket.TryParse(Packet((1, System.Text.Encoding.UTF8.GetBytes(mid))), out var packet));

        Assert.False(packet.TryGetMid(Map, out _));
    }

    [Fact]
    public void Refuses_values_of_the_wrong_size()
    {
        Assert.True(RtpPacket.TryParse(Packet((2, "a.b"u8.ToArray()), (4, [1, 2, 3]), (5, [1]), (6, [1, 2])), out var packet));

        Assert.False(packet.TryGetRtpStreamId(Map, out _));
        Assert.False(packet.TryGetAudioLevel(Map, out _));
        Assert.False(packet.TryGetTransportSequenceNumber(Map, out _));
        Assert.False(packet.TryGetAbsoluteSendTime(Map, out _));
    }

    [Fact]
    public void Uris_and_types_map_both_ways()
    {
        foreach (var type in Enum.GetValues<RtpExtensionType>())
        {
            Assert.True(RtpExtensionUris.TryGetType(RtpExtensionUris.Get(type), out var found));
            Assert.Equal(type, found);
            Assert.True(Map.TryGetType(Map[type], out var byId));
            Assert.Equal(type, byId);
        }

        Assert.False(RtpExtensionUris.TryGetType("urn:ietf:params:rtp-hdrext:toffset", out _));
        Assert.False(Map.TryGetType(0, out _));
        Assert.False(Map.TryGetType(9, out _));
    }

    [Fact]
    public void An_audio_level_survives_writing()
    {
        Gen.Select(Gen.Bool, Gen.Byte[0, 127]).Sample((voice, level) =>
        {
            Span<byte> value = stackalloc byte[AudioLevel.Length];
            new AudioLevel(voice, level).Write(value);
            Assert.True(AudioLevel.TryRead(value, out var read));
            Assert.Equal(new AudioLevel(voice, level), read);
        });
    }

    [Fact]
    public void An_absolute_send_time_survives_writing_and_time_to_within_its_resolution()
    {
        Gen.Select(Gen.UInt[0, 0xFFFFFF], Gen.Long[0, TimeSpan.TicksPerDay]).Sample((bits, ticks) =>
        {
            Span<byte> value = stackalloc byte[AbsoluteSendTime.Length];
            new AbsoluteSendTime(bits).Write(value);
            Assert.True(AbsoluteSendTime.TryRead(value, out var read));
            Assert.Equal(bits, read.Value);
            Assert.Equal(read, AbsoluteSendTime.From(read.ToTimeSpan()));

            var now = new TimeSpan(ticks);
            var later = AbsoluteSendTime.From(now + TimeSpan.FromSeconds(3));
            Assert.InRange(later.Since(AbsoluteSendTime.From(now)), TimeSpan.FromSeconds(2.99999), TimeSpan.FromSeconds(3.00001));
            Assert.InRange(AbsoluteSendTime.From(now).Since(later), TimeSpan.FromSeconds(-3.00001), TimeSpan.FromSeconds(-2.99999));
        });
    }

    private static byte[] Packet(params ReadOnlySpan<Element> elements)
    {
        var writer = new RtpWriter(new byte[200]);
        writer.WriteHeader(96, false, 1, 2, 3);
        writer.BeginExtensions();
        foreach (var element in elements)
        {
            Assert.True(writer.AddExtension(element.Id, element.Value));
        }

        writer.EndExtensions();
        return writer.Written.ToArray();
    }

    private readonly record struct Element(byte Id, byte[] Value)
    {
        public static implicit operator Element((int Id, byte[] Value) pair) => new((byte)pair.Id, pair.Value);
    }
}
