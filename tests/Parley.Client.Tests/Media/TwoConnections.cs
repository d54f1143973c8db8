using System.Collections.Concurrent;
using System.Net;
using Parley.Client.Audio;
using Parley.Client.Media;
using Parley.Client.Rtc;
using Parley.Media.Ice;
using Parley.Media.Sdp;

namespace Parley.Client.Tests.Media;

/// <summary>Two connections over real sockets that offer and answer each other.</summary>
internal sealed class TwoConnections : IAsyncDisposable
{
    private static readonly SdpLine[] Lines =
        [new(MediaKind.Audio, "0", MediaDirection.SendRecv), new(MediaKind.Video, "1", MediaDirection.SendRecv)];

    /// <summary>Begins as a keyframe does (RFC 6386 §9.1), and is as long as several packets.</summary>
    public static readonly byte[] Keyframe = [0, 0, 0, 0x9D, 0x01, 0x2A, .. new byte[5_000]];

    private readonly MediaHost _host = new(TimeProvider.System);

    public TwoConnections(Func<RtcPeerOptions, RtcPeerOptions>? configure = null, Func<RtcPeerOptions, RtcPeerOptions>? configureSecond = null)
    {
        configure ??= options => options;
        configureSecond ??= configure;
        First = new Side(_host, configure);
        Second = new Side(_host, options => configureSecond(options) with { Role = IceRole.Controlled });
    }

    public Side First { get; }

    public Side Second { get; }

    public TimeSpan Now => _host.Loop.Now;

    public async Task Connect()
    {
        foreach (var side in new[] { First, Second })
        {
            side.Connection.Open([IPAddress.Loopback]);
            await side.Gathered.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        }

        var offer = First.Connection.Run(() => First.Peer.CreateOffer(Lines, restartIce: false, Now));
        var (answer, refused) = Second.Connection.Run(() => Second.Peer.Answer(offer, Lines, Now));
        Assert.Null(refused);
        Assert.Null(First.Connection.Run(() => First.Peer.ApplyAnswer(answer!, Now)));
    }

    public async ValueTask DisposeAsync()
    {
        await First.Connection.DisposeAsync();
        await Second.Connection.DisposeAsync();
        _host.Release();
    }

    internal sealed class Side : IRtcConnectionEvents, IAudioSink
    {
        private readonly ConcurrentQueue<(RtcPeerState State, string Reason)> _states = new();
        private readonly ConcurrentQueue<byte[]> _frames = new();
        private readonly ConcurrentQueue<float[]> _heard = new();

        public Side(MediaHost host, Func<RtcPeerOptions, RtcPeerOptions> configure) => Connection = new RtcConnection(host, this, configure);

        public RtcConnection Connection { get; }

        public RtcPeer Peer => Connection.Peer;

        public IReadOnlyCollection<(RtcPeerState State, string Reason)> States => _states;

        public IReadOnlyCollection<byte[]> Frames => _frames;

        public IReadOnlyCollection<float[]> Heard => _heard;

        public int KeyframeRequests;

        public void OnStateChanged(RtcPeerState state, string reason) => _states.Enqueue((state, reason));

        public void OnCandidate(IceCandidate candidate)
        {
        }

        public TaskCompletionSource Gathered { get; } = new();

        public void OnGathered() => Gathered.TrySetResult();

        public void OnKeyframeRequested(string mid) => Interlocked.Increment(ref KeyframeRequests);

        public void OnVideoFrame(string mid, ReadOnlySpan<byte> frame, long timestamp, bool isKeyframe) => _frames.Enqueue(frame.ToArray());

        public void Write(ReadOnlySpan<float> frame) => _heard.Enqueue(frame.ToArray());
    }
}
