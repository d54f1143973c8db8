using System.Buffers;
using Parley.Client.Meetings;
using Parley.Client.Rtc;
using Parley.Client.Transport;
using Parley.Client.Video;
using Parley.Media;
using Parley.Protocol;

namespace Parley.Client.Media;

/// <summary>
/// One participant's sources and sinks, for as long as a session lasts, between the connection to the server and a link to another
/// participant: microphone and camera are encoded once for both, and what is heard and seen is one, whichever way it comes.
/// </summary>
internal sealed class MediaDesk : IMediaLoopClient, IVideoOutput, IAsyncDisposable
{
    /// <summary>Pictures of the camera that wait for the media thread: more, and it is hopelessly behind.</summary>
    private const int MaxQueuedFrames = 30;

    private const int MaxFrameLength = 1 << 20;

    /// <summary>A thread that was held up makes up for a few ticks, and lets go of the rest: nobody waits for old sound.</summary>
    private static readonly TimeSpan MaxTickDebt = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan TickLength = Audio.AudioFormat.FrameDuration;

    private readonly MediaHost _host;
    private readonly MediaLoopRegistration _registration;
    private readonly MicrophoneFeed? _microphone;
    private readonly CameraFeed _camera;
    private readonly HeardAudio _heard;
    private readonly DeskWay _toServer = new();
    private readonly DeskWay _toLink = new();
    private TimeSpan _nextTick = TimeSpan.MaxValue;
    private PeerLink? _link;
    private bool _micWanted;
    private bool _cameraWanted;
    private bool _watched = true;
    private int _queuedFrames;

    /// <param name="host">What the connections share.</param>
    /// <param name="options">Sources and sinks.</param>
    public MediaDesk(MediaHost host, JoinOptions options)
    {
        host.Hold();
        _host = host;
        _microphone = options switch
        {
            { OpusSource: { } opus } => new MicrophoneFeed(opus),
            { AudioSource: { } pcm } => new MicrophoneFeed(pcm),
            _ => null,
        };
        _camera = new CameraFeed(options.VideoSource, this, why => CameraFailed?.Invoke(why));
        _heard = new HeardAudio(options.AudioSink, options.OpusSink);
        HasVideoSink = options.VideoSink is not null;
        Pictures = new SeenPictures(options.VideoSink, () => host.Loop.Now)
        {
            KeyframeCame = (source, fromLink) => _link?.OnKeyframe(source, fromLink),
            KeyframeNeeded = (source, fromLink) => _link?.OnKeyframeNeeded(source, fromLink),
        };
        _registration = host.Loop.Register(this);
    }

    /// <summary>The camera's source could not be started: a sentence for people. From any thread.</summary>
    public Action<string>? CameraFailed { get; set; }

    /// <summary>What is seen; media thread.</summary>
    public SeenPictures Pictures { get; }

    /// <summary>Whether anybody looks.</summary>
    public bool HasVideoSink { get; }

    /// <summary>Asks the server for a keyframe of a participant's; media thread.</summary>
    public Action<string, VideoSourceKind>? RequestFromServer { get; set; }

    TimeSpan IMediaLoopClient.NextDeadline => _nextTick;

    /// <summary>Does something on the media thread, soon and in order; nothing after the end.</summary>
    public void Post(Action action) => _registration.Post(action);

    /// <summary>Does something on the media thread, and is done when it is; or after two seconds, when that thread has ended.</summary>
    public Task RunAsync(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            action();
            done.SetResult();
        });
        return Task.WhenAny(done.Task, Task.Delay(TimeSpan.FromSeconds(2)));
    }

    /// <summary>Which devices are on; any thread.</summary>
    public void SetSending(bool mic, bool camera) => Post(() =>
    {
        (_micWanted, _cameraWanted) = (mic, camera);
        Apply();
    });

    /// <summary>The connection to the server is another, or none; media thread.</summary>
    public void SetServer(RtcConnection? connection, string cameraMid)
    {
        _toServer.Connect(connection, cameraMid);
        _watched = true;
        Apply();
    }

    /// <summary>Whether the server can use the camera's pictures; media thread.</summary>
    public void SetWatched(bool watched)
    {
        _watched = watched;
        Apply();
    }

    /// <summary>There is a link from now on, the only one; media thread.</summary>
    public void SetLink(PeerLink link)
    {
        _link = link;
        _heard.AwaitedInMix = null;
        _toLink.Connect(null, "");
        Pictures.SetPeer(link.PeerId);
        Apply();
    }

    /// <summary>This link is over; media thread.</summary>
    public void LetGo(PeerLink link)
    {
        if (_link != link) return;
        _link = null;
        _toLink.Connect(null, "");
        Apply();
    }

    /// <summary>Whether it is this one; media thread.</summary>
    public bool HasLink(PeerLink link) => _link == link;

    /// <summary>What the link goes over, once it is settled; media thread.</summary>
    public void SetLinkConnection(RtcConnection connection, string cameraMid)
    {
        _toLink.Connect(connection, cameraMid);
        Apply();
    }

    /// <summary>Lets through what may be sent and played now, and runs the camera where anybody gets it; media thread.</summary>
    public void Apply()
    {
        var way = _link?.Switch;
        _heard.Mix = _toServer.Peer?.Heard;
        _heard.Voice = _link is null ? null : _toLink.Peer?.Heard;
        _heard.MixIsHeard = way?.MixIsHeard ?? true;
        _heard.VoiceIsHeard = way?.VoiceOnLink ?? false;
        Pictures.Choose(VideoSourceKind.Camera, way?.CameraOnLink ?? false, way?.CameraWatched ?? false);
        Pictures.Choose(VideoSourceKind.Screen, way?.ScreenOnLink ?? false, way?.ScreenWatched ?? false);
        var sendsToServer = way?.SendsToServer ?? true;
        var sendsToLink = way?.SendsToLink ?? false;
        Apply(_toServer, sendsToServer, sendsToServer && _watched);
        Apply(_toLink, sendsToLink, sendsToLink);

        // What has begun goes on while a connection is made anew: a camera takes long to start.
        _camera.Wanted = _cameraWanted && (_watched || sendsToLink) && (_camera.Wanted || _toServer.IsOpen || _toLink.IsOpen);
        ArmTicks();
    }

    /// <summary>The mix has the link's voice from this RTP timestamp on; media thread.</summary>
    public void AwaitInMix(uint rtpTimestamp) => _heard.AwaitedInMix = rtpTimestamp;

    /// <summary>Whoever gets the camera's pictures needs a keyframe; media thread.</summary>
    public void RequestKeyframe() => _camera.RequestKeyframe();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _camera.DisposeAsync().ConfigureAwait(false);
        _registration.Dispose();
        _microphone?.Dispose();
        _host.Release();
    }

    void IVideoOutput.Send(ReadOnlySpan<byte> frame, TimeSpan captureTime)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frame.Length, MaxFrameLength, nameof(frame));
        if (Interlocked.Increment(ref _queuedFrames) > MaxQueuedFrames)
        {
            // Left out, so what follows cannot be decoded before the next keyframe.
            Interlocked.Decrement(ref _queuedFrames);
            _camera.RequestKeyframe();
            return;
        }

        var length = frame.Length;
        var copy = ArrayPool<byte>.Shared.Rent(length);
        frame.CopyTo(copy);
        Post(() =>
        {
            Interlocked.Decrement(ref _queuedFrames);
            var picture = copy.AsSpan(0, length);
            var now = _host.Loop.Now;
            var isGoing = _toServer.Send(picture, captureTime, now) & _toLink.Send(picture, captureTime, now);
            if (!isGoing) _camera.RequestKeyframe();
            ArrayPool<byte>.Shared.Return(copy);
        });
    }

    void IMediaLoopClient.OnTimer(TimeSpan now)
    {
        if (now - _nextTick > MaxTickDebt) _nextTick = NextTickAfter(now - MaxTickDebt);
        while (now >= _nextTick)
        {
            if (_heard.Tick(_nextTick)) _link?.OnVoice();
            if (_heard.TakeMixed()) _link?.OnMixed();
            _nextTick += TickLength;
        }

        if (!HasTicks) _nextTick = TimeSpan.MaxValue;
    }

    void IMediaLoopClient.OnDatagram(int local, TransportAddress from, Span<byte> datagram, TimeSpan now)
    {
        // It has no socket.
    }

    void IMediaLoopClient.OnBatchEnd(TimeSpan now)
    {
    }

    void IMediaLoopClient.OnFault(Exception fault) => CameraFailed?.Invoke($"A fault in this program's media: {fault.Message}");

    private bool HasTicks => (_heard.HasSink && (_heard.Mix is not null || _heard.Voice is not null)) || _link is not null;

    private void Apply(DeskWay way, bool mic, bool camera)
    {
        if (way.Apply(_microphone, mic && _micWanted, camera && _cameraWanted, _link is not null, _host.Loop.Now)) _camera.RequestKeyframe();
    }

    private void ArmTicks()
    {
        if (!HasTicks || _nextTick != TimeSpan.MaxValue) return;
        _nextTick = NextTickAfter(_host.Loop.Now);
        _registration.Arm();
    }

    private static TimeSpan NextTickAfter(TimeSpan now) => new((now.Ticks / TickLength.Ticks + 1) * TickLength.Ticks);
}
