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

    [Fact]
    public async Task The_admin_changes_the_password_by_the_old_one_and_other_browsers_are_signed_out()
    {
        const string Wanted = "another password of tests";
        await using var server = await ServerProcess.StartAsync("--Parley:Admin:Password=");
        var old = "";
        await Eventually.Holds(
            "the password is said on the console",
            () => Task.FromResult(server.Log.FirstOrDefault(line => line.StartsWith("The admin's password is  ", StringComparison.Ordinal))),
            line => line is not null && (old = line.Split("  ")[1]).Length > 0);
        var (admin, elsewhere) = (await Open(Person.Dan with { Devices = "missing" }, server: server.Address), await Open(Person.Ada with { Devices = "missing" }, server: server.Address));
        foreach (var one in new[] { admin, elsewhere })
        {
            await one.Go("/admin/account");
            await one.SignIn(old);
        }

        await Change("not the old one", Wanted, Wanted);
        await admin.At("error-message").Filter(new() { HasText = "not the admin's password" }).WaitForAsync();
        await Change(old, "short", "short");
        await admin.At("error-message").Filter(new() { HasText = "12 to 200 characters" }).WaitForAsync();
        await Change(old, Wanted, Wanted + "x", press: false);
        await admin.At("error-message").Filter(new() { HasText = "not the same" }).WaitForAsync();
        Assert.True(await admin.At("change-password").IsDisabledAsync());
        await admin.IsAccessible();
        await Change(old, Wanted, Wanted);
        await admin.At("password-changed").WaitForAsync();
        Assert.Empty(await admin.At("current-password").InputValueAsync());
        await admin.IsAccessible();

        await admin.Page.ReloadAsync();
        await admin.At("sign-out").WaitForAsync();
        await elsewhere.Page.ReloadAsync();
        await elsewhere.At("admin-password").FillAsync(old);
        await elsewhere.At("sign-in").ClickAsync();
        await elsewhere.At("error-message").WaitForAsync();
        await elsewhere.SignIn(Wanted);

        async Task Change(string current, string wanted, string again, bool press = true)
        {
            await admin.At("current-password").FillAsync(current);
            await admin.At("new-password").FillAsync(wanted);
            await admin.At("new-password-again").FillAsync(again);
            if (press) await admin.At("change-password").ClickAsync();
        }
    }

    [Fact]
    public async Task A_webhook_is_made_tried_and_seen_to_arrive_signed_and_addresses_of_the_inside_are_refused()
    {
        using var listener = HookListener.Start();
        await using var server = await ServerProcess.StartAsync("--Parley:Webhooks:AllowPrivateAddresses=true");
        var admin = await Open(Person.Dan with { Devices = "missing" }, server: server.Address);
        await admin.Go("/admin/webhooks");
        await admin.SignIn();
        await admin.At("webhook-url").FillAsync("ftp://example.org/parley");
        await admin.At("create-webhook").ClickAsync();
        await admin.At("error-message").Filter(new() { HasText = "needs an https address" }).WaitForAsync();
        Assert.Equal(0, await admin.At("webhook").CountAsync());
        await admin.IsAccessible();

        await admin.At("webhook-url").FillAsync(listener.Url);
        await admin.At("create-webhook").ClickAsync();
        var secret = await admin.At("made-webhook-value").InputValueAsync();
        var hook = admin.At("webhook").Filter(new() { HasText = listener.Url });
        await hook.GetByTestId("webhook-test").ClickAsync();
        Assert.Equal("webhook.test", await listener.NextAsync(secret));
        await hook.Locator("[data-testid=delivery-row][data-state=delivered]").Filter(new() { HasText = "webhook.test" }).Filter(new() { HasText = "204" }).WaitForAsync();
        await admin.IsAccessible();

        // A meeting is told of as well.
        await (await Open(Person.Ada with { Devices = "missing" }, server: server.Address)).Create("Told");
        Assert.Equal("meeting.started", await listener.NextAsync(secret));

        // Where it is not allowed, nothing that only the server reaches is asked for anything.
        await admin.Page.GotoAsync(new Uri(Stage.Server.Address, "/admin/webhooks").AbsoluteUri);
        await admin.SignIn();
        var inside = listener.Url.Replace("http:", "https:", StringComparison.Ordinal);
        await admin.At("webhook-url").FillAsync(inside);
        await admin.At("create-webhook").ClickAsync();
        var refused = admin.At("webhook").Filter(new() { HasText = inside });
        await refused.GetByTestId("webhook-test").ClickAsync();
        await refused.Locator("[data-testid=delivery-row][data-state=waiting]").Filter(new() { HasText = "addressForbidden" }).First.WaitForAsync();
        Assert.False(listener.HasMore);
        await refused.GetByTestId("webhook-delete").ClickAsync();
        await admin.At("ask-confirm").ClickAsync();
        await refused.WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    [Fact]
    public async Task What_a_program_writes_by_its_key_is_in_the_chat_as_a_programs()
    {
        var admin = await Open(Person.Dan with { Devices = "missing" });
        await admin.Go("/admin/keys");
        await admin.SignIn();
        await admin.At("key-name").FillAsync("Build robot");
        await admin.At("scope-chat:write").CheckAsync();
        await admin.At("create-key").ClickAsync();
        var key = await admin.At("made-key-value").InputValueAsync();
        var ada = await Open(Person.Ada with { Devices = "missing" });
        var link = await ada.Create("Release");
        await ada.Enter();
        await ada.OpenChat();

        Assert.Equal(201, await Writes(key, new { text = "The build is green" }));
        Assert.Equal(201, await Writes(key, new { text = "Ship it", name = "Ada" }));
        await ada.Say("Who was that?");
        await ada.Reads((Person.Ada with { Name = "Build robot" }, "The build is green"), (Person.Ada, "Ship it"), (Person.Ada, "Who was that?"));
        Assert.Equal(2, await ada.At("chat-program").CountAsync());
        Assert.Equal(0, await ada.At("chat-message").Last.GetByTestId("chat-program").CountAsync());
        Assert.Equal(3, await ada.Page.Locator(".message:not(.continued)").CountAsync());
        await ada.IsAccessible();

        // Not once the hosts have closed the chat, and not without the key.
        await ada.Switches("may-chat");
        Assert.Equal(403, await Writes(key, new { text = "One more thing" }));
        Assert.Equal(401, await Writes(key + "x", new { text = "One more thing" }));
        await ada.OpenChat();
        await ada.At("chat-message").Nth(2).WaitForAsync();
        Assert.Equal(3, await ada.At("chat-message").CountAsync());

        Task<int> Writes(string bearer, object message) => admin.Page.EvaluateAsync<int>(
            """
            async ([path, key, message]) => (await fetch(path, {
              method: 'POST', credentials: 'omit', headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }, body: JSON.stringify(message),
            })).status
            """,
            new object[] { $"/api/meetings/{link[3..]}/chat", bearer, message });
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
