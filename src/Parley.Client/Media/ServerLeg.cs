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
internal sealed class ServerLeg : IMediaLeg, IRtcConnectionEvents
{
    private const string AudioMid = "0";
    private const string CameraMid = "1";
    private const string ScreenMid = "2";
    private const int FirstSlot = 3;

    /// <summary>A restart that has found no path by then has none to find.</summary>
    private static readonly TimeSpan RestartPatience = TimeSpan.FromSeconds(8);

    /// <summary>Restarts are not wished for more often.</summary>
    private static readonly TimeSpan RestartInterval = TimeSpan.FromSeconds(5);

    private readonly MediaHost _host;
    private readonly MediaDesk _desk;
    private readonly TimeProvider _time;
    private readonly RtcConnection _connection;
    private readonly SdpLine[] _lines;
    private readonly bool _loopback;
    private readonly Dictionary<string, SlotFrames> _frames = new(StringComparer.Ordinal);
    private readonly Action _networkChanged;
    private volatile RtcPeerState _state;
    private ITimer? _restartTimer;
    private TimeSpan _nextRestart;
    private long _sendErrors;
    private bool _failed;

    /// <param name="host">What the connections share.</param>
    /// <param name="desk">Sources and sinks.</param>
    /// <param name="context">The place in the meeting.</param>
    public ServerLeg(MediaHost host, MediaDesk desk, MediaLegContext context)
    {
        (_host, _desk, _time) = (host, desk, context.Time);
        var options = context.Options;
        Slots = [.. Enumerable.Range(FirstSlot, context.Limits.Slots).Select(index => index.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        _lines =
        [
            new SdpLine(MediaKind.Audio, AudioMid, MediaDirection.SendRecv),
            new SdpLine(MediaKind.Video, CameraMid, MediaDirection.SendOnly),
            new SdpLine(MediaKind.Video, ScreenMid, MediaDirection.SendOnly),
            .. Slots.Select(mid => new SdpLine(MediaKind.Video, mid, MediaDirection.RecvOnly)),
        ];
        if (desk.HasVideoSink)
        {
            foreach (var mid in Slots) _frames[mid] = new SlotFrames(desk.Pictures);
        }

        _loopback = context.Server.IsLoopback;
        IReadOnlyList<Meetings.IceServer> servers = [.. options.IceServers, .. context.Relays];
        _connection = new RtcConnection(host, this, peer => peer with { IceServers = servers, RelayOnly = options.RelayOnly });
        desk.CameraFailed = why => CameraFailed?.Invoke(why);
        _networkChanged = () => _connection.Post(() => WishRestart(networkChanged: true));
        host.Network.Changed += _networkChanged;
    }

    /// <inheritdoc/>
    public event Action<string>? Failed;

    /// <inheritdoc/>
    public event Action<string>? CameraFailed;

    /// <inheritdoc/>
    public event Action? RestartWanted;

    /// <inheritdoc/>
    public IReadOnlyList<string> Slots { get; }

    /// <inheritdoc/>
    public bool IsAlive => _state is RtcPeerState.Connecting or RtcPeerState.Connected or RtcPeerState.Disconnected;

    /// <inheritdoc/>
    public string CreateOffer()
    {
        _connection.Open(LocalAddresses.List(_loopback));
        return _connection.Run(() => _connection.Peer.CreateOffer(_lines, restartIce: false, _host.Loop.Now));
    }

    /// <inheritdoc/>
    public string? CreateRestartOffer() => _connection.Run(() =>
    {
        if (_failed || _connection.Peer.Session is null) return null;
        _restartTimer?.Dispose();
        _restartTimer = _time.CreateTimer(_ => _connection.Post(OnRestartOverdue), null, RestartPatience, Timeout.InfiniteTimeSpan);
        return _connection.Peer.CreateOffer(_lines, restartIce: true, _host.Loop.Now);
    });

    /// <inheritdoc/>
    public void ApplyAnswer(string sdp) => _connection.Run(() =>
    {
        if (_connection.Peer.ApplyAnswer(sdp, _host.Loop.Now) is { } refused)
        {
            throw new ParleyException(ParleyError.Media, $"The server's answer cannot be used: {refused}");
        }

        _desk.RequestFromServer = RequestNow;
        _desk.SetServer(_connection, CameraMid);
        return true;
    });

    /// <inheritdoc/>
    public void SetSending(bool mic, bool camera) => _desk.SetSending(mic, camera);

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
    public void OnSendLayers(SendLayers layers)
    {
        if (layers.Source == VideoSourceKind.Camera) _connection.Post(() => _desk.SetWatched(layers.Layers > 0));
    }

    /// <inheritdoc/>
    public void RequestKeyframe(string participantId, VideoSourceKind source) => _connection.Post(() => RequestNow(participantId, source));

    /// <inheritdoc/>
    public MediaStatistics? GetStatistics() => _connection.Run(() => ConnectionStatistics.Read(_connection.Peer, MeetingMode.Server));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _host.Network.Changed -= _networkChanged;
        _restartTimer?.Dispose();
        await _desk.RunAsync(() => _desk.SetServer(null, CameraMid)).ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
        foreach (var frames in _frames.Values) frames.Dispose();
    }

    void IRtcConnectionEvents.OnStateChanged(RtcPeerState state, string reason)
    {
        _state = state;
        if (state == RtcPeerState.Failed && !_failed)
        {
            _failed = true;
            Failed?.Invoke(reason);
        }

        if (state == RtcPeerState.Connected)
        {
            _restartTimer?.Dispose();
            _restartTimer = null;
        }

        if (state == RtcPeerState.Disconnected) WishRestart(networkChanged: false);
        _desk.Apply();
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
        if (mid == CameraMid) _desk.RequestKeyframe();
    }

    void IRtcConnectionEvents.OnVideoFrame(string mid, ReadOnlySpan<byte> frame, long timestamp, bool isKeyframe)
    {
        if (_frames.TryGetValue(mid, out var frames)) frames.OnFrame(frame, timestamp, isKeyframe);
    }

    private void RequestNow(string participantId, VideoSourceKind source)
    {
        foreach (var (mid, frames) in _frames)
        {
            if (!frames.Shows(participantId, source)) continue;
            _connection.Peer.RequestKeyframe(mid, _host.Loop.Now);
            _connection.Arm();
        }
    }

    /// <summary>Media thread: the path is late, or there may be better ones now.</summary>
    private void WishRestart(bool networkChanged)
    {
        if (_failed || _connection.Peer.Session is null) return;
        var refused = _connection.SendErrors != _sendErrors;
        _sendErrors = _connection.SendErrors;
        var isNew = networkChanged && _connection.OpenMore(LocalAddresses.List(_loopback));
        var now = _host.Loop.Now;
        if ((networkChanged && !isNew && !refused) || now < _nextRestart) return;
        _nextRestart = now + RestartInterval;
        RestartWanted?.Invoke();
    }

    private void OnRestartOverdue()
    {
        if (_failed || _state == RtcPeerState.Connected) return;
        _failed = true;
        Failed?.Invoke("The network has changed, and no way to the server was found.");
    }
}
