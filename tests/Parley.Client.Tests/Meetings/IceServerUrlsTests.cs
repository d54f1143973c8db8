using Parley.Client.Meetings;

namespace Parley.Client.Tests.Meetings;

public sealed class IceServerUrlsTests
{
    [Theory]
    [InlineData("stun:192.0.2.1", "192.0.2.1", 3478, false)]
    [InlineData("stun:meet.example.org:7000", "meet.example.org", 7000, false)]
    [InlineData("turn:meet.example.org?transport=udp", "meet.example.org", 3478, true)]
    [InlineData("turn:[2001:db8::1]:3479", "2001:db8::1", 3479, true)]
    [InlineData("stun:[2001:db8::1]", "2001:db8::1", 3478, false)]
    public void Reads_what_is_over_UDP(string url, string host, int port, bool isTurn) =>
        Assert.Equal((host, port, isTurn), IceServerUrls.Read(url));

    [Theory]
    [InlineData("turns:meet.example.org:443?transport=tcp")]
    [InlineData("turn:meet.example.org?transport=tcp")]
    [InlineData("stun:meet.example.org?transport=udp")]
    [InlineData("stun:meet.example.org:0")]
    [InlineData("stun:meet.example.org:65536")]
    [InlineData("stun:meet.example.org:+1")]
    [InlineData("stun:")]
    [InlineData("stun:a b")]
    [InlineData("http://meet.example.org")]
    [InlineData("")]
    public void Leaves_out_what_is_not(string url) => Assert.Null(IceServerUrls.Read(url));

    [Fact]
    public async Task Credentials_go_to_relays_alone()
    {
        var found = await IceServerUrls.ResolveAsync(
            [new Protocol.IceServer(["stun:192.0.2.1", "turn:192.0.2.1"], "ada", "secret")], relays: true, TimeSpan.FromSeconds(1), TimeProvider.System);
        Assert.Equal([(false, null), (true, "ada")], found.Select(server => (server.IsTurn, server.Username)));
        Assert.DoesNotContain("secret", string.Join(' ', found), StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_has_bounds()
    {
        var one = new Protocol.IceServer(["stun:192.0.2.1"]);
        Assert.True(IceServerUrls.IsSound([one, one with { Username = new string('x', 1_000) }]));
        Assert.False(IceServerUrls.IsSound([.. Enumerable.Repeat(one, 9)]));
        Assert.False(IceServerUrls.IsSound([one with { Urls = [.. Enumerable.Repeat("stun:192.0.2.1", 9)] }]));
        Assert.False(IceServerUrls.IsSound([one with { Urls = ["stun:" + new string('x', 300)] }]));
        Assert.False(IceServerUrls.IsSound([one with { Urls = [null!] }]));
        Assert.False(IceServerUrls.IsSound([one with { Username = new string('x', 1_001) }]));
        Assert.False(IceServerUrls.IsSound([null!]));
    }
}
