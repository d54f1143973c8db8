using System.Net;
using Parley.Media;
using Parley.Server.MediaHost;

namespace Parley.Server.Tests.MediaHost;

public sealed class AdvertisedCandidatesTests
{
    private static readonly IPAddress[] Inside = [IPAddress.Parse("192.168.1.2"), IPAddress.Parse("2001:db8::2")];

    [Fact]
    public void Each_address_is_told_over_UDP_and_below_all_of_those_over_TCP()
    {
        var told = AdvertisedCandidates.Of(Inside, 7000, 7001, null);
        Assert.Equal(
            ["192.168.1.2 7000 typ host", "2001:db8::2 7000 typ host", "192.168.1.2 7001 typ host tcptype passive", "2001:db8::2 7001 typ host tcptype passive"],
            told.Select(candidate => string.Join(' ', candidate.ToSdpValue().Split(' ')[4..])));
        Assert.Equal(told.OrderByDescending(candidate => candidate.Priority), told);
        Assert.Equal(told.Count, told.Select(candidate => candidate.Priority).Distinct().Count());
        Assert.Equal(2, AdvertisedCandidates.Of(Inside, 7000, null, null).Count);
    }

    [Theory]
    [InlineData(7000, 6)]
    [InlineData(40_000, 5)]
    public void What_a_STUN_server_saw_is_one_more_and_one_over_TCP_when_the_port_was_kept(ushort mappedPort, int count)
    {
        var told = AdvertisedCandidates.Of(Inside, 7000, 7001, TransportAddress.FromIPv4(0xCB007105, mappedPort));
        Assert.Equal(count, told.Count);
        Assert.Contains($" udp {told[2].Priority} 203.0.113.5 {mappedPort} typ host", told[2].ToSdpValue(), StringComparison.Ordinal);
        Assert.Equal(count == 6, told[^1].ToSdpValue().EndsWith("203.0.113.5 7001 typ host tcptype passive", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_NAT_there_is_nothing_to_add() =>
        Assert.Equal(4, AdvertisedCandidates.Of(Inside, 7000, 7001, TransportAddress.FromIPv4(0xC0A80102, 7000)).Count);

    [Fact]
    public void A_machine_with_hundreds_of_addresses_makes_no_answer_too_long()
    {
        var many = Enumerable.Range(0, 500).Select(i => new IPAddress([10, 0, (byte)(i >> 8), (byte)i])).ToList();
        Assert.InRange(AdvertisedCandidates.Of(many, 7000, 7001, TransportAddress.FromIPv4(0xCB007105, 7000)).Count, 100, 200);
    }
}
