using System.Net;
using Parley.Media;
using Parley.Server.TurnHost;

namespace Parley.Server.Tests.TurnHost;

public sealed class OwnMediaTests
{
    private static readonly IPAddress[] Local = [IPAddress.Parse("10.0.0.5"), IPAddress.Loopback];

    [Fact]
    public void Behind_a_nat_media_is_reached_by_loopback_and_answers_as_itself()
    {
        var media = new OwnMedia([IPAddress.Parse("203.0.113.7")], Local, [7000, 7002]);
        Assert.Equal([Address("203.0.113.7", 7000), Address("203.0.113.7", 7002)], media.Addresses);
        Assert.Equal(Address("127.0.0.1", 7002), media.ToWire(Address("203.0.113.7", 7002)));
        Assert.Equal(Address("203.0.113.7", 7002), media.FromWire(Address("127.0.0.1", 7002)));
        Assert.Equal(Address("127.0.0.1", 7000), media.ToWire(Address("203.0.113.7", 7000)));
        Assert.Equal(Address("203.0.113.7", 7000), media.FromWire(Address("127.0.0.1", 7000)));

        // Nothing else is sent elsewhere, and nothing else is taken for media.
        Assert.Equal(Address("203.0.113.7", 7001), media.ToWire(Address("203.0.113.7", 7001)));
        Assert.Equal(Address("127.0.0.1", 7001), media.FromWire(Address("127.0.0.1", 7001)));
    }

    [Theory]
    [InlineData("10.0.0.5", 7000)]
    [InlineData("10.0.0.5,127.0.0.1", 7000)]
    [InlineData("203.0.113.7,127.0.0.1", 7000)]
    [InlineData("203.0.113.7", 0)]
    public void Otherwise_everything_goes_where_it_is_sent(string advertised, int port)
    {
        var addresses = advertised.Split(',').Select(IPAddress.Parse).ToArray();
        var media = new OwnMedia(addresses, Local, port == 0 ? [] : [port]);
        Assert.Equal(port == 0 ? 0 : addresses.Length, media.Addresses.Count);
        foreach (var address in addresses.Append(IPAddress.Loopback))
        {
            var peer = TransportAddress.From(new IPEndPoint(address, port));
            Assert.Equal((peer, peer), (media.ToWire(peer), media.FromWire(peer)));
        }
    }

    private static TransportAddress Address(string ip, int port) => TransportAddress.From(new IPEndPoint(IPAddress.Parse(ip), port));
}
