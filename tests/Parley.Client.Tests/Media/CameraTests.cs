using System.Threading.Channels;
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
        await using var leg = new ServerLeg(host, desk, Context(options));
        var told = new TaskCompletionSource<string>();
        leg.CameraFailed += told.SetResult;
        leg.SetSending(mic: false, camera: true);
        await ConnectAsync(two, leg);
        Assert.Equal("The camera is used by another program.", await told.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.True(leg.IsAlive);
        host.Release();
    }

    [Fact]
    public async Task A_camera_that_nobody_watches_is_not_asked_for_pictures_until_somebody_does()
    {
        var host = new MediaHost(TimeProvider.System);
        await using var two = new TwoConnections();
        using var camera = new CountedCamera();
        var options = new JoinOptions { Name = "Ada", VideoSource = camera };
        await using var desk = new MediaDesk(host, options);
        await using var leg = new ServerLeg(host, desk, Context(options));
        leg.SetSending(mic: false, camera: true);
        await ConnectAsync(two, leg);
        Assert.Equal("started", await camera.NextAsync());

        leg.OnSendLayers(new SendLayers(VideoSourceKind.Screen, 0));
        leg.OnSendLayers(new SendLayers(VideoSourceKind.Camera, 0));
        Assert.Equal("stopped", await camera.NextAsync());
        leg.OnSendLayers(new SendLayers(VideoSourceKind.Camera, 1));
        Assert.Equal("started", await camera.NextAsync());
        leg.OnSendLayers(new SendLayers(VideoSourceKind.Camera, 3));
        leg.SetSending(mic: false, camera: false);
        Assert.Equal("stopped", await camera.NextAsync());
        host.Release();
    }

    private static MediaLegContext Context(JoinOptions options) => new(
        new Uri("http://127.0.0.1"),
        "m",
        "p",
        new Limits(60, 120, 5_000, 10, 2),
        options,
        TimeProvider.System,
        Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);

    /// <summary>The other end stands in for the server: it takes the offer as it is.</summary>
    private static async Task ConnectAsync(TwoConnections two, ServerLeg leg)
    {
        two.Second.Connection.Open([System.Net.IPAddress.Loopback]);
        await two.Second.Gathered.Task;
        var offer = leg.CreateOffer();
        var (answer, refused) = two.Second.Connection.Run(() => two.Second.Peer.Answer(offer, ServerLines, two.Now));
        Assert.Null(refused);
        leg.ApplyAnswer(answer!);
    }

    private static SdpLine[] ServerLines { get; } =
    [
        new(MediaKind.Audio, "0", MediaDirection.SendRecv),
        new(MediaKind.Video, "1", MediaDirection.RecvOnly),
        new(MediaKind.Video, "2", MediaDirection.RecvOnly),
        new(MediaKind.Video, "3", MediaDirection.SendOnly),
        new(MediaKind.Video, "4", MediaDirection.SendOnly),
    ];

    /// <summary>Tells when it is started and stopped, and has no pictures.</summary>
    private sealed class CountedCamera : IVideoSource
    {
        private readonly Channel<string> _told = Channel.CreateUnbounded<string>();

        public Task<string> NextAsync() =>
            _told.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        public void Start(IVideoOutput output) => _told.Writer.TryWrite("started");

        public void RequestKeyframe()
        {
        }

        public void Stop() => _told.Writer.TryWrite("stopped");

        public void Dispose()
        {
        }
    }

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
