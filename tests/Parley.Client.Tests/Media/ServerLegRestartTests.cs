using Microsoft.Extensions.Logging.Abstractions;
using Parley.Browser.Harness;
using Parley.Client.Audio;
using Parley.Client.Media;
using Parley.Client.Meetings;
using Parley.Client.Rtc;
using Parley.Media.Sdp;
using Parley.Protocol;

namespace Parley.Client.Tests.Media;

public sealed class ServerLegRestartTests
{
    private static readonly SdpLine[] Lines =
    [
        new(MediaKind.Audio, "0", MediaDirection.SendRecv), new(MediaKind.Video, "1", MediaDirection.RecvOnly), new(MediaKind.Video, "2", MediaDirection.RecvOnly),
    ];

    [Fact]
    public async Task A_restart_keeps_the_certificate_and_the_sound()
    {
        var host = new MediaHost(TimeProvider.System);
        await using var two = new TwoConnections();
        var options = new JoinOptions { Name = "Ada", Mic = true, AudioSource = new ToneSource(440) };
        await using var desk = new MediaDesk(host, options);
        await using var leg = new ServerLeg(host, desk, new MediaLegContext(
            new Uri("http://127.0.0.1"), "m", "p", new Limits(60, 120, 5_000, 10, 0), options, TimeProvider.System, NullLoggerFactory.Instance));
        leg.SetSending(mic: true, camera: false);
        Assert.Null(leg.CreateRestartOffer());

        // The other end stands in for the server.
        var server = two.Second;
        server.Connection.Open([System.Net.IPAddress.Loopback]);
        await server.Gathered.Task;
        var offer = leg.CreateOffer();
        leg.ApplyAnswer(Answer(two, offer));
        server.Connection.Run(() => server.Peer.Heard!.Sink = server);
        await Heard(server);

        var restart = leg.CreateRestartOffer();
        Assert.NotNull(restart);
        Assert.NotEqual(Value(offer, "a=ice-ufrag:"), Value(restart, "a=ice-ufrag:"));
        Assert.Equal(Value(offer, "a=fingerprint:"), Value(restart, "a=fingerprint:"));
        leg.ApplyAnswer(Answer(two, restart));
        await Eventually.Holds("connected again", () => Task.FromResult(server.States.Count(entry => entry.State == RtcPeerState.Connected)), count => count == 2);
        await Heard(server);
        Assert.True(leg.IsAlive);
        host.Release();
    }

    private static string Answer(TwoConnections two, string offer)
    {
        var (answer, refused) = two.Second.Connection.Run(() => two.Second.Peer.Answer(offer, Lines, two.Now));
        Assert.Null(refused);
        return answer!;
    }

    private static Task<int> Heard(TwoConnections.Side server)
    {
        var before = server.Heard.Count(frame => frame.Max() > 0.05);
        return Eventually.Holds("sound", () => Task.FromResult(server.Heard.Count(frame => frame.Max() > 0.05) - before), loud => loud > 10);
    }

    private static string Value(string sdp, string name) => sdp.Split("\r\n").First(line => line.StartsWith(name, StringComparison.Ordinal));
}
