using System.Diagnostics;
using Microsoft.Playwright;
using Parley.Browser.Harness;
using MeetingMode = Parley.Protocol.MeetingMode;

namespace Parley.Browser.Timing;

/// <summary>Peer to peer for two, the server for three, and nobody notices (protocol.md §6).</summary>
public sealed class TwoTalkDirectly(Stage stage) : BrowserTest(stage)
{
    /// <summary>Pictures a second, of the 15 that a camera is asked for: what a busy machine still draws.</summary>
    private const double Moving = 4;

    [Fact]
    public async Task A_third_brings_the_server_and_takes_it_along_again_in_Chromium() => await ThirdComesAndGoes(await Stage.Browsers.Chromium());

    [Fact]
    public async Task A_third_brings_the_server_and_takes_it_along_again_in_Firefox_and_Chromium() => await ThirdComesAndGoes(await Stage.Browsers.Firefox());

    [Fact]
    public async Task One_in_CSharp_and_one_in_Chromium_talk_directly_until_a_third_comes()
    {
        var ada = await Open(Person.Ada);
        var link = await ada.Create("Of both kinds, directly");
        await ada.Enter();
        await using var ben = await CSharpParticipant.JoinAsync(Stage.Server.Address, link, Person.Ben);
        await ada.Goes("peerToPeer");
        await ada.Sees(Person.Ben);
        await ada.HearsOnly(Person.Ben);
        await ben.Sees(Person.Ada);
        await ben.HearsOnly(Person.Ada);
        (await ada.Observe(5, Person.Ben)).HoldsOnly(Person.Ben);
        (await ben.Observe(5, Person.Ada)).HoldsOnly(Person.Ada);

        await Gaps.AreShortIn(async () =>
        {
            await ada.Record(Person.Ben);
            await using (var cleo = await CSharpParticipant.JoinAsync(Stage.Server.Address, link, Person.Cleo))
            {
                await ada.Goes("server");
                await cleo.Sees(Person.Ada, Person.Ben);
                await cleo.HearsOnly(Person.Ada, Person.Ben);
                await ada.HearsOnly(Person.Ben, Person.Cleo);
                await ben.HearsOnly(Person.Ada, Person.Cleo);
                await cleo.Meeting.LeaveAsync(TestContext.Current.CancellationToken);
            }

            await ada.Goes("peerToPeer");
            await ada.HearsOnly(Person.Ben);
            return [await ada.Recorded("A third in C# comes and goes")];
        });
        await ben.HearsOnly(Person.Ada);
        (await ben.Observe(5, Person.Ada)).HoldsOnly(Person.Ada);
    }

    private async Task ThirdComesAndGoes(IBrowser browserOfBen)
    {
        var ada = await Open(Person.Ada);
        var ben = await Open(Person.Ben, browserOfBen);
        var cleo = await Open(Person.Cleo);
        var link = await ada.Create("Two, three, two");
        await ada.Enter();
        await ben.Join(link);
        var joined = Stopwatch.GetTimestamp();
        await Task.WhenAll(ada.Goes("peerToPeer"), ben.Goes("peerToPeer"));
        Figures.Print($"Peer to peer {Stopwatch.GetElapsedTime(joined).TotalSeconds:0.0} s after the second join");
        await IsDirect(ada, ben, browserOfBen);
        await NothingPassesTheServer(link, ada, ben);

        await Gaps.AreShortIn(async () =>
        {
            // At the door already: a third browser that starts would take the processors from the two, and that is no hand-over.
            await cleo.Go(link);
            await cleo.Page.Locator(".preview video").WaitForAsync();
            await Task.WhenAll(ada.Record(Person.Ben), ben.Record(Person.Ada));
            await cleo.Enter();
            await Task.WhenAll(ada.Goes("server"), ben.Goes("server"), cleo.Goes("server"));
            await cleo.Sees(Person.Ada, Person.Ben);
            await cleo.HearsOnly(Person.Ada, Person.Ben);
            await ada.HearsOnly(Person.Ben, Person.Cleo);
            await ben.HearsOnly(Person.Ada, Person.Cleo);
            foreach (var (one, others) in new[] { (ada, new[] { Person.Ben, Person.Cleo }), (ben, [Person.Ada, Person.Cleo]), (cleo, [Person.Ada, Person.Ben]) })
            {
                await one.Sees(others);
                (await one.Observe(5, others)).HoldsOnly(others);
            }

            Gaps[] coming = [await ada.Recorded("A third comes"), await ben.Recorded("A third comes")];

            await Task.WhenAll(ada.Record(Person.Ben), ben.Record(Person.Ada));
            await cleo.Leave();
            await Task.WhenAll(ada.Goes("peerToPeer"), ben.Goes("peerToPeer"));
            await ada.HearsOnly(Person.Ben);
            await ben.HearsOnly(Person.Ada);
            return [.. coming, await ada.Recorded("The third has left"), await ben.Recorded("The third has left")];
        });
        await IsDirect(ada, ben, browserOfBen);
        (await ada.Observe(5, Person.Ben)).HoldsOnly(Person.Ben);
        (await ben.Observe(5, Person.Ada)).HoldsOnly(Person.Ada);
    }

    /// <summary>For ten seconds the server's counters stand still while both decode on.</summary>
    private async Task NothingPassesTheServer(string link, Participant ada, Participant ben)
    {
        await Eventually.Holds(
            "the counters come to rest",
            async () =>
            {
                var before = await Stage.Server.PathOf(link);
                await ada.Observe(5);
                return (Before: before.Media, After: (await Stage.Server.PathOf(link)).Media);
            },
            counts => counts.Before == counts.After);
        var before = await Stage.Server.PathOf(link);
        Assert.Equal(MeetingMode.PeerToPeer, before.Mode.Mode);
        var (adaBefore, benBefore) = (await ada.ReceivedOf(Person.Ben), await ben.ReceivedOf(Person.Ada));
        var since = Stopwatch.GetTimestamp();
        (await ada.Observe(28, Person.Ben)).HoldsOnly(Person.Ben);
        (await ben.Observe(28, Person.Ada)).HoldsOnly(Person.Ada);
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        Assert.True(seconds >= 10, $"Only {seconds} s");
        Assert.Equal(before.Media, (await Stage.Server.PathOf(link)).Media);
        foreach (var (frames, who) in new[]
        {
            ((await ada.ReceivedOf(Person.Ben)).FramesDecoded - adaBefore.FramesDecoded, "Ada of Ben"),
            ((await ben.ReceivedOf(Person.Ada)).FramesDecoded - benBefore.FramesDecoded, "Ben of Ada"),
        })
        {
            Figures.Print($"{who}: {frames / seconds:0.0} pictures a second, nothing through the server");
            Assert.True(frames / seconds > Moving, $"{who} decoded {frames} pictures in {seconds:0} s");
        }
    }

    /// <summary>Each one's selected pair leads to the other's own socket.</summary>
    private static async Task IsDirect(Participant ada, Participant ben, IBrowser browserOfBen)
    {
        // Each browser may look at several pairs for a moment before both keep to one; Firefox may go on naming one of before.
        var exact = browserOfBen.BrowserType.Name == "chromium";
        var (here, there) = await Eventually.Holds(
            "both keep to one pair",
            async () => (Here: await ada.PairOf("linkPc"), There: await ben.PairOf("linkPc")),
            pairs => pairs is { Here: not null, There: not null }
                && (!exact || (pairs.Here.Local.Port == pairs.There.Remote.Port && pairs.There.Local.Port == pairs.Here.Remote.Port)));
        Figures.Print($"Ada {here}; Ben {there}");
        Assert.All(new[] { here.Local, here.Remote, there.Local, there.Remote }, end => Assert.NotEqual("relay", end.Type));
    }
}
