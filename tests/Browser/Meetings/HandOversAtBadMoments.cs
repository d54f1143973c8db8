using Parley.Browser.Harness;

namespace Parley.Browser.Meetings;

/// <summary>Whatever happens during a hand-over, it ends in a right state.</summary>
public sealed class HandOversAtBadMoments(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task Two_who_start_muted_and_unmute_on_the_link_are_heard_there_and_by_a_third()
    {
        var (ada, ben, link) = await MeetAsync("Muted from the start", enter: async one =>
        {
            await one.At("mic-button").ClickAsync();
            await one.At("cam-button").ClickAsync();
        });
        await ada.HearsOnly();
        await ben.HearsOnly();
        await ben.At("mic-button").ClickAsync();
        await ben.At("cam-button").ClickAsync();
        await ada.Sees(Person.Ben);
        await ada.HearsOnly(Person.Ben);
        await ada.Goes("peerToPeer");

        await using var cleo = await CSharpParticipant.JoinAsync(Stage.Server.Address, link, Person.Cleo);
        await Task.WhenAll(ada.Goes("server"), ben.Goes("server"));
        await cleo.Sees(Person.Ben);
        await cleo.HearsOnly(Person.Ben);
        await ada.HearsOnly(Person.Ben, Person.Cleo);
        await ben.HearsOnly(Person.Cleo);
        await ada.SeesNow(Person.Ben);
    }

    [Fact]
    public async Task A_screen_that_is_shared_goes_along_both_ways()
    {
        var (ada, ben, link) = await MeetAsync("A shared screen");
        await ada.At("screen-button").ClickAsync();
        await ben.SeesScreenOf(Person.Ada);
        await ben.Goes("peerToPeer");

        var cleo = await Open(Person.Cleo with { Devices = "missing" });
        await cleo.Join(link);
        await Task.WhenAll(ada.Goes("server"), ben.Goes("server"));
        await cleo.SeesScreenOf(Person.Ada);
        await cleo.Sees(Person.Ada, Person.Ben);
        await ben.SeesScreenOf(Person.Ada);
        await ben.SeesNow(Person.Ada);

        await cleo.Leave();
        await Task.WhenAll(ada.Goes("peerToPeer"), ben.Goes("peerToPeer"));
        await ben.SeesScreenOf(Person.Ada);
        await ada.At("screen-button").ClickAsync();
        await ben.Until("the screen is gone", "() => !document.querySelector('[data-testid=screen-tile]')");
        await ben.SeesNow(Person.Ada);
    }

    [Fact]
    public async Task A_fourth_comes_and_a_tab_is_closed_during_the_hand_over()
    {
        var (ada, ben, link) = await MeetAsync("Many at once");
        await using var cleo = await CSharpParticipant.JoinAsync(Stage.Server.Address, link, Person.Cleo);
        await using var dan = await CSharpParticipant.JoinAsync(Stage.Server.Address, link, Person.Dan);
        await ben.Page.CloseAsync();

        await ada.Goes("server");
        await ada.Sees(Person.Cleo, Person.Dan);
        await ada.HearsOnly(Person.Cleo, Person.Dan);
        await cleo.Sees(Person.Ada, Person.Dan);
        await cleo.HearsOnly(Person.Ada, Person.Dan);
        (await ada.Observe(5, Person.Cleo, Person.Dan)).HoldsOnly(Person.Cleo, Person.Dan);
    }

    [Fact]
    public async Task Two_who_leave_at_once_leave_the_third_alone_and_well()
    {
        var (ada, ben, link) = await MeetAsync("Left alone");
        await using var cleo = await CSharpParticipant.JoinAsync(Stage.Server.Address, link, Person.Cleo);
        await ada.HearsOnly(Person.Ben, Person.Cleo);
        await Task.WhenAll(ben.Leave(), cleo.Meeting.LeaveAsync(TestContext.Current.CancellationToken));
        await ada.IsWith();
        await ada.Until("nobody is left to talk to", "() => parley.state.mode.reason === 'alone' && parley.link === null && parley.audible === 'mix'");

        // And whoever comes next is met directly.
        await using var dan = await CSharpParticipant.JoinAsync(Stage.Server.Address, link, Person.Dan);
        await ada.Goes("peerToPeer");
        await ada.Sees(Person.Dan);
        await ada.HearsOnly(Person.Dan);
        await dan.Sees(Person.Ada);
        await dan.HearsOnly(Person.Ada);
    }

    private async Task<(Participant Ada, Participant Ben, string Link)> MeetAsync(string title, Func<Participant, Task>? enter = null)
    {
        var ada = await Open(Person.Ada);
        var ben = await Open(Person.Ben);
        var link = await ada.Create(title);
        if (enter is not null)
        {
            await ada.Page.Locator(".preview video").WaitForAsync();
            await enter(ada);
            await ada.At("join-button").ClickAsync();
            await ben.Go(link);
            await ben.At("name-input").FillAsync(Person.Ben.Name);
            await ben.Page.Locator(".preview video").WaitForAsync();
            await enter(ben);
            await ben.At("join-button").ClickAsync();
        }
        else
        {
            await ada.Enter();
            await ben.Join(link);
        }

        await Task.WhenAll(ada.Goes("peerToPeer"), ben.Goes("peerToPeer"));
        return (ada, ben, link);
    }
}
