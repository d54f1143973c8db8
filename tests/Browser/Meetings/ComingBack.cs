using Parley.Browser.Harness;

namespace Parley.Browser.Meetings;

public sealed class ComingBack(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task A_reload_comes_back_to_the_same_place_muted_as_it_was_and_who_joins_late_reads_the_history()
    {
        var ada = await Open(Person.Ada);
        var ben = await Open(Person.Ben);
        var link = await ada.Create("Coming back");
        await ada.Enter();
        await ben.Join(link);
        await ada.Sees(Person.Ben);
        await ada.HearsOnly(Person.Ben);
        await ada.Say("First");
        await ben.Reads((Person.Ada, "First"));
        await ben.Say("Second");
        await ben.At("mic-button").ClickAsync();
        await ada.Shows(Person.Ben, mic: false, cam: true);
        var place = await ben.OwnId();

        await ben.Page.ReloadAsync();

        await ben.Meeting.WaitForAsync();
        Assert.Equal(place, await ben.OwnId());
        await ben.Reads((Person.Ada, "First"), (Person.Ben, "Second"));
        await ben.At("mic-button").And(ben.Page.Locator("[aria-pressed=false]")).WaitForAsync();
        await ben.Sees(Person.Ada);
        await ben.HearsOnly(Person.Ada);
        await ada.IsWith(Person.Ben);
        await ada.Shows(Person.Ben, mic: false, cam: true);
        await ada.Sees(Person.Ben);
        (await ada.Observe(5, Person.Ben)).HoldsOnlyTones();

        // Without any device: listens, watches and reads what was said before.
        var cleo = await Open(Person.Cleo with { Devices = "missing" });
        await cleo.Join(link);
        await cleo.Reads((Person.Ada, "First"), (Person.Ben, "Second"));
        await cleo.Sees(Person.Ada, Person.Ben);
        await cleo.HearsOnly(Person.Ada);
        await ada.Shows(cleo.Person, mic: false, cam: false);
        await ada.SeesAvatarOf(cleo.Person);
        await cleo.Say("Third");
        await ada.Reads((Person.Ada, "First"), (Person.Ben, "Second"), (cleo.Person, "Third"));
    }

    [Fact]
    public async Task A_lost_connection_rejoins_by_itself_muted_as_it_was_with_the_right_people()
    {
        // With a link of their own the two would hardly notice: that is another test (TheServerIsAway).
        await using var server = await ServerProcess.StartAsync("--Parley:PeerToPeer:Enabled=false");
        await using var line = new BreakableLine(server.Address);
        var ada = await Open(Person.Ada, server: server.Address);
        var ben = await Open(Person.Ben, server: line.Address);
        var link = await ada.Create("A broken line");
        await ada.Enter();
        await ben.Join(link);
        await ben.At("mic-button").ClickAsync();
        await ada.Shows(Person.Ben, mic: false, cam: true);
        await ada.Sees(Person.Ben);
        var place = await ben.OwnId();

        line.Cut();
        await ben.At("reconnecting").WaitForAsync();
        await ada.Until("Ada is shown that Ben is away", "name => parley.state.participants.find((one) => one.name === name)?.presence === 'reconnecting'", "Ben");
        // What happens meanwhile is in the snapshot.
        var cleo = await Open(Person.Cleo with { Devices = "missing" }, server: server.Address);
        await cleo.Join(link);
        await ada.Say("Said while Ben was away");
        await ada.Reads((Person.Ada, "Said while Ben was away"));
        line.Mend();

        await ben.At("reconnecting").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Hidden });
        Assert.Equal(place, await ben.OwnId());
        await ben.IsWith(Person.Ada, Person.Cleo);
        await ben.Reads((Person.Ada, "Said while Ben was away"));
        await ben.At("mic-button").And(ben.Page.Locator("[aria-pressed=false]")).WaitForAsync();
        await ben.Sees(Person.Ada);
        await ben.HearsOnly(Person.Ada);
        await ada.Until("Ben is back", "name => parley.state.participants.find((one) => one.name === name)?.presence === 'connected'", "Ben");
        await ada.Shows(Person.Ben, mic: false, cam: true);
        await ada.IsWith(Person.Ben, Person.Cleo);
        await ada.Sees(Person.Ben);
        (await ada.Observe(5, Person.Ben)).HoldsOnlyTones();
    }
}
