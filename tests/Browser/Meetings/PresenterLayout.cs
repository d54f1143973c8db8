using Microsoft.Playwright;
using Parley.Browser.Harness;
using Parley.Client;
using Parley.Client.Meetings;

namespace Parley.Browser.Meetings;

/// <summary>How a shared screen is shown: large, with the people in a row below it.</summary>
public sealed class PresenterLayout(Stage stage) : BrowserTest(stage)
{
    private static readonly Person Watcher = Person.Ada with { Devices = "missing" };

    [Fact]
    public async Task A_shared_screen_is_large_with_the_people_in_a_row_until_it_ends_and_a_pin_comes_before_it()
    {
        var (ada, ben, guests, server) = await MeetAsync(guests: 1);
        using (server)
        {
            try
            {
                await Large(ada, screen: 0, people: 0);
                await ada.Page.EvaluateAsync(
                    """
                    () => {
                      window.bare = 0;
                      const look = () => {
                        const tile = document.querySelector('[data-testid=screen-tile]');
                        if (tile && !tile.querySelector('.spinner') && !tile.querySelector('video')?.videoWidth) window.bare++;
                        window.looking = requestAnimationFrame(look);
                      };
                      look();
                    }
                    """);
                await ben.At("screen-button").ClickAsync();
                await ada.SeesScreenOf(Person.Ben);
                // Until its first picture is there, the tile says that one comes.
                Assert.Equal(0, await ada.Page.EvaluateAsync<int>("() => { cancelAnimationFrame(window.looking); return window.bare; }"));
                await Large(ada, screen: 1, people: 0);
                await HasARow(ada, "Guest 1", Watcher.Name, Person.Ben.Name);
                await ada.Sees(Person.Ben);
                await ada.IsAccessible();

                // As narrow as a phone.
                await ada.Page.SetViewportSizeAsync(390, 760);
                await HasARow(ada, "Guest 1", Watcher.Name, Person.Ben.Name);
                await ada.SeesScreenOf(Person.Ben);
                await ada.IsAccessible();
                await ada.Page.SetViewportSizeAsync(1024, 640);

                // A person who is pinned takes its place, and the screen is in the row; without the pin it is large again.
                await Pin(ada);
                await Large(ada, screen: 0, people: 1);
                Assert.True(await ada.Tile(Person.Ben).And(ada.Page.Locator("[data-large=true]")).IsVisibleAsync());
                await ada.SeesScreenOf(Person.Ben);
                await Pin(ada);
                await Large(ada, screen: 1, people: 0);

                await ben.At("screen-button").ClickAsync();
                await ada.At("screen-tile").WaitForAsync(new() { State = WaitForSelectorState.Detached });
                await Large(ada, screen: 0, people: 0);
            }
            finally
            {
                foreach (var guest in guests) await guest.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task More_people_than_the_row_holds_are_on_further_pages_with_the_screen_on_each()
    {
        var (ada, ben, guests, server) = await MeetAsync(guests: 5);
        using (server)
        {
            try
            {
                await ada.Page.SetViewportSizeAsync(390, 760);
                await ben.At("screen-button").ClickAsync();
                await ada.SeesScreenOf(Person.Ben);
                await ada.At("pager").WaitForAsync();
                await Large(ada, screen: 1, people: 0);
                await ada.At("page-after").ClickAsync();
                await ada.Until("another page is shown", "() => document.querySelector('[data-testid=page]').textContent.startsWith('2')");
                await Large(ada, screen: 1, people: 0);
                await ada.SeesScreenOf(Person.Ben);
            }
            finally
            {
                foreach (var guest in guests) await guest.DisposeAsync();
            }
        }
    }

    /// <summary>Ada, who watches, Ben with a camera, and some who have neither browser nor media.</summary>
    private async Task<(Participant Ada, Participant Ben, List<MeetingSession> Guests, ParleyServer Server)> MeetAsync(int guests)
    {
        var (ada, ben) = (await Open(Watcher), await Open(Person.Ben));
        var link = await ada.Create("A talk with slides");
        await ada.Enter();
        await ben.Join(link);
        var server = new ParleyServer(Stage.Server.Address);
        var all = new List<MeetingSession>();
        for (var i = 1; i <= guests; i++)
        {
            all.Add(await server.JoinAsync(
                MeetingLink.Parse(new Uri(Stage.Server.Address, link).ToString()).MeetingId,
                new JoinOptions { Name = $"Guest {i}", Media = false },
                TestContext.Current.CancellationToken));
        }

        await ada.Until("all are here", "count => document.querySelectorAll('[data-testid=tile]').length === count", guests + 2);
        return (ada, ben, all, server);
    }

    private static async Task Pin(Participant who)
    {
        await who.Tile(Person.Ben).HoverAsync();
        await who.Tile(Person.Ben).GetByTestId("pin-button").ClickAsync();
    }

    private static Task Large(Participant who, int screen, int people) => who.Until(
        $"{screen} screens and {people} people are large",
        """
        ([screen, people]) => ['screen-tile', 'tile'].map((id) => document.querySelectorAll(`[data-testid=${id}][data-large=true]`).length).join() === `${screen},${people}`
        """,
        new object[] { screen, people });

    /// <summary>Waits until the screen takes most of the stage, and these people are side by side in one row below it, inside the stage.</summary>
    private static Task HasARow(Participant who, params string[] names) => who.Until(
        $"the screen is above a row of {string.Join(", ", names)}",
        """
        (names) => {
          const stage = document.querySelector('.stage-space').getBoundingClientRect();
          const screen = document.querySelector('[data-testid=screen-tile]')?.getBoundingClientRect();
          const tiles = [...document.querySelectorAll('[data-testid=tile]')];
          const row = tiles.map((tile) => tile.getBoundingClientRect());
          return screen !== undefined
            && JSON.stringify(tiles.map((tile) => tile.dataset.name).sort()) === JSON.stringify(names.sort())
            && screen.width >= stage.width - 2
            && screen.height > stage.height / 2
            && row.every(({ top }) => Math.abs(top - row[0].top) < 2 && top >= screen.bottom)
            && row.every(({ left, right, bottom }) => left >= stage.left - 1 && right <= stage.right + 1 && bottom <= stage.bottom + 1)
            && row.every(({ left, right }, i) => row.every((other, k) => k === i || left >= other.right || right <= other.left));
        }
        """,
        names);
}
