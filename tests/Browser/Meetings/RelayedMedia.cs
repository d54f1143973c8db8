using Parley.Browser.Harness;
using ModeReason = Parley.Protocol.ModeReason;

namespace Parley.Browser.Meetings;

public sealed class RelayedMedia(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task Who_gets_out_by_a_relay_alone_meets_the_others_through_ours_and_is_not_taken_for_peer_to_peer()
    {
        var ada = await Open(Person.Ada with { RelayOnly = true });
        var ben = await Open(Person.Ben);
        var link = await ada.Create("Through a relay");
        await ada.Enter();
        await ben.Join(link);

        await ada.Sees(Person.Ben);
        await ada.HearsOnly(Person.Ben);
        await ben.Sees(Person.Ada);
        await ben.HearsOnly(Person.Ada);
        (await ada.Observe(5, Person.Ben)).HoldsOnly(Person.Ben);
        (await ben.Observe(5, Person.Ada)).HoldsOnly(Person.Ada);
        Assert.Equal("relay", (await ada.PairOf("pc")).Local.Type);
        await ada.Page.Locator("[data-testid=connection-badge][data-path=relay]").WaitForAsync();
        await Eventually.Holds("the link is given up", () => Stage.Server.PathOf(link), path => path.Mode.Reason == ModeReason.LinkFailed);
    }

    [Fact]
    public async Task The_self_test_says_of_each_way_that_it_is_open()
    {
        var ada = await Open(Person.Ada with { Devices = "missing" });
        await ada.Go("/check");
        foreach (var way in new[] { "signalling", "udp", "tcp", "relay" })
        {
            await ada.Page.Locator($"[data-testid=check-{way}]:not([data-verdict=running])").First.WaitForAsync();
            Assert.Equal("ok", await ada.At($"check-{way}").First.GetAttributeAsync("data-verdict"));
        }

        Assert.Equal("UDP: works · TCP: works", await ada.At("check-relay").First.Locator("p").Last.InnerTextAsync());
    }

    [Fact]
    public async Task The_self_test_says_of_a_closed_way_that_it_is_closed()
    {
        await using var server = await ServerProcess.StartAsync("--Parley:Media:Tcp=false", "--Parley:Turn:Enabled=false", "--Parley:Media:Addresses:0=192.0.2.1");
        var ada = await Open(Person.Ada with { Devices = "missing" }, server: server.Address);
        await ada.Go("/check");
        foreach (var (way, verdict) in new[] { ("signalling", "ok"), ("udp", "failed"), ("tcp", "notOffered"), ("relay", "notOffered") })
        {
            await ada.Page.Locator($"[data-testid=check-{way}]:not([data-verdict=running])").First.WaitForAsync();
            Assert.Equal((way, verdict), (way, await ada.At($"check-{way}").First.GetAttributeAsync("data-verdict")));
        }
    }
}
