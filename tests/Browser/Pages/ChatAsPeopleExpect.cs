using Microsoft.Playwright;
using Parley.Browser.Harness;

namespace Parley.Browser.Pages;

public sealed class ChatAsPeopleExpect(Stage stage) : BrowserTest(stage)
{
    /// <summary>Two by two pixels.</summary>
    private static readonly byte[] Picture = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGM4IWcDRAwQCgAh9gSJHoU67gAAAABJRU5ErkJggg==");

    private static readonly Person Ada = Person.Ada with { Devices = "missing" };
    private static readonly Person Ben = Person.Ben with { Devices = "missing" };
    private static readonly Person Cleo = Person.Cleo with { Devices = "missing" };

    [Fact]
    public async Task People_link_write_privately_react_send_pictures_and_delete()
    {
        var (ada, ben, cleo) = (await Open(Ada), await Open(Ben), await Open(Cleo));
        var link = await ada.Create("Chat");
        await ada.Enter();
        await ben.Join(link);
        await cleo.Join(link);
        foreach (var one in new[] { ada, ben, cleo }) await one.OpenChat();

        // A link is one only where a browser may go, and nothing of the text is markup.
        await ada.Say("Look: https://example.org/a, <b>not</b> javascript:alert(1)");
        var anchor = ben.At("chat-message").Locator("a");
        Assert.Equal("https://example.org/a", await anchor.GetAttributeAsync("href"));
        Assert.Equal("noopener noreferrer nofollow", await anchor.GetAttributeAsync("rel"));
        Assert.Equal("_blank", await anchor.GetAttributeAsync("target"));
        await ben.Reads((Ada, "Look: https://example.org/a, <b>not</b> javascript:alert(1)"));

        // Private is for two: the host sees nothing of it, and the next line for all stands in its place there.
        await ben.At("chat-to").SelectOptionAsync(new SelectOptionValue { Label = Cleo.Name });
        await ben.Say("Between us");
        await cleo.At("chat-private").WaitForAsync();
        await cleo.At("reply-button").Last.ClickAsync();
        await cleo.Say("Yes");
        await ben.At("chat-private").Nth(1).WaitForAsync();
        await ben.At("chat-to").SelectOptionAsync("");
        await ben.Say("For all");
        await ada.Reads((Ada, "Look: https://example.org/a, <b>not</b> javascript:alert(1)"), (Ben, "For all"));

        // Reactions under a message, counted, and taken back; signs over the meeting.
        await ben.At("react-button").First.ClickAsync();
        await ben.IsAccessible();
        await ben.At("emoji").First.ClickAsync();
        await ada.At("reaction").ClickAsync();
        await Eventually.Holds("two reacted", () => ben.At("reaction").InnerTextAsync(), text => text == "👍 2");
        await ada.At("reaction").ClickAsync();
        await Eventually.Holds("one took it back", () => ben.At("reaction").InnerTextAsync(), text => text == "👍 1");
        await ben.At("sign-button").ClickAsync();
        await ben.At("sign").Last.ClickAsync();
        await ada.Tile(Ben).GetByTestId("tile-sign").WaitForAsync();
        Assert.Equal("Ben: 🎉", await ada.At("sign-said").InnerTextAsync());
        await ada.IsAccessible();

        // On a phone the signs are in the menu, and the bar has room for all of its buttons.
        await cleo.Page.SetViewportSizeAsync(390, 800);
        await cleo.At("more-button").ClickAsync();
        await cleo.At("sign").First.ClickAsync();
        await ben.Tile(Cleo).GetByTestId("tile-sign").WaitForAsync();
        var leave = await cleo.At("leave-button").BoundingBoxAsync();
        Assert.InRange(leave!.X + leave.Width, 0, 390);
        await cleo.Page.SetViewportSizeAsync(1024, 640);

        // A picture is shown, and saved as it was.
        await ada.At("attach-input").SetInputFilesAsync(new FilePayload { Name = "tiny.png", MimeType = "image/png", Buffer = Picture });
        await ben.At("chat-picture").WaitForAsync();
        Assert.Equal(2, await ben.At("chat-picture").EvaluateAsync<int>("async (image) => { await image.decode(); return image.naturalWidth; }"));
        var saving = ben.Page.WaitForDownloadAsync();
        await ben.At("chat-file").GetByRole(AriaRole.Button).ClickAsync();
        var saved = await saving;
        Assert.Equal("tiny.png", saved.SuggestedFilename);
        Assert.Equal(Picture, await File.ReadAllBytesAsync((await saved.PathAsync())!, TestContext.Current.CancellationToken));

        // A guest deletes their own, a host any.
        Assert.Equal(0, await cleo.At("chat-message").Filter(new() { HasText = "For all" }).GetByTestId("delete-button").CountAsync());
        await ada.At("chat-message").Filter(new() { HasText = "For all" }).GetByTestId("delete-button").ClickAsync();
        await ada.At("delete-confirm").ClickAsync();
        await cleo.At("chat-deleted").WaitForAsync();
        Assert.Equal("Deleted by a host, Ada", await cleo.At("chat-deleted").InnerTextAsync());
        await ada.IsAccessible();
    }

    [Fact]
    public async Task Who_comes_late_reads_back_to_the_beginning_and_keeps_their_place()
    {
        await using var server = await ServerProcess.StartAsync("--Parley:Limits:ChatHistory=20", "--Parley:Rates:Chat:Burst=1000");
        var ada = await Open(Ada, server: server.Address);
        var link = await ada.Create("Long");
        await ada.Enter();
        await ada.OpenChat();
        for (var i = 0; i < 60; i++) await ada.Say($"line {i}");
        await ada.At("chat-message").Nth(59).WaitForAsync();

        var ben = await Open(Ben, server: server.Address);
        await ben.Join(link);
        await ada.Say("line 60");
        await Eventually.Holds("one unread", () => ben.At("chat-button-badge").InnerTextAsync(), text => text == "1");
        await ben.OpenChat();
        await ben.At("chat-message").Nth(20).WaitForAsync();
        Assert.Equal("line 40", await ben.At("chat-text").First.InnerTextAsync());

        // Up a bit: what is read stays where it is while older lines come in above.
        var moved = await ben.Page.EvaluateAsync<double>(
            """
            async () => {
              const list = document.querySelector('.messages');
              const marked = document.querySelector('[data-testid=chat-message]');
              const top = () => marked.getBoundingClientRect().top;
              list.scrollTop = 60;
              await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
              const before = top();
              while (document.querySelectorAll('[data-testid=chat-message]').length < 61) {
                await new Promise((done) => setTimeout(done, 20));
              }
              await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
              return Math.abs(top() - before);
            }
            """);
        Assert.InRange(moved, 0, 80);
        Assert.Equal(Enumerable.Range(0, 61).Select(i => $"line {i}"), await ben.At("chat-text").AllInnerTextsAsync());
        Assert.Equal(0, await ben.At("chat-older").CountAsync());

        await ben.Page.ReloadAsync();
        await ben.Meeting.WaitForAsync();
        await ben.OpenChat();
        // A click would first scroll to it, and that alone brings the older lines, and takes the button away.
        await ben.At("chat-older").DispatchEventAsync("click");
        await ben.At("chat-message").Nth(60).WaitForAsync();
        Assert.Equal(Enumerable.Range(0, 61).Select(i => $"line {i}"), await ben.At("chat-text").AllInnerTextsAsync());
    }
}
