using System.Diagnostics;
using Parley.Browser.Harness;
using MeetingMode = Parley.Protocol.MeetingMode;

namespace Parley.Browser.Meetings;

/// <summary>Two houses with firewalls between them, and a way through each (protocol.md §6).</summary>
public sealed class BehindFirewalls(Stage stage) : BrowserTest(stage)
{
    /// <summary>Milliseconds. What is aimed at is 3,000; this is for a slow machine.</summary>
    private const double Back = 8_000;

    [Fact]
    public async Task Two_who_cannot_reach_each_other_stay_on_the_server_and_one_without_UDP_comes_by_TCP()
    {
        Assert.SkipWhen(Network.Lacks is not null, Network.Lacks ?? "");
        await using var network = await Network.BuildAsync("ada", "ben");
        var (house, other) = (network["ada"], network["ben"]);
        await network.Separate(house, other);
        await using var server = await ServerProcess.StartAsync($"--Parley:Media:Addresses:0={Network.Server}");
        var (ada, ben) = await MeetAsync(server, house, other);
        var joined = Stopwatch.GetTimestamp();

        await ada.Sees(Person.Ben);
        await ben.Sees(Person.Ada);
        await ada.HearsOnly(Person.Ben);
        await ben.HearsOnly(Person.Ada);
        Figures.Print($"On the server {Stopwatch.GetElapsedTime(joined).TotalSeconds:0.0} s after the second join");
        await ada.Until("the link is given up", "() => parley.state.mode.reason === 'linkFailed' && parley.link === null");
        Figures.Print($"The link given up {Stopwatch.GetElapsedTime(joined).TotalSeconds:0.0} s after the second join");
        Assert.Equal(MeetingMode.Server, (await server.PathOf(await Link(ada))).Mode.Mode);
        (await ada.Observe(5, Person.Ben)).HoldsOnly(Person.Ben);
        (await ben.Observe(5, Person.Ada)).HoldsOnly(Person.Ada);
        Assert.Equal(("udp", "host"), await WayOf(ada));

        // Their networks block UDP from now on: the media come back over TCP.
        await network.BlockUdp(house);
        var blocked = Stopwatch.GetTimestamp();
        await ada.HasPair("pc", pair => pair.Remote.Protocol == "tcp");
        await ada.SeesNow(Person.Ben);
        await ben.SeesNow(Person.Ada);
        await ada.HearsOnly(Person.Ben);
        await ben.HearsOnly(Person.Ada);
        Figures.Print($"Over TCP {Stopwatch.GetElapsedTime(blocked).TotalSeconds:0.0} s after UDP was blocked");
        (await ben.Observe(5, Person.Ada)).HoldsOnly(Person.Ada);

        // And who comes without UDP is in at once.
        await ada.Page.ReloadAsync();
        await ada.SeesNow(Person.Ben);
        await ben.SeesNow(Person.Ada);
        await ada.HearsOnly(Person.Ben);
        await ben.HearsOnly(Person.Ada);
        Assert.Equal(("tcp", "host"), await WayOf(ada));
    }

    [Theory]
    [InlineData("peerToPeer")]
    [InlineData("server")]
    public async Task Who_changes_their_network_is_back_without_a_rejoin(string mode)
    {
        Assert.SkipWhen(Network.Lacks is not null, Network.Lacks ?? "");
        await using var network = await Network.BuildAsync("ada", "ben");
        await using var server = await ServerProcess.StartAsync(
            $"--Parley:Media:Addresses:0={Network.Server}", $"--Parley:PeerToPeer:Enabled={mode == "peerToPeer"}");
        var (ada, ben) = await MeetAsync(server, network["ada"], network["ben"]);
        await Task.WhenAll(ada.Goes(mode), ben.Goes(mode));
        await ada.Sees(Person.Ben);
        await ben.Sees(Person.Ada);
        await ada.HearsOnly(Person.Ben);
        await ben.HearsOnly(Person.Ada);
        var connection = mode == "server" ? "pc" : "linkPc";
        Assert.Equal(network["ada"].Address, (await ada.PairOf(connection)).Local.Address);
        var place = await ada.OwnId();

        await Task.WhenAll(ada.Record(Person.Ben), ben.Record(Person.Ada));
        await network.Move(network["ada"]);
        await ada.HasPair(connection, pair => pair.Local.Address == network["ada"].Address);
        await ada.SeesNow(Person.Ben);
        await ben.SeesNow(Person.Ada);
        await ada.HearsOnly(Person.Ben);
        await ben.HearsOnly(Person.Ada);
        (await ada.Observe(5, Person.Ben)).HoldsOnly(Person.Ben);
        (await ben.Observe(5, Person.Ada)).HoldsOnly(Person.Ada);
        (await ada.Recorded($"{mode}, a new address")).AreShorterThan(Back);
        (await ben.Recorded($"{mode}, a new address")).AreShorterThan(Back);
        Assert.Equal(place, await ada.OwnId());
    }

    [Fact]
    public async Task Two_who_talk_directly_are_told_when_the_way_to_the_server_of_one_is_broken()
    {
        Assert.SkipWhen(Network.Lacks is not null, Network.Lacks ?? "");
        await using var network = await Network.BuildAsync("ada", "ben");
        await using var server = await ServerProcess.StartAsync($"--Parley:Media:Addresses:0={Network.Server}");
        var (ada, ben) = await MeetAsync(server, network["ada"], network["ben"]);
        await Task.WhenAll(ada.Goes("peerToPeer"), ben.Goes("peerToPeer"));

        await network.LeaveOnlyWeb(network["ada"], server.Address.Port);
        await ada.At("own-way-broken").WaitForAsync(new() { Timeout = 60_000 });
        await ben.At("peer-way-broken").WaitForAsync(new() { Timeout = 60_000 });
        await Task.WhenAll(ada.Goes("peerToPeer"), ben.Goes("peerToPeer"));
        (await ada.Observe(5, Person.Ben)).HoldsOnly(Person.Ben);
        (await ben.Observe(5, Person.Ada)).HoldsOnly(Person.Ada);
    }

    private async Task<(Participant Ada, Participant Ben)> MeetAsync(ServerProcess server, House house, House other)
    {
        var address = new Uri($"http://{Network.Server}:{server.Address.Port}");
        var ada = await Open(Person.Ada, await house.Chromium(address), address);
        var ben = await Open(Person.Ben, await other.Chromium(address), address);
        var link = await ada.Create("Behind firewalls");
        await ada.Enter();
        await ben.Join(link);
        return (ada, ben);
    }

    private static async Task<string> Link(Participant one) => await one.Page.EvaluateAsync<string>("() => location.pathname");

    private static async Task<(string?, string?)> WayOf(Participant one)
    {
        var remote = (await one.PairOf("pc")).Remote;
        return (remote.Protocol, remote.Type);
    }
}
