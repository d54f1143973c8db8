using System.Net;
using Parley.Media;
using Parley.Server.TurnHost;

namespace Parley.Server.Tests.TurnHost;

public sealed class RelayAddressesTests
{
    private static readonly TransportAddress Client = TransportAddress.From(new IPEndPoint(IPAddress.Loopback, 4000));

    [Theory]
    [InlineData("192.0.2.1,198.51.100.1,127.0.0.1", "198.51.100.1", false, "198.51.100.1")]
    [InlineData("192.0.2.1,198.51.100.1,127.0.0.1", "::ffff:198.51.100.1", false, "198.51.100.1")]
    [InlineData("192.0.2.1,127.0.0.1", null, false, "127.0.0.1")]
    [InlineData("203.0.113.7", "10.0.0.5", false, "203.0.113.7")]
    [InlineData("127.0.0.1,203.0.113.7", "10.0.0.5", false, "203.0.113.7")]
    [InlineData("127.0.0.1", "10.0.0.5", false, "127.0.0.1")]
    [InlineData("192.0.2.1,2001:db8::1,::1", "192.0.2.1", true, "2001:db8::1")]
    public void A_relay_is_known_by_the_address_the_client_came_to_or_by_the_best(string advertised, string? reached, bool ipv6, string expected)
    {
        var addresses = new RelayAddresses([.. advertised.Split(',').Select(IPAddress.Parse)]);
        Assert.True(addresses.Has(ipv6));
        Assert.Equal(IPAddress.Parse(expected), addresses.For(Client, reached is null ? null : IPAddress.Parse(reached), ipv6));
    }

    [Fact]
    public void A_family_that_is_not_advertised_is_not_relayed() => Assert.False(new RelayAddresses([IPAddress.Loopback]).Has(ipv6: true));
}
