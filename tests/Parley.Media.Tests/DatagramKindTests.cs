namespace Parley.Media.Tests;

public sealed class DatagramKindTests
{
    [Fact]
    public void The_first_byte_tells_the_protocol()
    {
        for (var first = 0; first < 256; first++)
        {
            var expected = first switch
            {
                < 4 => DatagramKind.Stun,
                >= 20 and < 64 => DatagramKind.Dtls,
                >= 128 and < 192 => DatagramKind.RtpOrRtcp,
                _ => DatagramKind.Unknown,
            };
            Assert.Equal(expected, Datagrams.Classify([(byte)first, 0]));
        }

        Assert.Equal(DatagramKind.Unknown, Datagrams.Classify([]));
    }

    [Theory]
    [InlineData(191, false)]
    [InlineData(192, true)]
    [InlineData(200, true)]
    [InlineData(206, true)]
    [InlineData(223, true)]
    [InlineData(224, false)]
    [InlineData(96, false)]
    [InlineData(111 | 0x80, false)]
    public void The_second_byte_tells_RTCP_from_RTP(byte second, bool rtcp) => Assert.Equal(rtcp, Datagrams.IsRtcp([0x80, second]));

    [Fact]
    public void A_datagram_of_one_byte_is_not_RTCP() => Assert.False(Datagrams.IsRtcp([0x80]));
}
