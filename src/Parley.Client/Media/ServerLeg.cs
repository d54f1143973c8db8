using System.Buffers;
using System.Net;
using Parley.Client.Meetings;
using Parley.Client.Rtc;
using Parley.Client.Transport;
using Parley.Client.Video;
using Parley.Media.Ice;
using Parley.Media.Sdp;
using Parley.Protocol;

namespace Parley.Client.Media;

/// <summary>
/// The media connection to the server with the fixed m-lines of docs/protocol.md §5: microphone and mix, camera, screen, slots.
/// </summary>
internal sealed class ServerLeg : IMediaLeg, IRtcConnectionEvents, IVideoOutput
{
    private const string AudioMid = "0";
    private const string CameraMid = "1";
    private const string ScreenMid = "2";
    private const int FirstSlot = 3;

    /// <summary>Pictures of the camera that wait for the media thread: more, and it is hopelessly behind.</summary>
    private const int MaxQueuedFrames = 30;
    private const int MaxFrameLength = 1 << 20;

    private readonly MediaHost _host;
    private readonly JoinOptions _options;
    private readonly RtcConnection _connection;
    private readonly SdpLine[] _lines;
    private readonly IReadOnlyList<IPAddress> _addresses;
    private readonly Dictionary<string, SlotFrames> _frames = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _cameraTurn = new(1, 1);
    private volatile RtcPeerState _state;
    private bool _cameraWanted;
    private bool _cameraRuns;
    private bool _failed;
    private bool _disposed;
    private int _queuedFrames;

    /// <param name="host">What the connections share.</param>
    /// <param name="context">The place in the meeting, sources and sinks.</param>
    public ServerLeg(MediaHost host, MediaLegContext context)
    {
        _host = host;
        _options = context.Options;
        Slots = [.. Enumerable.Range(FirstSlot, context.Limits.Slots).Select(index => index.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        _lines =
        [
            new SdpLine(MediaKind.Audio, AudioMid, MediaDirection.SendRecv),
            new SdpLine(MediaKind.Video, CameraMid, MediaDirection.SendOnly),
            new SdpLine(MediaKind.Video, ScreenMid, MediaDirection.SendOnly),
            .. Slots.Select(mid => new SdpLine(MediaKind.Video, mid, MediaDirection.RecvOnly)),
        ];
        if (_options.VideoSink is { } sink)
        {
            foreach (var mid in Slots) _frames[mid] = new SlotFrames(sink);
        }

        _addresses = LocalAddresses.List(loopback: context.Server.IsLoopback);
        _connection = new RtcConnection(host, this, options => options with { IceServers = _options.IceServers, RelayOnly = _options.RelayOnly });
    }

    /// <inheritdoc/>
    public event Action<string>? Failed;

    /// <inheritdoc/>
    public event Action<string>? CameraFailed;

    /// <inheritdoc/>
    public IReadOnlyList<string> Slots { get; }

    /// <inheritdoc/>
    public bool IsAlive => _state is RtcPeerState.Connecting or RtcPeerState.Connected or RtcPeerState.Disconnected;

    /// <inheritdoc/>
    public string CreateOffer()
    {
        _connection.Open(_addresses);
        return _connection.Run(() => _connection.Peer.CreateOffer(_lines, restartIce: false, _host.Loop.Now));
    }

    /// <inheritdoc/>
    public void ApplyAnswer(string sdp) => _connection.Run(() =>
    {
        var peer = _connection.Peer;
        if (peer.ApplyAnswer(sdp, _host.Loop.Now) is { } refused)
        {
            throw new ParleyException(ParleyError.Media, $"The server's answer cannot be used: {refused}");
        }

        if (peer.Microphone is { } microphone)
        {
            microphone.Source = _options.AudioSource;
            microphone.OpusSource = _options.OpusSource;
        }

        if (peer.Heard is { } heard)
        {
            heard.Sink = _options.AudioSink;
            heard.OpusSink = _options.OpusSink;
        }

        ApplySending();
        return true;
    });

    /// <inheritdoc/>
    public void SetSending(bool mic, bool camera) => _connection.Post(() =>
    {
        (_micWanted, _cameraWanted) = (mic, camera);
        ApplySending();
    });

    private bool _micWanted;

    /// <inheritdoc/>
    public void OnViewRequested(IReadOnlyList<SlotView> view) => _connection.Post(() =>
    {
        foreach (var (mid, frames) in _frames)
        {
            var wish = view.FirstOrDefault(slot => slot.Mid == mid);
            frames.OnRequested(wish?.ParticipantId, wish?.Source ?? VideoSourceKind.Camera);
        }
    });

    /// <inheritdoc/>
    public void OnSlotShown(SlotShown shown) => _connection.Post(() =>
    {
        if (_frames.TryGetValue(shown.Mid, out var frames)) frames.OnShown(shown.ParticipantId, shown.Source);
    });

    /// <inheritdoc/>
    public void RequestKeyframe(string participantId, VideoSourceKind source) => _connection.Post(() =>
    {
        foreach (var (mid, frames) in _frames)
        {
            if (frames.Shows(participantId, source)) _connection.Peer.RequestKeyframe(mid, _host.Loop.Now);
        }
    });

    /// <inheritdoc/>
    public MediaStatistics? GetStatistics() => _connection.Run(() =>
    {
        var peer = _connection.Peer;
        var pair = peer.Ice.Selected;
        var counters = peer.Counters;
        return new MediaStatistics
        {
            State = StateOf(_state),
            LocalAddress = pair?.LocalCandidate.Address.ToString(),
            RemoteAddress = pair?.Remote.ToString(),
            IsRelayed = pair is { LocalCandidate.Type: IceCandidateType.Relayed } or { RemoteCandidate.Type: IceCandidateType.Relayed },
            RoundTrip = peer.RoundTrip,
            PacketsReceived = counters.PacketsReceived,
            BytesReceived = counters.BytesReceived,
            PacketsSent = counters.PacketsSent,
            BytesSent = counters.BytesSent,
            PacketsLost = peer.Receivers.Sum(receiver => Math.Max(0, receiver.PacketsLost)),
            Nacks = counters.Nacks,
            KeyframeRequests = counters.KeyframeRequests,
            AudioFrames = peer.Heard?.Decoded ?? 0,
            AudioConcealed = peer.Heard?.Concealed ?? 0,
            VideoFrames = peer.Receivers.OfType<VideoReceiver>().Sum(receiver => receiver.Frames),
        };
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await TurnCameraAsync(dispose: true).ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
        foreach (var frames in _frames.Values) frames.Dispose();
    }

    void IVideoOutput.Send(ReadOnlySpan<byte> frame, TimeSpan captureTime)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frame.Length, MaxFrameLength, nameof(frame));
        if (Interlocked.Increment(ref _queuedFrames) > MaxQueuedFrames)
        {
            // Left out, so what follows cannot be decoded before the next keyframe.
            Interlocked.Decrement(ref _queuedFrames);
            _options.VideoSource?.RequestKeyframe();
            return;
        }

        var length = frame.Length;
        var copy = ArrayPool<byte>.Shared.Rent(length);
        frame.CopyTo(copy);
        _connection.Post(() =>
        {
            Interlocked.Decrement(ref _queuedFrames);
            _connection.Peer.FindCamera(CameraMid)?.Send(copy.AsSpan(0, length), captureTime, _host.Loop.Now);
            ArrayPool<byte>.Shared.Return(copy);
        });
    }

    void IRtcConnectionEvents.OnStateChanged(RtcPeerState state, string reason)
    {
        _state = state;
        if (state == RtcPeerState.Failed && !_failed)
        {
            _failed = true;
            Failed?.Invoke(reason);
        }

        ApplySending();
    }

    void IRtcConnectionEvents.OnCandidate(IceCandidate candidate)
    {
        // The server is lite and learns where we are from our checks (RFC 8445 §7.3.1.3).
    }

    void IRtcConnectionEvents.OnGathered()
    {
    }

    void IRtcConnectionEvents.OnKeyframeRequested(string mid)
    {
        if (mid == CameraMid) _options.VideoSource?.RequestKeyframe();
    }

    void IRtcConnectionEvents.OnVideoFrame(string mid, ReadOnlySpan<byte> frame, long timestamp, bool isKeyframe)
    {
        if (_frames.TryGetValue(mid, out var frames)) frames.OnFrame(frame, timestamp, isKeyframe);
    }

    private static MediaConnectionState StateOf(RtcPeerState state) => state switch
    {
        RtcPeerState.Connected => MediaConnectionState.Connected,
        RtcPeerState.Disconnected => MediaConnectionState.Disconnected,
        RtcPeerState.Failed or RtcPeerState.Closed => MediaConnectionState.Failed,
        _ => MediaConnectionState.Connecting,
    };

    /// <summary>Media thread: lets through what may be sent, and starts or stops the camera.</summary>
    private void ApplySending()
    {
        var peer = _connection.Peer;
        if (peer.Microphone is { } microphone) microphone.Enabled = _micWanted;
        if (peer.FindCamera(CameraMid) is { } camera) camera.Enabled = _cameraWanted;
        peer.ArmAudio(_host.Loop.Now);
        var runs = _cameraWanted && _state is RtcPeerState.Connected or RtcPeerState.Disconnected;
        if (_options.VideoSource is null || Volatile.Read(ref _cameraShouldRun) == runs) return;
        Volatile.Write(ref _cameraShouldRun, runs);
        _ = TurnCameraAsync(dispose: false);
    }

    private bool _cameraShouldRun;

    /// <summary>Starts or stops the source off the media thread, for that may take as long as a device does; one at a time.</summary>
    private async Task TurnCameraAsync(bool dispose)
    {
        if (_options.VideoSource is not { } source) return;
        await _cameraTurn.WaitAsync().ConfigureAwait(false);
        try
        {
            await Task.Yield();
            _disposed |= dispose;
            var runs = !_disposed && Volatile.Read(ref _cameraShouldRun);
            if (runs == _cameraRuns) return;
            _cameraRuns = runs;
            if (runs) source.Start(this);
            else source.Stop();
        }
        catch (ParleyException problem)
        {
            _cameraRuns = false;
            CameraFailed?.Invoke(problem.Message);
        }
        finally
        {
            _cameraTurn.Release();
        }
    }
}
