using System.Net;
using System.Net.Http.Json;
using Microsoft.Playwright;
using Parley.Browser.Harness;
using Parley.Protocol;

namespace Parley.Browser.Pages;

public sealed class Embedding(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task A_page_of_a_site_that_is_allowed_shows_a_meeting_with_the_person_in_it_and_no_other_site_does()
    {
        var (friend, stranger) = (Site.Start(), Site.Start());
        using var _ = friend;
        using var __ = stranger;
        await using var server = await ServerProcess.StartAsync($"--Parley:Embedding:Origins:0={friend.Origin}");
        using var http = new HttpClient { BaseAddress = server.Address };
        var cancellation = TestContext.Current.CancellationToken;
        var made = await http.PostAsJsonAsync("/api/meetings", new CreateMeeting("Our team", "Ada", TokenOnly: true), ProtocolJson.Options, cancellation);
        var meeting = (await made.Content.ReadFromJsonAsync<MeetingCreated>(ProtocolJson.Options, cancellation))!;
        using var invite = new HttpRequestMessage(HttpMethod.Post, $"/api/meetings/{meeting.Id}/join-tokens") { Content = JsonContent.Create(new CreateJoinToken("Ben of the team"), options: ProtocolJson.Options) };
        invite.Headers.Authorization = new("Bearer", meeting.CreatorSecret);
        var token = (await (await http.SendAsync(invite, cancellation)).Content.ReadFromJsonAsync<JoinTokenCreated>(ProtocolJson.Options, cancellation))!;

        var ben = await Open(Person.Ben, server: server.Address);
        await ben.Page.GotoAsync($"{friend.Origin}/#{Uri.EscapeDataString(token.Link.AbsoluteUri)}");
        var frame = ben.Page.FrameLocator("#meeting");
        Assert.Contains("Ben of the team", await frame.GetByTestId("given-name").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await frame.GetByTestId("name-input").CountAsync());
        await frame.GetByTestId("join-button").ClickAsync();
        await frame.GetByTestId("meeting").WaitForAsync();
        using var look = new HttpRequestMessage(HttpMethod.Get, $"/api/meetings/{meeting.Id}/participants");
        look.Headers.Authorization = new("Bearer", meeting.CreatorSecret);
        var inside = Assert.Single((await (await http.SendAsync(look, cancellation)).Content.ReadFromJsonAsync<Protocol.Participant[]>(ProtocolJson.Options, cancellation))!);
        Assert.Equal(("Ben of the team", true, true), (inside.Name, inside.Media.Mic, inside.Media.Cam));

        // Whoever comes without a token is told where to come from.
        var cleo = await Open(Person.Cleo with { Devices = "missing" }, server: server.Address);
        await cleo.Page.GotoAsync(new Uri(server.Address, $"/m/{meeting.Id}").AbsoluteUri);
        await cleo.At("gone-tokenNeeded").WaitForAsync();
        await cleo.IsAccessible();

        var refused = new TaskCompletionSource();
        cleo.Page.Console += (_, message) =>
        {
            if (message.Text.Contains("frame-ancestors", StringComparison.Ordinal)) refused.TrySetResult();
        };
        await cleo.Page.GotoAsync($"{stranger.Origin}/#{Uri.EscapeDataString(token.Link.AbsoluteUri)}");
        await refused.Task.WaitAsync(TimeSpan.FromSeconds(20), cancellation);
        Assert.Equal(0, await cleo.Page.FrameLocator("#meeting").GetByTestId("join-button").CountAsync());
    }

    [Fact]
    public async Task The_page_around_is_told_who_comes_and_goes_and_mutes_stops_and_leaves_and_no_other_page_does()
    {
        var (friend, stranger) = (Site.Start(), Site.Start());
        using var _ = friend;
        using var __ = stranger;
        await using var server = await ServerProcess.StartAsync($"--Parley:Embedding:Origins:0={friend.Origin}", "--Parley:Embedding:Origins:1=https://elsewhere.example");
        var ada = await Open(Person.Ada with { Devices = "missing" }, server: server.Address);
        var link = await ada.Create("Our team");
        await ada.Enter();

        var ben = await Open(Person.Ben, server: server.Address);
        await ben.Page.GotoAsync($"{friend.Origin}/#{Uri.EscapeDataString(new Uri(server.Address, link).AbsoluteUri)}");
        var (frame, status) = (ben.Page.FrameLocator("#meeting"), ben.Page.Locator("#status"));
        await frame.GetByTestId("name-input").FillAsync(Person.Ben.Name);
        await Says("Not in the meeting");
        await frame.GetByTestId("join-button").ClickAsync();
        await Says("In the meeting, 2 in all");
        var cleo = await Open(Person.Cleo with { Devices = "missing" }, server: server.Address);
        await cleo.Join(link);
        await Says("In the meeting, 3 in all");
        await cleo.Leave();
        await Says("In the meeting, 2 in all");

        // A page of another site beside it hears nothing and is not obeyed, nor is what is none of the commands.
        await ben.Page.EvaluateAsync(
            """
            (address) => new Promise((done) => {
              const beside = Object.assign(document.createElement('iframe'), { name: 'beside', onload: () => done() });
              beside.src = address;
              document.body.append(beside);
            })
            """,
            stranger.Origin + "/");
        var beside = ben.Page.Frame("beside")!;
        await beside.EvaluateAsync(
            """
            () => {
              window.heard = [];
              addEventListener('message', ({ data }) => window.heard.push(data));
              for (const type of ['leave', 'muteMicrophone', 'stopCamera']) parent.frames[0].postMessage({ target: 'parley', type }, '*');
            }
            """);
        await ben.Page.EvaluateAsync("() => { for (const type of ['unmuteMicrophone', 'endMeeting', null]) frames[0].postMessage({ target: 'parley', type }, '*'); }");
        await ben.Page.Locator("[data-command=stopCamera]").ClickAsync();
        await ada.Shows(Person.Ben, mic: true, cam: false);
        await ben.Page.Locator("[data-command=muteMicrophone]").ClickAsync();
        await ada.Shows(Person.Ben, mic: false, cam: false);
        await ben.Page.Locator("[data-command=leave]").ClickAsync();
        await Says("Not in the meeting (left)");
        await ada.IsWith();
        Assert.Equal(0, await beside.EvaluateAsync<int>("() => window.heard.length"));

        // Nothing but meetings in the frame: the way home is a page of its own.
        var home = await ben.Page.Context.RunAndWaitForPageAsync(() => frame.GetByTestId("left-page").GetByRole(AriaRole.Link).First.ClickAsync());
        await home.GetByTestId("create-meeting").WaitForAsync();
        await frame.GetByTestId("left-page").WaitForAsync();

        async Task Says(string words) => await status.Filter(new() { HasText = words }).WaitForAsync();
    }

    /// <summary>Another site: it has one page, that of the samples.</summary>
    private sealed class Site : IDisposable
    {
        private readonly HttpListener _listener = new();

        public string Origin { get; private init; } = "";

        public static Site Start()
        {
            var site = new Site { Origin = $"http://127.0.0.1:{Ports.FreeTcp()}" };
            site._listener.Prefixes.Add(site.Origin + "/");
            site._listener.Start();
            _ = site.ServeAsync();
            return site;
        }

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            var page = await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "samples", "Embedding", "index.html"));
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    context.Response.ContentType = "text/html; charset=utf-8";
                    await context.Response.OutputStream.WriteAsync(page);
                    context.Response.Close();
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
