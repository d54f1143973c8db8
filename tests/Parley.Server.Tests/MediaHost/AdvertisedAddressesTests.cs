using System.Net;
using System.Net.Sockets;
using Parley.Server.MediaHost;

namespace Parley.Server.Tests.MediaHost;

public sealed class AdvertisedAddressesTests
{
    [Fact]
    public void What_is_configured_is_advertised_in_that_order() =>
        Assert.Equal(
            [IPAddress.Parse("203.0.113.5"), IPAddress.Parse("2001:db8::7")],
            AdvertisedAddresses.Resolve(["203.0.113.5", "2001:db8::7"]));

    [Fact]
    public void Without_configuration_every_address_can_be_bound_and_loopback_comes_last()
    {
        var found = AdvertisedAddresses.Resolve([]);
        Assert.NotEmpty(found);
        Assert.Equal(found.Count, found.Distinct().Count());
        var firstLoopback = found.TakeWhile(address => !IPAddress.IsLoopback(address)).Count();
        Assert.All(found.Skip(firstLoopback), address => Assert.True(IPAddress.IsLoopback(address)));
        foreach (var address in found)
        {
            Assert.False(address.IsIPv6LinkLocal);
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(address, 0));
        }

        var real = found.Take(firstLoopback).Select(address => address.AddressFamily).ToList();
        Assert.Equal(real.Order(), real);
    }
}
