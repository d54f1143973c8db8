using System.Net;
using CsCheck;
using Parley.Media.Turn;

namespace Parley.Media.Tests.Turn;

public sealed class PeerPolicyTests
{
    [Theory]
    [InlineData("8.8.8.8", true, true)]
    [InlineData("172.15.255.255", true, true)]
    [InlineData("172.32.0.0", true, true)]
    [InlineData("100.63.255.255", true, true)]
    [InlineData("100.128.0.0", true, true)]
    [InlineData("223.255.255.255", true, true)]
    [InlineData("10.0.0.0", false, true)]
    [InlineData("10.255.255.255", false, true)]
    [InlineData("100.64.0.0", false, true)]
    [InlineData("100.127.255.255", false, true)]
    [InlineData("127.0.0.1", false, true)]
    [InlineData("127.255.255.254", false, true)]
    [InlineData("169.254.169.254", false, true)]
    [InlineData("172.16.0.1", false, true)]
    [InlineData("172.31.255.255", false, true)]
    [InlineData("192.168.1.1", false, true)]
    [InlineData("192.0.0.8", false, true)]
    [InlineData("198.19.0.1", false, true)]
    [InlineData("0.0.0.0", false, false)]
    [InlineData("0.1.2.3", false, false)]
    [InlineData("224.0.0.1", false, false)]
    [InlineData("239.255.255.255", false, false)]
    [InlineData("240.0.0.1", false, false)]
    [InlineData("255.255.255.255", false, false)]
    [InlineData("2606:4700::1111", true, true)]
    [InlineData("2001:db8::1", true, true)]
    [InlineData("::1", false, true)]
    [InlineData("fc00::1", false, true)]
    [InlineData("fdff::1", false, true)]
    [InlineData("fe80::1", false, true)]
    [InlineData("febf::1", false, true)]
    [InlineData("fec0::1", false, true)]
    [InlineData("::", false, false)]
    [InlineData("::127.0.0.1", false, false)]
    [InlineData("::8.8.8.8", false, false)]
    [InlineData("ff02::1", false, false)]
    [InlineData("::ffff:127.0.0.1", false, true)]
    [InlineData("::ffff:224.0.0.1", false, false)]
    [InlineData("::ffff:8.8.8.8", true, true)]
    [InlineData("64:ff9b::8.8.8.8", true, true)]
    [InlineData("64:ff9b::10.0.0.1", false, true)]
    [InlineData("64:ff9b::224.0.0.1", false, false)]
    [InlineData("64:ff9b:1::10.0.0.1", false, false)]
    [InlineData("2002:0808:0808::1", true, true)]
    [InlineData("2002:0a00:0001::1", false, true)]
    [InlineData("2002:7f00:0001::1", false, true)]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2", false, false)]
    [InlineData("100::1", false, false)]
    [InlineData("4000::1", false, false)]
    public void Public_addresses_are_peers_private_ones_when_allowed_and_some_never(string address, bool normally, bool whenAllowed)
    {
        var peer = TransportAddress.From(new IPEndPoint(IPAddress.Parse(address), 5000));
        Assert.Equal(normally, new PeerPolicy(new TurnServerOptions()).Allows(peer));
        Assert.Equal(whenAllowed, new PeerPolicy(new TurnServerOptions { AllowPrivatePeers = true }).Allows(peer));
        Assert.False(new PeerPolicy(new TurnServerOptions { AllowPrivatePeers = true }).Allows(peer with { Port = 0 }));
    }

    [Fact]
    public void Our_own_addresses_are_no_peers_but_for_our_media()
    {
        var own = TransportAddress.From(new IPEndPoint(IPAddress.Parse("8.8.4.4"), 7000));
        var options = new TurnServerOptions { OwnAddresses = [own with { Port = 1 }], MediaAddresses = [own] };
        Assert.True(new PeerPolicy(options).Allows(own));
        Assert.False(new PeerPolicy(options).Allows(own with { Port = 3478 }));
        Assert.True(new PeerPolicy(options with { AllowPrivatePeers = true }).Allows(own with { Port = 3478 }));
    }

    [Fact]
    public void It_agrees_with_the_platform_about_every_address()
    {
        var policy = new PeerPolicy(new TurnServerOptions());
        Gen.OneOf(
            Gen.Byte.Array[4],
            Gen.Byte.Array[16],
            Gen.Byte.Array[4].Select(four => (byte[])[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, .. four])).Sample(bytes =>
        {
            var address = new IPAddress(bytes);
            var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            var isLocal = IPAddress.IsLoopback(plain) || plain.IsIPv6LinkLocal || plain.IsIPv6Multicast || plain.IsIPv6SiteLocal
                || plain.IsIPv6UniqueLocal || plain.IsIPv6Teredo || plain.GetAddressBytes() is [10 or 127 or 0 or >= 224, _, _, _]
                || plain.GetAddressBytes() is [192, 168, _, _] or [169, 254, _, _] or [172, >= 16 and <= 31, _, _] or [100, >= 64 and <= 127, _, _];
            if (isLocal) Assert.False(policy.Allows(TransportAddress.From(new IPEndPoint(address, 1))));
        }, iter: 20_000);
    }
}
