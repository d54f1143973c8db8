using System.Text.Json;
using Microsoft.Playwright;
using Parley.Browser.Harness;

namespace Parley.Browser.Pages;

public sealed class Administration(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task The_admin_sees_who_is_where_removes_ends_reads_takes_away_and_deletes()
    {
        var admin = await Open(Person.Dan with { Devices = "missing" });
        var ada = await Open(Person.Ada);
        var ben = await Open(Person.Ben);
        var link = await ada.Create("Run by others");
        await ada.Enter();
        await ben.Join(link);
        await ben.Say("For the record");
        await ada.Goes("peerToPeer");

        // Nobody gets in by guessing.
        await admin.Go("/admin");
        await admin.At("admin-password").FillAsync("a guess");
        await admin.At("sign-in").ClickAsync();
        await admin.At("error-message").WaitForAsync();
        await admin.IsAccessible();
        await admin.SignIn();

        var meeting = admin.Page.Locator($"[data-testid=live-meeting][data-meeting-id='{link[3..]}']");
        await meeting.GetByTestId("live-mode").Filter(new() { HasText = "Peer to peer" }).WaitForAsync();
        var row = meeting.Locator("[data-testid=live-participant][data-name=Ben]");
        await row.Filter(new() { HasText = "Direct" }).WaitForAsync();
        Assert.Contains("Participant", await row.InnerTextAsync(), StringComparison.Ordinal);
        await admin.At("server-figures").Filter(new() { HasText = "MB" }).WaitForAsync();
        await admin.IsAccessible();
        await row.GetByTestId("remove-participant").ClickAsync();
        await admin.IsAccessible();
        await admin.At("ask-confirm").ClickAsync();
        await ben.At("removed-page").WaitForAsync();
        await meeting.GetByTestId("end-meeting").ClickAsync();
        await admin.At("ask-confirm").ClickAsync();
        await ada.At("ended-page").WaitForAsync();

        await admin.At("admin-history").ClickAsync();
        await admin.At("record-search").FillAsync("run by");
        await admin.At("record-row").Filter(new() { HasText = "Run by others" }).First.ClickAsync();
        await admin.At("chat-text").Filter(new() { HasText = "For the record" }).WaitForAsync();
        Assert.Equal(2, await admin.At("attendance-row").CountAsync());
        await admin.IsAccessible();
        Assert.Contains("For the record", await admin.Downloads("Chat (CSV)"), StringComparison.Ordinal);
        Assert.Contains("Ben", await admin.Downloads("Attendance (CSV)"), StringComparison.Ordinal);
        using var all = JsonDocument.Parse(await admin.Downloads("All of it (JSON)"));
        Assert.Equal("Run by others", all.RootElement.GetProperty("title").GetString());
        await admin.At("delete-record").ClickAsync();
        await admin.At("ask-confirm").ClickAsync();
        await admin.At("record-search").FillAsync("run by");
        await admin.Page.GetByText("No record is like this").WaitForAsync();
    }

    [Fact]
    public async Task A_key_is_shown_once_opens_what_it_may_and_no_more_when_it_is_revoked()
    {
        var admin = await Open(Person.Dan with { Devices = "missing" });
        await admin.Go("/admin/keys");
        await admin.SignIn();
        await admin.At("key-name").FillAsync("A calendar");
        await admin.At("scope-meetings:read").CheckAsync();
        await admin.At("create-key").ClickAsync();
        var key = await admin.At("made-key-value").InputValueAsync();
        var row = admin.Page.Locator("[data-testid=key-row][data-name='A calendar']");
        await row.WaitForAsync();
        await admin.IsAccessible();
        Assert.Equal("200 403", await Answers(admin, key));

        // Loaded again the page does not know it any more.
        await admin.Page.ReloadAsync();
        await row.GetByTestId("revoke-key").ClickAsync();
        Assert.Equal(0, await admin.At("made-key").CountAsync());
        await admin.At("ask-confirm").ClickAsync();
        await row.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.Equal("401 401", await Answers(admin, key));

        await admin.At("sign-out").ClickAsync();
        await admin.At("admin-password").WaitForAsync();
        await admin.Page.ReloadAsync();
        await admin.At("admin-password").WaitForAsync();
    }

    /// <summary>To whom asks for the meetings, and for all records.</summary>
    private static Task<string> Answers(Participant person, string key) => person.Page.EvaluateAsync<string>(
        """
        async (key) => {
          const status = async (path) => (await fetch(path, { credentials: 'omit', headers: { Authorization: `Bearer ${key}` } })).status;
          return `${await status('/api/meetings')} ${await status('/api/admin/records')}`;
        }
        """,
        key);
}
