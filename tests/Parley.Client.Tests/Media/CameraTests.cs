using Parley.Client.Media;
using Parley.Client.Meetings;
using Parley.Client.Video;
using Parley.Media.Sdp;
using Parley.Protocol;

namespace Parley.Client.Tests.Media;

public sealed class CameraTests
{
    [Fact]
    public async Task A_camera_that_cannot_be_started_is_told_and_costs_nothing_else()
    {
        var host = new MediaHost(TimeProvider.System);
        await using var two = new TwoConnections();
        var options = new JoinOptions { Name = "Ada", VideoSource = new BrokenCamera() };
        await using var desk = new MediaDesk(host, options);
        await using var leg = new ServerLeg(host, desk, new MediaLegContext(
            new Uri("http://127.0.0.1"),
            "m",
            "p",
            new Limits(60, 120, 5_000, 10, 2),
            options,
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance));
        var told = new TaskCompletionSource<string>();
        leg.CameraFailed += told.SetResult;
        leg.SetSending(mic: false, camera: true);

        // The other end stands in for the server: it takes the offer as it is.
        two.Second.Connection.Open([System.Net.IPAddress.Loopback]);
        await two.Second.Gathered.Task;
        var offer = leg.CreateOffer();
        var (answer, refused) = two.Second.Connection.Run(() => two.Second.Peer.Answer(offer, ServerLines, two.Now));
        Assert.Null(refused);
        leg.ApplyAnswer(answer!);

        Assert.Equal("The camera is used by another program.", await told.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.True(leg.IsAlive);
        host.Release();
    }

    private static SdpLine[] ServerLines { get; } =
    [
        new(MediaKind.Audio, "0", MediaDirection.SendRecv),
        new(MediaKind.Video, "1", MediaDirection.RecvOnly),
        new(MediaKind.Video, "2", MediaDirection.RecvOnly),
        new(MediaKind.Video, "3", MediaDirection.SendOnly),
        new(MediaKind.Video, "4", MediaDirection.SendOnly),
    ];

    private sealed class BrokenCamera : IVideoSource
    {
        public void Start(IVideoOutput output) => throw new ParleyException(ParleyError.Media, "The camera is used by another program.");

        public void RequestKeyframe()
        {
        }

        public void Stop()
        {
        }

        public void Dispose()
        {
        }
    }
}
