using Microsoft.Playwright;
using Parley.Browser.Harness;

namespace Parley.Browser.Pages;

public sealed class HostsAndGuests(Stage stage) : BrowserTest(stage)
{
    private static readonly Person Ben = Person.Ben with { Devices = "missing" };
    private static readonly Person Cleo = Person.Cleo with { Devices = "missing" };

    [Fact]
    public async Task A_host_mutes_a_guest_who_has_no_such_control_and_whom_nobody_else_can_unmute()
    {
        var ada = await Open(Person.Ada);
        var ben = await Open(Person.Ben);
        var link = await ada.Create("Mute one");
        await ada.Enter();
        await ben.Join(link);
        await ada.HearsOnly(Person.Ben);

        await ben.OpenPeople();
        Assert.Equal(0, await ben.At("hosting-button").CountAsync());
        await ben.LooksAt(Person.Ada);
        await ben.At("volume").WaitForAsync();
        Assert.Equal(0, await ben.At("person-sheet").GetByRole(AriaRole.Button).CountAsync());
        await ben.IsAccessible();
        await ben.Page.Keyboard.PressAsync("Escape");
        Assert.Equal(0, await ben.At("end-button").CountAsync());

        await ada.OpenPeople();
        await ada.IsAccessible();
        await ada.Does("mute", Person.Ben);
        await ben.IsTold("Ada muted you");
        await Pressed(ben, "mic-button", false);
        await ada.Shows(Person.Ben, mic: false, cam: true);
        await ada.HearsOnly();

        await ada.Does("ask-to-unmute", Person.Ben);
        await ben.At("stay-muted").WaitForAsync();
        await ben.IsAccessible();
        await ben.At("stay-muted").ClickAsync();
        (await ada.Observe(5, Person.Ben)).HoldsOnlyTones();
        await ada.Does("ask-to-unmute", Person.Ben);
        await ben.At("unmute").ClickAsync();
        await ada.HearsOnly(Person.Ben);

        await ada.Does("stop-camera", Person.Ben);
        await ben.IsTold("Ada switched your camera off");
        await ada.SeesAvatarOf(Person.Ben);
        await ben.At("screen-button").ClickAsync();
        await ada.SeesScreenOf(Person.Ben);
        await ada.Does("stop-screen", Person.Ben);
        await ben.IsTold("Ada stopped the sharing of your screen");
        await ada.At("screen-tile").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await Pressed(ben, "screen-button", false);

        await ada.At("hosting-button").ClickAsync();
        await ada.At("mute-all").ClickAsync();
        await Pressed(ben, "mic-button", false);
        await ada.HearsOnly();
        await Pressed(ada, "mic-button", true);
    }

    [Fact]
    public async Task What_participants_may_not_do_is_off_and_says_why()
    {
        var ada = await Open(Person.Ada);
        var ben = await Open(Person.Ben);
        var link = await ada.Create("Rights");
        await ada.Enter();
        await ben.Join(link);
        await ada.HearsOnly(Person.Ben);

        await ada.Switches("join-tone", "may-mic", "may-screen", "may-chat", "may-rename");
        await Denied(ben, "mic-button", "Raise your hand");
        await Denied(ben, "screen-button", "Only hosts can share");
        await ada.HearsOnly();
        await ben.Page.Keyboard.PressAsync("m");
        await ben.IsTold("The hosts allow nobody to unmute");
        await Pressed(ben, "mic-button", false);
        await ben.At("chat-button").ClickAsync();
        Assert.True(await ben.At("chat-input").IsDisabledAsync());
        await ben.IsAccessible();
        await ben.LooksAt(Person.Ben);
        Assert.True(await ben.At("rename").IsDisabledAsync());
        Assert.Contains("do not allow renaming", await ben.At("rename").InnerTextAsync(), StringComparison.Ordinal);
        await ben.Page.Keyboard.PressAsync("Escape");

        // Who is asked may unmute all the same, and who comes later comes in muted.
        await ada.Does("ask-to-unmute", Person.Ben);
        await ben.At("unmute").ClickAsync();
        await ada.HearsOnly(Person.Ben);
        var cleo = await Open(Person.Cleo);
        await cleo.Join(link);
        await Pressed(cleo, "mic-button", false);
        await ada.Shows(Person.Cleo, mic: false, cam: true);
        await ada.HearsOnly(Person.Ben);
    }

    [Fact]
    public async Task A_listener_sends_nothing_until_a_host_lets_them()
    {
        var ada = await Open(Person.Ada);
        var ben = await Open(Person.Ben);
        var link = await ada.Create("Listening");
        await ada.Enter();
        await ben.Join(link);
        await ada.Sees(Person.Ben);

        await ada.Does("make-listener", Person.Ben);
        await ben.IsTold("You are a listener now");
        await Denied(ben, "mic-button", "You are a listener");
        await Denied(ben, "cam-button", "You are a listener");
        await ada.SeesAvatarOf(Person.Ben);
        await ada.HearsOnly();
        await ben.HearsOnly(Person.Ada);
        await ben.Sees(Person.Ada);

        await ada.Does("make-participant", Person.Ben);
        await ben.IsTold("You are a participant now");
        await ben.At("mic-button").ClickAsync();
        await ada.HearsOnly(Person.Ben);
    }

    [Fact]
    public async Task Hands_are_seen_in_the_order_in_which_they_were_raised()
    {
        var ada = await Open(Person.Ada with { Devices = "missing" });
        var ben = await Open(Ben);
        var cleo = await Open(Cleo);
        var link = await ada.Create("Hands");
        await ada.Enter();
        await ben.Join(link);
        await cleo.Join(link);
        await ada.IsWith(Person.Ben, Person.Cleo);

        await cleo.Page.Keyboard.PressAsync("r");
        await ada.IsTold("Cleo raised a hand");
        await ben.At("hand-button").ClickAsync();
        await ada.OpenPeople();
        await HasHands(ada, "Cleo", "Ben");
        await ben.OpenPeople();
        await HasHands(ben, "Cleo", "Ben (you)");
        Assert.Equal("2", (await ada.Tile(Person.Ben).GetByTestId("hand").InnerTextAsync()).Trim());
        Assert.Equal(0, await ben.At("lower").CountAsync());
        await ada.IsAccessible();

        await ada.At("hand-row").And(ada.Page.Locator("[data-name=Cleo]")).GetByTestId("lower").ClickAsync();
        await HasHands(ada, "Ben");
        await Pressed(cleo, "hand-button", false);
        await cleo.At("hand-button").ClickAsync();
        await HasHands(ada, "Ben", "Cleo");
        await ada.At("lower-all").ClickAsync();
        await HasHands(ada);
        await Pressed(ben, "hand-button", false);
    }

    [Fact]
    public async Task Who_is_removed_is_told_and_comes_back_only_if_they_may()
    {
        var ada = await Open(Person.Ada with { Devices = "missing" });
        var ben = await Open(Ben);
        var link = await ada.Create("Removed");
        await ada.Enter();
        await ben.Join(link);
        await ada.IsWith(Person.Ben);

        await ada.Does("remove", Person.Ben);
        await ada.IsAccessible();
        await ada.At("remove-confirm").ClickAsync();
        await ben.At("removed-page").WaitForAsync();
        Assert.Contains("Ada removed you", await ben.At("removed-page").InnerTextAsync(), StringComparison.Ordinal);
        await ben.IsAccessible();
        await ada.IsWith();
        await ben.At("rejoin-button").ClickAsync();
        await ben.TryToEnter();
        await ada.IsWith(Person.Ben);

        await ada.Does("remove", Person.Ben);
        await ada.At("may-return").ClickAsync();
        await ada.At("remove-confirm").ClickAsync();
        await ben.At("removed-page").WaitForAsync();
        Assert.Equal(0, await ben.At("rejoin-button").CountAsync());
        await ben.Page.ReloadAsync();
        await ben.At("gone-barred").WaitForAsync();
        await ada.IsWith();

        // What hosts did is in the record, for hosts.
        var record = link.Replace("/m/", "/history/", StringComparison.Ordinal);
        await ada.Go(record);
        await ada.At("action-row").Filter(new() { HasText = "Ada removed Ben for good" }).WaitForAsync();
        await ada.IsAccessible();
        await ben.Go(record);
        await ben.At("attendance-row").First.WaitForAsync();
        Assert.Equal(0, await ben.At("action-row").CountAsync());
    }

    [Fact]
    public async Task When_the_host_leaves_another_is_host_and_can_end_the_meeting()
    {
        var ada = await Open(Person.Ada with { Devices = "missing" });
        var ben = await Open(Ben);
        var cleo = await Open(Cleo);
        var link = await ada.Create("No host");
        await ada.Enter();
        await ben.Join(link);
        await cleo.Join(link);
        await ada.IsWith(Person.Ben, Person.Cleo);

        await ada.Leave();
        await ben.IsTold("You are a host now");
        await cleo.IsTold("Ben is a host now");
        await ben.Does("make-host", Cleo);
        await cleo.IsTold("You are a host now");
        await cleo.EndForAll();
        await ben.At("ended-page").WaitForAsync();
        Assert.Contains("Cleo", await ben.At("ended-page").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_changed_by_oneself_and_by_a_host()
    {
        var ada = await Open(Person.Ada with { Devices = "missing" });
        var ben = await Open(Ben);
        var link = await ada.Create("Names");
        await ada.Enter();
        await ben.Join(link);
        await ada.IsWith(Person.Ben);

        await ben.Does("rename", Ben);
        await ben.At("new-name").FillAsync("Benjamin");
        await ben.At("rename-confirm").ClickAsync();
        await ada.IsWith(Person.Ben with { Name = "Benjamin" });
        await ben.At("participant-row").And(ben.Page.Locator("[data-name=Benjamin]")).WaitForAsync();
        await ada.Does("rename", Person.Ben with { Name = "Benjamin" });
        await ada.At("new-name").FillAsync("Ben Weber");
        await ada.At("rename-confirm").ClickAsync();
        await ben.At("participant-row").And(ben.Page.Locator("[data-name='Ben Weber']")).WaitForAsync();
    }

    private static Task Pressed(Participant person, string button, bool pressed) =>
        person.At(button).And(person.Page.Locator($"[aria-pressed={(pressed ? "true" : "false")}]")).WaitForAsync();

    private static Task Denied(Participant person, string button, string reason) =>
        person.At(button).And(person.Page.Locator($"[aria-disabled=true][aria-label*='{reason}']")).WaitForAsync();

    private static Task<string> HasHands(Participant person, params string[] names) => Eventually.Holds(
        $"{person.Person.Name} sees the hands of {string.Join(", ", names)}",
        async () => string.Join(", ", await person.At("hand-row").Locator("bdi").AllInnerTextsAsync()),
        hands => hands == string.Join(", ", names));
}
