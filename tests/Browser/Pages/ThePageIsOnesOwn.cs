using Parley.Browser.Harness;

namespace Parley.Browser.Pages;

/// <summary>What each chooses for themselves: devices, layout, whom they see large; and what the page tells them.</summary>
public sealed class ThePageIsOnesOwn(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task The_door_remembers_the_name_and_which_devices_are_to_be_on()
    {
        var ada = await Open(Person.Ada);
        await ada.Create("Before");
        await ada.Page.Locator(".preview video").WaitForAsync();
        await ada.At("cam-button").ClickAsync();
        await ada.TryToEnter();
        await ada.Shows(Person.Ada, mic: true, cam: false);
        await ada.Leave();

        await ada.Go("/");
        Assert.Equal(Person.Ada.Name, await ada.At("name-input").InputValueAsync());
        await ada.Create("After");
        await ada.Page.Locator("[data-testid=mic-button][aria-pressed=true]").WaitForAsync();
        Assert.Equal("false", await ada.At("cam-button").GetAttributeAsync("aria-pressed"));
        await ada.At("join-button").ClickAsync();
        await ada.Shows(Person.Ada, mic: true, cam: false);
    }

    [Fact]
    public async Task Another_camera_is_chosen_in_the_meeting_and_the_others_see_by_it()
    {
        var (ada, ben) = (await Open(Person.Ada), await Open(Person.Ben));
        var link = await ada.Create("Two cameras");
        await ada.Enter();
        await ben.Join(link);
        await ada.Sees(Person.Ben);
        await ben.At("more-button").ClickAsync();
        await ben.At("settings-button").ClickAsync();
        await ben.At("cam-select").SelectOptionAsync("cam 2");
        await ben.IsAccessible();
        await ada.Until("Ada sees by Ben's other camera", "name => peer.seenIn(name)?.participant === 6", Person.Ben.Name);
        await ben.At("cam-select").SelectOptionAsync("cam");
        await ada.Sees(Person.Ben);
    }

    [Fact]
    public async Task One_is_large_by_choice_or_pinned_and_all_are_alike_by_a_key_for_oneself_alone()
    {
        var people = new[] { Person.Ada, Person.Ben, Person.Cleo }.Select(one => one with { Devices = "missing" }).ToArray();
        var (ada, ben, cleo) = (await Open(people[0]), await Open(people[1]), await Open(people[2]));
        var link = await ada.Create("Large and small");
        await ada.Enter();
        await ben.Join(link);
        await cleo.Join(link);
        await ada.IsWith(people[1], people[2]);

        await ada.At("more-button").ClickAsync();
        await ada.At("layout-speaker").ClickAsync();
        await ada.Page.Keyboard.PressAsync("Escape");
        await Large(ada, 1);
        await ada.Page.Keyboard.PressAsync("w");
        await Large(ada, 0);

        foreach (var one in new[] { Person.Cleo, Person.Ben })
        {
            await ada.Tile(one).HoverAsync();
            await ada.Tile(one).GetByTestId("pin-button").ClickAsync();
            await ada.Tile(one).And(ada.Page.Locator("[data-large=true]")).WaitForAsync();
            Assert.Equal("true", await ada.Tile(one).GetByTestId("pin-button").GetAttributeAsync("aria-pressed"));
            await Large(ada, 1);
        }

        await ada.IsAccessible();
        Assert.Equal(0, await ben.Page.Locator("[data-large=true]").CountAsync());
        // Who is pinned and leaves is large no more.
        await ben.Leave();
        await ada.IsWith(people[2]);
        await Large(ada, 0);

        static Task Large(Participant person, int count) =>
            Eventually.Holds($"{count} are large", () => person.Page.Locator("[data-testid=tile][data-large=true]").CountAsync(), all => all == count);
    }

    [Fact]
    public async Task Keys_are_listed_by_a_key_and_how_one_is_connected_stands_behind_the_badge()
    {
        var (ada, ben) = (await Open(Person.Ada), await Open(Person.Ben));
        var link = await ada.Create("Help");
        await ada.Enter();
        await ben.Join(link);
        await ada.Goes("peerToPeer");
        await ada.Page.Keyboard.PressAsync("?");
        var keys = await ada.At("help-sheet").Locator("kbd").AllInnerTextsAsync();
        Assert.Equal(["M", "V", "D", "R", "W", "Space", "C", "P", "?", "Esc"], keys);
        await ada.IsAccessible();
        await ada.Page.Keyboard.PressAsync("Escape");
        await ada.At("help-sheet").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });

        foreach (var one in new[] { ada, ben })
        {
            await one.At("connection-badge").ClickAsync();
            await one.Page.Locator("[data-testid=connection-panel][data-path=peerToPeer]").WaitForAsync();
            Assert.NotEmpty(await one.At("figures").InnerTextAsync());
            await one.IsAccessible();
        }

        // Who is no host sees which way it is, and chooses none.
        Assert.Equal(0, await ben.At("pin-server").CountAsync());
        await ada.At("pin-server").ClickAsync();
        await ben.Goes("server");
        await ben.Page.Locator("[data-testid=connection-panel]:not([data-path=peerToPeer])").WaitForAsync();
    }
}
