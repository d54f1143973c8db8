using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Parley.Protocol;
using Parley.Server.Tests.Access;
using Parley.Server.Tests.Meetings;
using Parley.Server.Tests.Records;
using Parley.Server.Tests.Signalling;
using Parley.Server.Webhooks;

namespace Parley.Server.Tests.Webhooks;

public sealed class WebhookTests
{
    private const string Path = "/api/admin/webhooks", AllowPrivate = "Parley:Webhooks:AllowPrivateAddresses=true", ManyReads = "Parley:Rates:Keys:Burst=1000000";

    [Fact]
    public async Task What_happens_in_a_meeting_is_told_in_order_and_signed()
    {
        await using var listener = await WebhookListener.StartAsync();
        await using var server = await TestServer.StartAsync(AllowPrivate, ManyReads);
        var hook = await CreateAsync(server, listener.Url);
        var meeting = await server.CreateAsync();
        await using var client = await TestClient.ConnectAsync(server);
        var ada = (await client.JoinAsync(meeting.Id, "Ada", secret: meeting.CreatorSecret)).Value!;
        await using var second = await TestClient.ConnectAsync(server);
        await second.JoinAsync(meeting.Id, "Bob");
        await second.CallAsync<bool>("leave");
        await client.CallAsync<bool>("cancel", meeting.CreatorSecret);

        var taken = new List<WebhookListener.Taken>();
        for (var i = 0; i < 6; i++) taken.Add(await listener.NextAsync());
        Assert.Equal(
            ["meeting.started", "participant.joined", "participant.joined", "participant.left", "participant.left", "meeting.ended"], taken.Select(one => one.Type));
        Assert.All(taken, one => Assert.Equal(meeting.Id, one.Data.GetProperty("meetingId").GetString()));
        Assert.Equal(("Weekly", "Ada"), (taken[0].Data.GetProperty("title").GetString(), taken[1].Data.GetProperty("name").GetString()));
        Assert.Equal("host", taken[1].Data.GetProperty("role").GetString());
        Assert.Equal(("Bob", "left"), (taken[3].Data.GetProperty("name").GetString(), taken[3].Data.GetProperty("reason").GetString()));
        Assert.True(taken[3].Data.GetProperty("seconds").GetDouble() >= 0);
        Assert.Equal((ada.ParticipantId, "cancelled"), (taken[4].Data.GetProperty("participantId").GetString(), taken[4].Data.GetProperty("reason").GetString()));
        Assert.Equal("cancelled", taken[5].Data.GetProperty("reason").GetString());
        Assert.Equal(6, taken.Select(one => one.Id).Distinct().Count());

        // As the convention has it: https://www.standardwebhooks.com
        var key = Convert.FromBase64String(hook.Secret["whsec_".Length..]);
        foreach (var one in taken)
            Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{one.Id}.{one.Timestamp}.{one.Body}"))), one.Signature);
    }

    [Fact]
    public async Task What_failed_is_sent_again_before_anything_newer_also_by_the_next_process()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(57));
        using var records = new TemporaryRecords();
        await using var listener = await WebhookListener.StartAsync();
        listener.Answer = http => Answers(http, 500);
        WebhookListener.Taken first;
        WebhookCreated hook;
        await using (var server = await TestServer.StartAsync(records, services => services.AddSingleton<TimeProvider>(time), AllowPrivate, ManyReads))
        {
            hook = await CreateAsync(server, listener.Url);
            await server.CreateAsync("One");
            await server.CreateAsync("Two");
            first = await listener.NextAsync();
            Assert.Equal("One", first.Data.GetProperty("title").GetString());
            await UntilAsync(server, hook, list => list[^1].Attempts == 1);
            Assert.Equal(500, (await DeliveriesAsync(server, hook))[^1].Status);
            time.Advance(TimeSpan.FromSeconds(3));
            Assert.False(listener.HasMore);
            await WhileAdvancingAsync(time, listener, TimeSpan.FromSeconds(4));
            Assert.Equal(first.Id, (await listener.NextAsync()).Id);
            await UntilAsync(server, hook, list => list[^1].Attempts == 2);
        }

        listener.Answer = _ => Task.CompletedTask;
        await using var again = await TestServer.StartAsync(records, services => services.AddSingleton<TimeProvider>(time), AllowPrivate, ManyReads);
        await WhileAdvancingAsync(time, listener, TimeSpan.FromSeconds(25));
        var retried = await listener.NextAsync();
        Assert.Equal((first.Id, first.Body), (retried.Id, retried.Body));
        Assert.NotEqual(first.Timestamp, retried.Timestamp);
        // An answer may be lost under so hasty a clock: it is then sent once more, and still before anything newer.
        var next = retried;
        while (next.Id == first.Id)
        {
            await WhileAdvancingAsync(time, listener, TimeSpan.FromSeconds(25));
            next = await listener.NextAsync();
        }

        Assert.Equal("Two", next.Data.GetProperty("title").GetString());
        await UntilAsync(again, hook, list => list.TrueForAll(one => one.State == DeliveryState.Delivered));
    }

    /// <summary>An event that an endpoint never takes used to hold up all that came after it for a day.</summary>
    [Fact]
    public async Task What_an_endpoint_refuses_three_times_steps_aside_and_comes_when_it_is_taken()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(57));
        await using var listener = await WebhookListener.StartAsync();
        var mended = false;
        listener.Answer = async http =>
        {
            http.Request.Body.Position = 0;
            using var body = new StreamReader(http.Request.Body, leaveOpen: true);
            if (!mended && (await body.ReadToEndAsync()).Contains("Poison", StringComparison.Ordinal)) http.Response.StatusCode = 500;
        };
        await using var server = await TestServer.StartAsync(services => services.AddSingleton<TimeProvider>(time), AllowPrivate, ManyReads);
        var hook = await CreateAsync(server, listener.Url);
        foreach (var title in new[] { "One", "Poison", "Two", "Three" }) await server.CreateAsync(title);

        var titles = new List<string>();
        while (titles.LastOrDefault() != "Three")
        {
            await WhileAdvancingAsync(time, listener, TimeSpan.FromSeconds(4));
            titles.Add((await listener.NextAsync()).Data.GetProperty("title").GetString()!);
        }

        // In order until it has failed three times; the clock may be so hasty that an answer is lost, or it is its turn once more.
        var distinct = titles.Where((title, i) => i == 0 || titles[i - 1] != title).ToList();
        Assert.Equal(["One", "Poison", "Two"], distinct[..3]);
        Assert.InRange(titles.Take(titles.IndexOf("Two")).Count(title => title == "Poison"), WebhookSender.HeldFor, 100);
        mended = true;
        await WhileAdvancingAsync(time, listener, TimeSpan.FromMinutes(5));
        Assert.Equal("Poison", (await listener.NextAsync()).Data.GetProperty("title").GetString());
        await UntilAsync(server, hook, list => list.TrueForAll(one => one.State == DeliveryState.Delivered));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task While_an_endpoint_says_that_it_takes_nothing_now_nothing_steps_aside(int status)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(57));
        await using var listener = await WebhookListener.StartAsync();
        listener.Answer = http => Answers(http, status);
        await using var server = await TestServer.StartAsync(services => services.AddSingleton<TimeProvider>(time), AllowPrivate, ManyReads);
        var hook = await CreateAsync(server, listener.Url);
        await server.CreateAsync("One");
        await server.CreateAsync("Two");
        for (var i = 0; i < 5; i++)
        {
            await WhileAdvancingAsync(time, listener, TimeSpan.FromMinutes(1));
            Assert.Equal("One", (await listener.NextAsync()).Data.GetProperty("title").GetString());
        }

        listener.Answer = _ => Task.CompletedTask;
        await WhileAdvancingAsync(time, listener, TimeSpan.FromMinutes(10));
        Assert.Equal("One", (await listener.NextAsync()).Data.GetProperty("title").GetString());
        await UntilAsync(server, hook, list => list[0].State == DeliveryState.Delivered);
    }

    [Fact]
    public async Task After_a_day_it_is_given_up_and_seen_to_be()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(57));
        await using var listener = await WebhookListener.StartAsync();
        listener.Answer = http => Answers(http, 503);
        await using var server = await TestServer.StartAsync(services => services.AddSingleton<TimeProvider>(time), AllowPrivate, ManyReads);
        var hook = await CreateAsync(server, listener.Url);
        await server.CallAsync(HttpMethod.Post, $"{Path}/{hook.Webhook.Id}/test", hook.Key);
        await listener.NextAsync();
        await UntilAsync(server, hook, list => list[0].Attempts == 1);
        time.Advance(TimeSpan.FromHours(25));
        await WhileAdvancingAsync(time, listener, TimeSpan.FromSeconds(7));
        await UntilAsync(server, hook, list => list[0].Attempts == 2);
        Assert.Equal(DeliveryState.GivenUp, (await DeliveriesAsync(server, hook))[0].State);
    }

    [Fact]
    public async Task One_that_does_not_answer_delays_nobody_else_and_a_redirect_is_not_followed()
    {
        await using var slow = await WebhookListener.StartAsync();
        await using var quick = await WebhookListener.StartAsync();
        await using var away = await WebhookListener.StartAsync();
        var never = new TaskCompletionSource();
        slow.Answer = _ => never.Task;
        away.Answer = http =>
        {
            http.Response.Headers.Location = quick.Url;
            return Answers(http, 307);
        };
        await using var server = await TestServer.StartAsync(AllowPrivate, ManyReads);
        var (_, redirected, _) = (await CreateAsync(server, slow.Url), await CreateAsync(server, away.Url), await CreateAsync(server, quick.Url, "meeting.started"));
        for (var i = 0; i < 3; i++)
        {
            var meeting = await server.CreateAsync();
            Assert.Equal(meeting.Id, (await quick.NextAsync()).Data.GetProperty("meetingId").GetString());
            await server.CallAsync(HttpMethod.Delete, $"/api/meetings/{meeting.Id}", meeting.CreatorSecret);
        }

        await UntilAsync(server, redirected, list => list[^1].Status == 307);
        Assert.False(quick.HasMore);
        never.SetResult();
    }

    /// <summary>Who may register a webhook must not reach what only the server can.</summary>
    [Fact]
    public async Task Nothing_is_sent_to_private_addresses_whatever_name_leads_there()
    {
        await using var listener = await WebhookListener.StartAsync();
        using var records = new TemporaryRecords();
        WebhookCreated hook;
        await using (var open = await TestServer.StartAsync(records, AllowPrivate, ManyReads)) hook = await CreateAsync(open, listener.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        await using var server = await TestServer.StartAsync(records, ManyReads);
        await server.CreateAsync();
        await UntilAsync(server, hook, list => list is [{ Problem: "addressForbidden", Status: null }]);
        Assert.False(listener.HasMore);
        foreach (var url in new[] { listener.Url, "ftp://example.org", "https://user:secret@example.org", "example.org", "", "https://" + new string('x', 2000) + ".example" })
            await server.CallAsync(HttpMethod.Post, Path, hook.Key, new CreateWebhook(url)).RefusedAsync(HttpStatusCode.BadRequest, ErrorCodes.RequestInvalid);
    }

    [Fact]
    public async Task A_webhook_is_changed_disabled_and_deleted_by_the_admin_alone()
    {
        await using var listener = await WebhookListener.StartAsync();
        await using var server = await TestServer.StartAsync(AllowPrivate, ManyReads);
        var hook = await CreateAsync(server, listener.Url, "meeting.ended");
        var one = $"{Path}/{hook.Webhook.Id}";
        var other = (await server.KeyAsync("meetings:write", "records:write")).Key;
        foreach (var (method, path) in new[] { (HttpMethod.Get, Path), (HttpMethod.Post, Path), (HttpMethod.Patch, one), (HttpMethod.Delete, one), (HttpMethod.Get, one + "/deliveries"), (HttpMethod.Post, one + "/test") })
            await server.CallAsync(method, path, other, method == HttpMethod.Get ? null : new { }).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.ScopeMissing);
        await server.CallAsync(HttpMethod.Patch, one, hook.Key, new WebhookChange(Events: ["everything"])).RefusedAsync(HttpStatusCode.BadRequest, ErrorCodes.RequestInvalid);

        Assert.Equal(HttpStatusCode.NoContent, (await server.CallAsync(HttpMethod.Patch, one, hook.Key, new WebhookChange(Disabled: true))).StatusCode);
        await server.CreateAsync("Not told");
        Assert.Equal(HttpStatusCode.NoContent, (await server.CallAsync(HttpMethod.Patch, one, hook.Key, new WebhookChange(Disabled: false, Events: ["meeting.started"]))).StatusCode);
        await server.CreateAsync("Told");
        Assert.Equal("Told", (await listener.NextAsync()).Data.GetProperty("title").GetString());
        var seen = Assert.Single(await server.AskAsync<Webhook[]>(HttpMethod.Get, Path, hook.Key));
        Assert.Equal((listener.Url, "meeting.started"), (seen.Url, Assert.Single(seen.Events)));
        Assert.Equal(HttpStatusCode.NoContent, (await server.CallAsync(HttpMethod.Delete, one, hook.Key)).StatusCode);
        await server.CallAsync(HttpMethod.Get, one + "/deliveries", hook.Key).RefusedAsync(HttpStatusCode.NotFound, ErrorCodes.WebhookUnknown);
        await server.CreateAsync("Not told");
        Assert.Empty(await server.AskAsync<Webhook[]>(HttpMethod.Get, Path, hook.Key));
    }

    private static async Task<WebhookCreated> CreateAsync(TestServer server, string url, params string[] events)
    {
        var key = (await server.KeyAsync("admin")).Key;
        return new WebhookCreated(key, await server.AskAsync<Protocol.WebhookCreated>(HttpMethod.Post, Path, key, new CreateWebhook(url, events)));
    }

    private static Task<List<WebhookDelivery>> DeliveriesAsync(TestServer server, WebhookCreated hook) =>
        server.AskAsync<List<WebhookDelivery>>(HttpMethod.Get, $"{Path}/{hook.Webhook.Id}/deliveries", hook.Key);

    private static async Task UntilAsync(TestServer server, WebhookCreated hook, Predicate<List<WebhookDelivery>> holds)
    {
        while (await DeliveriesAsync(server, hook) is var list && !(list.Count > 0 && holds(list))) TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>The timer of the next attempt may not be set yet: time goes on until it comes.</summary>
    private static async Task WhileAdvancingAsync(FakeTimeProvider time, WebhookListener listener, TimeSpan step)
    {
        while (!listener.HasMore)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            time.Advance(step);
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private static Task Answers(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    /// <summary>With the key by which it was made.</summary>
    private sealed record WebhookCreated(string Key, Protocol.WebhookCreated Made)
    {
        public Webhook Webhook => Made.Webhook;

        public string Secret => Made.Secret;
    }
}
