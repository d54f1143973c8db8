using System.Net;
using Parley.Browser.Harness;
using Parley.Client.Rtc;
using Parley.Client.Tests.Interop;
using Parley.Client.Video;
using Parley.Media.Ice;

namespace Parley.Client.Tests.Media;

public sealed class IceRestartTests
{
    [Fact]
    public async Task Either_side_may_restart_ICE_and_the_keys_stay()
    {
        await using var first = new MediaPeer(IceRole.Controlling, TestCamera());
        await using var second = new MediaPeer(IceRole.Controlled, TestCamera());
        await first.Gather([IPAddress.Loopback]);
        await second.Gather([IPAddress.Loopback]);
        first.Accept(second.Answer(first.Offer()));
        await Connected(first, 1);
        await Connected(second, 1);

        var before = CredentialsOf(second.Offer());
        second.Accept(first.Answer(second.Offer(restartIce: true)));
        await Connected(first, 2);
        await Connected(second, 2);
        Assert.NotEqual(before, CredentialsOf(second.Offer()));

        before = CredentialsOf(second.Offer());
        first.Accept(second.Answer(first.Offer(restartIce: true)));
        await Connected(first, 3);
        await Connected(second, 3);
        Assert.NotEqual(before, CredentialsOf(second.Offer()));
    }

    [Fact]
    public async Task An_offer_that_is_refused_restarts_nothing()
    {
        await using var first = new MediaPeer(IceRole.Controlling, TestCamera());
        await using var second = new MediaPeer(IceRole.Controlled, TestCamera());
        await first.Gather([IPAddress.Loopback]);
        await second.Gather([IPAddress.Loopback]);
        first.Accept(second.Answer(first.Offer()));
        await Connected(first, 1);

        var offer = second.Offer();
        var bad = offer.Replace(CredentialsOf(offer), "a=ice-ufrag:another", StringComparison.Ordinal).Replace("a=fingerprint:", "a=nothing:", StringComparison.Ordinal);
        Assert.NotNull(first.TryAnswer(bad).Refused);

        second.Accept(first.Answer(second.Offer()));
        Assert.Single(first.States, entry => entry.State == RtcPeerState.Connected);
        Assert.Equal(RtcPeerState.Connected, first.States.Last().State);
    }

    private static PaintedSource TestCamera() => Quarters.Camera([50, 100, 150, 200]);

    private static Task<string> Connected(MediaPeer peer, int times) => Eventually.Holds(
        $"the connection becomes Connected {times}×",
        () => Task.FromResult(string.Join(" / ", peer.States)),
        _ => peer.States.Count(entry => entry.State == RtcPeerState.Connected) >= times);

    private static string CredentialsOf(string sdp) => sdp.Split("\r\n").First(line => line.StartsWith("a=ice-ufrag:", StringComparison.Ordinal));
}
