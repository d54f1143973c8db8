using System.Net;
using Parley.Server.MediaHost;

namespace Parley.Server.Tests.MediaHost;

public sealed class StunServerAddressTests
{
    [Theory]
    [InlineData("stun.example.org", "stun.example.org", 3478)]
    [InlineData("stun.example.org:19302", "stun.example.org", 19302)]
    [InlineData("192.0.2.1:3478", "192.0.2.1", 3478)]
    [InlineData("[2001:db8::1]:3479", "2001:db8::1", 3479)]
    [InlineData("[2001:db8::1]", "2001:db8::1", 3478)]
    public void A_name_or_an_address_with_or_without_a_port(string text, string host, int port) =>
        Assert.Equal(new StunServerAddress(host, port), StunServerAddress.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(":3478")]
    [InlineData("stun:example.org")]
    [InlineData("me@example.org")]
    [InlineData("example.org/path")]
    [InlineData("example.org:0")]
    [InlineData("example.org:99999")]
    [InlineData("two words")]
    [InlineData("2001:db8::1")]
    public void Anything_else_is_none(string text) => Assert.Null(StunServerAddress.Parse(text));

    [Fact]
    public async Task An_address_is_its_own() => Assert.Equal(
        new IPEndPoint(IPAddress.Loopback, 3478),
        (await new StunServerAddress("127.0.0.1", 3478).ResolveAsync(TestContext.Current.CancellationToken)).ToEndPoint());
}
