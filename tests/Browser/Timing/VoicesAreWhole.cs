using System.Diagnostics;
using Parley.Browser.Harness;

namespace Parley.Browser.Timing;

/// <summary>On a good network a browser never has to make up what it did not get of the mix (mixing.md).</summary>
public sealed class VoicesAreWhole(Stage stage) : BrowserTest(stage)
{
    private const int Rounds = 2;

    private const int PassagesOfTurn = 8;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Nothing_is_made_up_while_four_speak_in_turn_come_leave_and_mute()
    {
        Assert.SkipWhen(Ports.RealAddress is null, "Firefox never sends media to 127.0.0.1, and this machine has no other IPv4 address.");
        var ada = await Open(Person.Ada);
        var ben = await Open(Person.Ben, await Stage.Browsers.Firefox());
        var link = await ada.Create("Whole voices");
        await ada.Enter();
        await ben.Join(link);
        await using var cleo = await Come(link, Person.Cleo);

        // Voices alone: pictures would only take the processors from them.
        foreach (var one in new[] { ada, ben })
        {
            await one.Goes("server");
            await one.At("cam-button").ClickAsync();
        }

        await ada.HearsOnly(Person.Ben, Person.Cleo);
        await ben.HearsOnly(Person.Ada, Person.Cleo);
        await ada.At("mic-button").ClickAsync();
        await ben.At("mic-button").ClickAsync();
        await Speaks(cleo, false);

        // A browser that the machine lets wait plays late, and then what came meanwhile is too late: that is now and then. What is wrong with a
        // passage is at each of them.
        var rounds = Rounds;
        var (made, passages) = (0L, 0);
        do
        {
            var (adaBefore, benBefore) = (await ada.Concealed(), await ben.Concealed());
            passages = 0;
            for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < Round; passages += PassagesOfTurn) await InTurn(link, ada, ben, cleo);
            var (ofAda, ofBen) = (await ada.Concealed() - adaBefore, await ben.Concealed() - benBefore);
            Figures.Print($"{passages} began or ended to speak. Chromium: {ofAda}; Firefox: {ofBen}");
            made = Math.Max(ofAda.Events, ofBen.Events);
        }
        while (made > 0 && --rounds > 0);
        Assert.True(made * 4 < passages, $"{made} times something was made up in {passages} passages");
    }

    /// <summary>Each speaks in turn, who speaks is heard by the browsers, and the fourth comes for it and leaves again.</summary>
    private async Task InTurn(string link, Participant ada, Participant ben, CSharpParticipant cleo)
    {
        await ada.At("mic-button").ClickAsync();
        await ben.HearsOnly(Person.Ada);
        await ben.At("mic-button").ClickAsync();
        await ada.HearsOnly(Person.Ben);
        await ada.At("mic-button").ClickAsync();
        await Speaks(cleo, true);
        await ada.HearsOnly(Person.Ben, Person.Cleo);
        await ben.At("mic-button").ClickAsync();
        await ben.HearsOnly(Person.Cleo);
        await using (var dan = await Come(link, Person.Dan))
        {
            await Speaks(cleo, false);
            await ada.HearsOnly(Person.Dan);
            await ben.HearsOnly(Person.Dan);
            await dan.Meeting.LeaveAsync(TestContext.Current.CancellationToken);
        }

        await ada.HearsOnly();
        await ben.HearsOnly();
    }

    private async Task<CSharpParticipant> Come(string link, Person person)
    {
        var one = await CSharpParticipant.JoinAsync(Stage.Server.Address, link, person);
        await Speaks(one, true);
        return one;
    }

    private static Task Speaks(CSharpParticipant one, bool aloud) => one.Meeting.SetMediaAsync(mic: aloud, camera: false, TestContext.Current.CancellationToken);
}
