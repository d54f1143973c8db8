using Parley.Browser.Harness;
using Parley.Client;
using Parley.Client.Meetings;

namespace Parley.Browser.Meetings;

public sealed class ManyPeople(Stage stage) : BrowserTest(stage)
{
    /// <summary>Most tiles on a page as wide as a phone.</summary>
    private const int OnOnePage = 6;

    [Fact]
    public async Task More_people_than_a_page_holds_are_on_further_pages_that_a_keyboard_reaches()
    {
        var ada = await Open(Person.Ada with { Devices = "missing" });
        await ada.Page.SetViewportSizeAsync(390, 760);
        var link = await ada.Create("Many people");
        await ada.Enter();
        using var server = new ParleyServer(Stage.Server.Address);
        var others = new List<MeetingSession>();
        try
        {
            for (var i = 1; i <= OnOnePage; i++)
            {
                others.Add(await server.JoinAsync(
                    MeetingLink.Parse(new Uri(Stage.Server.Address, link).ToString()).MeetingId,
                    new JoinOptions { Name = $"Guest {i}", Media = false },
                    TestContext.Current.CancellationToken));
            }

            await HasTiles(ada, "Guest 1", "Guest 2", "Guest 3", "Guest 4", "Guest 5", "Ada");
            Assert.Equal("1 of 2", await ada.At("page").InnerTextAsync());
            await ada.IsAccessible();

            await ada.At("page-after").FocusAsync();
            await ada.Page.Keyboard.PressAsync("Enter");
            await HasTiles(ada, "Guest 6");
            await ada.Page.Keyboard.PressAsync("Enter");
            await HasTiles(ada, "Guest 6");
            await ada.At("page-before").PressAsync("Enter");
            await HasTiles(ada, "Guest 1", "Guest 2", "Guest 3", "Guest 4", "Guest 5", "Ada");

            // All tiles are within the stage, above the buttons for the pages.
            var buttons = (await ada.At("pager").BoundingBoxAsync())!;
            foreach (var tile in await ada.At("tile").AllAsync())
            {
                var place = (await tile.BoundingBoxAsync())!;
                Assert.True(place.Y + place.Height <= buttons.Y + 1, $"{place.Y + place.Height} is below {buttons.Y}");
            }

            await others[0].DisposeAsync();
            others.RemoveAt(0);
            await HasTiles(ada, "Guest 2", "Guest 3", "Guest 4", "Guest 5", "Guest 6", "Ada");
            Assert.Equal(0, await ada.At("pager").CountAsync());
        }
        finally
        {
            foreach (var other in others) await other.DisposeAsync();
        }
    }

    private static Task HasTiles(Participant person, params string[] names) => person.Until(
        $"the tiles are {string.Join(", ", names)}",
        "names => JSON.stringify([...document.querySelectorAll('[data-testid=tile]')].map((tile) => tile.dataset.name)) === JSON.stringify(names)",
        names);
}
