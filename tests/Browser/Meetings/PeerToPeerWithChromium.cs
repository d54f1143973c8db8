using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Parley.Browser.Harness;
using Parley.Client.Rtc;
using Parley.Media.Ice;

namespace Parley.Browser.Meetings;

/// <summary>The C# client's ICE, DTLS, SRTP, RTP and RTCP against a browser's, with no server between them.</summary>
public sealed partial class PeerToPeerWithChromium(Stage stage) : BrowserTest(stage)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private Participant _ada = null!;

    [Fact]
    public async Task Chromium_offers_and_both_see_and_hear_each_other_through_an_ICE_restart_of_ours_until_it_ends()
    {
        var ada = await OpenEnd(Person.Ada, Person.Ben);
        await using var ben = new CSharpEnd(Person.Ben, IceRole.Controlled);
        await ben.Gather();
        var offer = await ada.EvaluateAsync<string>("() => p2p.offer()");
        await ada.EvaluateAsync("sdp => p2p.accept(sdp)", ben.Peer.Answer(WithNamesForAddresses(offer)));
        await NeitherNeedsTheFirstKeyframe(ben);
        await SeeAndHearEachOther(ben);

        var path = await PathOf(ada, _ => true);
        Assert.Equal(("controlling", "server"), (path.IceRole, path.DtlsRole));
        IsDirect(path, ben, IceCandidateType.PeerReflexive);

        var answer = await ada.EvaluateAsync<string>("sdp => p2p.answer(sdp)", ben.Peer.Offer(restartIce: true));
        ben.Peer.Accept(WithNamesForAddresses(answer));
        IsDirect(await PathOf(ada, next => next.IsAfterRestart(path)), ben, IceCandidateType.PeerReflexive);
        await SeeAndHearEachOther(ben);

        await ada.EvaluateAsync("() => p2p.close()");
        Assert.Equal("The other side has ended the connection.", await ben.Becomes(RtcPeerState.Failed));
    }

    [Fact]
    public async Task CSharp_offers_and_both_see_and_hear_each_other_through_an_ICE_restart_of_Chromiums_until_we_end()
    {
        var ada = await OpenEnd(Person.Ada, Person.Ben);
        await using var ben = new CSharpEnd(Person.Ben, IceRole.Controlling);
        await ben.Gather();
        ben.Peer.Accept(await ada.EvaluateAsync<string>("sdp => p2p.answer(sdp)", ben.Peer.Offer()));
        ben.OpenEyes();
        await ben.Begin();
        await SeeAndHearEachOther(ben);

        var path = await PathOf(ada, _ => true);
        Assert.Equal(("controlled", "client"), (path.IceRole, path.DtlsRole));
        IsDirect(path, ben, IceCandidateType.Host, IceCandidateType.PeerReflexive);

        await ada.EvaluateAsync("sdp => p2p.accept(sdp)", ben.Peer.Answer(await ada.EvaluateAsync<string>("() => p2p.offer({ restartIce: true })")));
        IsDirect(await PathOf(ada, next => next.IsAfterRestart(path)), ben, IceCandidateType.Host, IceCandidateType.PeerReflexive);
        await SeeAndHearEachOther(ben);

        await ben.Peer.DisposeAsync();
        await Eventually.Holds("Chromium learns that we end", () => ada.EvaluateAsync<string>("() => p2p.state()"), state => state.EndsWith("DTLS closed", StringComparison.Ordinal));
    }

    /// <summary>A page on the server's own origin, for devices want a secure one; the server has no part in what follows.</summary>
    private async Task<IPage> OpenEnd(Person person, Person other)
    {
        _ada = await Open(person);
        await _ada.Go("/");
        using var script = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("p2p.js")!);
        await _ada.Page.EvaluateAsync($"({await script.ReadToEndAsync(TestContext.Current.CancellationToken)})({JsonSerializer.Serialize(other, Json)})");
        return _ada.Page;
    }

    private async Task SeeAndHearEachOther(CSharpEnd ben)
    {
        await _ada.Sees(Person.Ben);
        await _ada.HearsOnly(Person.Ben);
        await ben.Sees(Person.Ada);
        await ben.HearsOnly(Person.Ada);
        (await _ada.Observe(5, Person.Ben)).HoldsOnly(Person.Ben);
        (await ben.Observe(5, Person.Ada)).HoldsOnly(Person.Ada);
    }

    /// <summary>Both begin to decode when the first keyframe is long gone: each has to ask for another.</summary>
    private static async Task NeitherNeedsTheFirstKeyframe(CSharpEnd ben)
    {
        ben.Peer.HoldsBackCamera = true;
        await ben.Begin();
        await Eventually.Holds("pictures are held back and lost", () => Task.FromResult((ben.Peer.HeldBack, Came(ben))), count => count.HeldBack > 5 && count.Item2 > 5);
        var asked = ben.Peer.KeyframesAsked;
        ben.Peer.HoldsBackCamera = false;
        await Eventually.Holds("Chromium asks for a keyframe", () => Task.FromResult(ben.Peer.KeyframesAsked), now => now > asked);

        var keyframes = ben.Peer.Keyframes;
        ben.OpenEyes();
        ben.Peer.AskForKeyframe();
        await ben.Sees(Person.Ada);
        Assert.True(ben.Peer.Keyframes > keyframes, "Chromium sent no keyframe when asked.");
    }

    private static long Came(CSharpEnd ben) => ben.Peer.Ask(peer => peer.Receivers.OfType<VideoReceiver>().Sum(receiver => receiver.Frames));

    /// <summary>
    /// Under test tools Chromium tells its addresses; a person's gives random names in their place, which only its own network could
    /// look up (draft-ietf-mmusic-mdns-ice-candidates). So we learn them from its checks alone.
    /// </summary>
    private static string WithNamesForAddresses(string sdp)
    {
        Assert.Matches(CandidateAddress(), sdp);
        return CandidateAddress().Replace(sdp, _ => $"{Guid.NewGuid()}.local");
    }

    [GeneratedRegex(@"(?<=a=candidate:\S+ 1 (udp|tcp) \d+ )\S+")]
    private static partial Regex CandidateAddress();

    private static Task<Path> PathOf(IPage page, Func<Path, bool> holds) => Eventually.Holds(
        "the path is",
        async () => (await page.EvaluateAsync<JsonElement>("() => p2p.path()")).Deserialize<Path>(Json)!,
        path => path is not null && holds(path));

    /// <summary>No relay has a part in it, and what we have of Chromium's address is of one of these kinds.</summary>
    private static void IsDirect(Path path, CSharpEnd ben, params IceCandidateType[] remote)
    {
        Assert.True(path is { Local: "host" or "prflx", Remote: "host" or "prflx" }, path.ToString());
        var selected = ben.Peer.Ask(peer => peer.Ice.Selected)!;
        Assert.Contains(selected.RemoteCandidate.Type, remote);
        Assert.Equal(IceCandidateType.Host, selected.LocalCandidate.Type);
    }

    /// <summary>What getStats says of the selected path (p2p.js).</summary>
    private sealed record Path(string Local, string Remote, string LocalUfrag, string RemoteUfrag, string IceRole, string DtlsRole)
    {
        public bool IsAfterRestart(Path before) => LocalUfrag != before.LocalUfrag && RemoteUfrag != before.RemoteUfrag;
    }
}
