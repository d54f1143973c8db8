using System.Collections.Concurrent;
using Parley.Browser.Harness;

namespace Parley.Browser.Pages;

public sealed class TheDoor(Stage stage) : BrowserTest(stage)
{
    private static readonly Person Ada = Person.Ada with { Devices = "missing" };
    private static readonly Person Ben = Person.Ben with { Devices = "missing" };
    private static readonly Person Cleo = Person.Cleo with { Devices = "missing" };
    private static readonly Person Dan = Person.Dan with { Devices = "missing" };

    [Fact]
    public async Task Who_knocks_learns_nothing_and_comes_in_only_when_a_host_admits_them()
    {
        var ada = await Open(Ada);
        var cleo = await Open(Cleo);
        var link = await ada.Create("A closed door");
        await ada.Enter();
        await cleo.Join(link);
        await cleo.Say("Only for us");
        await ada.Switches("lobby");

        var ben = await Open(Ben);
        var received = new ConcurrentQueue<string>();
        ben.Page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) => received.Enqueue(frame.Text ?? "");
        await Knock(ben, link);
        await ada.IsTold("Ben waits to come in");
        await ada.OpenPeople();
        await ada.IsAccessible();
        await ben.IsAccessible();
        Assert.NotEmpty(received);
        Assert.DoesNotContain(received, frame => frame.Contains("Cleo", StringComparison.Ordinal) || frame.Contains("Only for us", StringComparison.Ordinal));
        var page = await ben.Page.InnerTextAsync("body");
        Assert.DoesNotContain("Cleo", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Ada", page, StringComparison.Ordinal);
        await cleo.OpenPeople();
        Assert.Equal(0, await cleo.At("lobby-list").CountAsync());

        await ada.At("admit").ClickAsync();
        await ben.Meeting.WaitForAsync();
        await ben.IsWith(Person.Ada, Person.Cleo);
        await ben.Reads((Person.Cleo, "Only for us"));
        await ada.IsWith(Person.Ben, Person.Cleo);

        var dan = await Open(Dan);
        await Knock(dan, link);
        await ada.At("refuse").ClickAsync();
        await dan.At("turnedAway-page").WaitForAsync();
        await dan.IsAccessible();
        await dan.At("rejoin-button").ClickAsync();
        await dan.TryToEnter();
        await dan.At("lobby-page").WaitForAsync();
        await ada.At("waiting-row").WaitForAsync();
        await dan.At("leave-lobby").ClickAsync();
        await dan.At("left-page").WaitForAsync();
        await ada.At("waiting-row").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
    }

    [Fact]
    public async Task All_who_wait_are_admitted_at_once_and_by_opening_the_door()
    {
        var ada = await Open(Ada);
        await ada.Go("/");
        await ada.At("options").ClickAsync();
        await ada.At("lobby").CheckAsync();
        var link = await ada.Create("All at once", stay: true);
        await ada.Enter();
        var ben = await Open(Ben);
        var cleo = await Open(Cleo);
        await Knock(ben, link);
        await Knock(cleo, link);
        await ada.OpenPeople();
        await ada.At("admit-all").ClickAsync();
        await ada.IsWith(Person.Ben, Person.Cleo);

        var dan = await Open(Dan);
        await Knock(dan, link);
        await ada.Switches("lobby");
        await dan.Meeting.WaitForAsync();
        await ada.IsWith(Person.Ben, Person.Cleo, Person.Dan);
    }

    [Fact]
    public async Task A_locked_meeting_lets_nobody_new_in()
    {
        var ada = await Open(Ada);
        var ben = await Open(Ben);
        var cleo = await Open(Cleo);
        var link = await ada.Create("Locked");
        await ada.Enter();
        await ben.Join(link);
        await cleo.Go(link);
        await cleo.At("join-button").WaitForAsync();
        await ada.Switches("lock");

        // At the door already when it was locked.
        await cleo.TryToEnter();
        await cleo.At("gone-meetingLocked").WaitForAsync();
        await cleo.IsAccessible();
        // Who is in comes back.
        await ben.Page.ReloadAsync();
        await ben.Meeting.WaitForAsync();

        await ada.Switches("lock");
        await cleo.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await cleo.TryToEnter();
        await ada.IsWith(Person.Ben, Person.Cleo);
    }

    [Fact]
    public async Task A_passcode_is_asked_for_at_the_door()
    {
        var ada = await Open(Ada);
        await ada.Go("/");
        await ada.At("options").ClickAsync();
        await ada.At("passcode-input").FillAsync("open sesame");
        await ada.IsAccessible();
        var link = await ada.Create("Passcode", stay: true);
        Assert.Equal(0, await ada.At("passcode-input").CountAsync());
        await ada.Enter();

        var ben = await Open(Ben);
        await ben.Go(link);
        await ben.At("passcode-input").FillAsync("close sesame");
        await ben.TryToEnter();
        await ben.Page.Locator(".field").Filter(new() { Has = ben.At("passcode-input") }).GetByTestId("error-message").WaitForAsync();
        await ben.IsAccessible();
        await ben.At("passcode-input").FillAsync("open sesame");
        await ben.At("join-button").ClickAsync();
        await ben.Meeting.WaitForAsync();

        await ada.OpenPeople();
        await ada.At("hosting-button").ClickAsync();
        await ada.IsAccessible();
        await ada.At("remove-passcode").ClickAsync();
        await ada.IsTold("no passcode any more");
        var cleo = await Open(Cleo);
        await cleo.Join(link);
    }

    private static async Task Knock(Participant person, string link)
    {
        await person.Go(link);
        await person.TryToEnter();
        await person.At("lobby-page").WaitForAsync();
    }
}
