using Microsoft.Extensions.Logging;
using Parley.Client.Meetings;
using Parley.Client.Rtc;
using Parley.Client.Transport;
using Parley.Media.Ice;
using Parley.Media.Sdp;
using Parley.Protocol;

namespace Parley.Client.Media;

/// <summary>
/// The connection to one other participant with the m-lines of docs/protocol.md §6: microphone, camera, screen, both ways. What it
/// sends and plays is decided by <see cref="LinkSwitch"/>. Everything inside runs on the media thread.
/// </summary>
internal sealed partial class PeerLink : IPeerLink, IRtcConnectionEvents
{
    private const string AudioLine = "0";
    private const string CameraLine = "1";
    private const string ScreenLine = "2";
    private const int LongestSdp = 64_000;

    /// <summary>However many candidates come, there is room for the description without which none of them can be taken.</summary>
    private const int MostWaitingCandidates = 100;

    private const int MostWaiting = MostWaitingCandidates + 10;

    /// <summary>How long names of STUN servers may take: the link has 5 s in all.</summary>
    private static readonly TimeSpan NamePatience = TimeSpan.FromSeconds(1);

    /// <summary>What the server has not brought by then it does not bring.</summary>
    private static readonly TimeSpan ReturnPatience = TimeSpan.FromSeconds(10);

    /// <summary>Voice and camera in one stream: browsers play those in step.</summary>
    private static readonly SdpLine[] Lines =
    [
        new(MediaKind.Audio, AudioLine, MediaDirection.SendRecv) { Msid = new("face", "voice") },
        new(MediaKind.Video, CameraLine, MediaDirection.SendRecv) { Msid = new("face", "camera") },
        new(MediaKind.Video, ScreenLine, MediaDirection.SendRecv),
    ];

    private readonly MediaHost _host;
    private readonly MediaDesk _desk;
    private readonly PeerLinkContext _context;
    private readonly ILogger _log;
    private readonly bool _offers;
    private readonly Queue<LinkSignal> _waiting = new();
    private readonly List<ITimer> _timers = [];
    private readonly Action _networkChanged;
    private RtcConnection? _connection;
    private Task _starting = Task.CompletedTask;
    private volatile RtcPeerState _state;
    private volatile bool _isOver;
    private string _cameraMid = "";
    private string _screenMid = "";
    private bool _isDescribed;

    /// <param name="host">What the connections share.</param>
    /// <param name="desk">Sources and sinks.</param>
    /// <param name="context">Whose link it is.</param>
    public PeerLink(MediaHost host, MediaDesk desk, PeerLinkContext context)
    {
        (_host, _desk, _context) = (host, desk, context);
        _log = context.Logs.CreateLogger("Parley.Client.Media.PeerLink");
        (LinkId, PeerId, _offers) = (context.Started.LinkId, context.Started.PeerId, context.Started.Offers);
        Switch = new LinkSwitch(context.Mode, context.Peer);
        _networkChanged = () => _desk.Post(OnNetworkChanged);
    }

    /// <inheritdoc/>
    public event Action<LinkSignal>? Signalled;

    /// <inheritdoc/>
    public event Action<LinkState>? Reported;

    /// <inheritdoc/>
    public event Action<bool>? Played;

    /// <inheritdoc/>
    public string LinkId { get; }

    /// <inheritdoc/>
    public string PeerId { get; }

    /// <inheritdoc/>
    public bool IsAlive => !_isOver && _state is not (RtcPeerState.Failed or RtcPeerState.Closed);

    /// <summary>Which way media takes now; media thread.</summary>
    public LinkSwitch Switch { get; private set; }

    /// <inheritdoc/>
    public void Start()
    {
        _host.Network.Changed += _networkChanged;
        _starting = StartAsync();
    }

    /// <inheritdoc/>
    public void OnSignal(LinkSignal signal) => _desk.Post(() =>
    {
        if (_isOver) return;
        if (CanTake(signal)) Take(signal);
        else if (_waiting.Count < (signal.Candidate is null ? MostWaiting : MostWaitingCandidates)) _waiting.Enqueue(signal);
    });

    /// <inheritdoc/>
    public void OnMode(MeetingMode mode) => _desk.Post(() => Handle(LinkInput.Told(mode)));

    /// <inheritdoc/>
    public void OnPeer(MediaState media) => _desk.Post(() => Handle(LinkInput.Peer(media)));

    /// <inheritdoc/>
    public void OnInMix(uint rtpTimestamp) => _desk.Post(() => _desk.AwaitInMix(rtpTimestamp));

    /// <inheritdoc/>
    public void OnView(bool camera, bool screen) => _desk.Post(() =>
        Handle(LinkInput.Watched(camera && _desk.HasVideoSink, screen && _desk.HasVideoSink)));

    /// <inheritdoc/>
    public void OnForgotten() => _desk.Post(() => Handle(new LinkInput(LinkInputKind.Forgotten)));

    /// <inheritdoc/>
    public void SetSending(bool mic, bool camera) => _desk.SetSending(mic, camera);

    /// <inheritdoc/>
    public void RequestKeyframe(VideoSourceKind source) => _desk.Post(() =>
    {
        if (Switch.IsOnLink(source)) OnKeyframeNeeded(source, fromLink: true);
    });

    /// <inheritdoc/>
    public MediaStatistics? GetStatistics() => _connection is { } connection && IsAlive
        ? connection.Run(() => ConnectionStatistics.Read(connection.Peer, MeetingMode.PeerToPeer))
        : null;

    /// <summary>The peer's voice is there; media thread.</summary>
    public void OnVoice()
    {
        if (Switch.Phase == LinkPhase.Opening) Handle(new LinkInput(LinkInputKind.VoiceOnLink));
    }

    /// <summary>What is played of the mix has the peer's voice; media thread.</summary>
    public void OnMixed() => Handle(new LinkInput(LinkInputKind.VoiceOnServer));

    /// <summary>A decoder may begin with this picture, which came by the way that is not played; media thread.</summary>
    public void OnKeyframe(VideoSourceKind source, bool fromLink) =>
        Handle(fromLink ? LinkInput.PictureOnLink(source) : LinkInput.PictureOnServer(source));

    /// <summary>What is played stands still without a keyframe; media thread.</summary>
    public void OnKeyframeNeeded(VideoSourceKind source, bool fromLink)
    {
        if (!fromLink)
        {
            _desk.RequestFromServer?.Invoke(PeerId, source);
            return;
        }

        if (_connection is not { } connection) return;
        connection.Peer.RequestKeyframe(source == VideoSourceKind.Screen ? _screenMid : _cameraMid, _host.Loop.Now);
        connection.Arm();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _host.Network.Changed -= _networkChanged;
        await _desk.RunAsync(End).ConfigureAwait(false);
        await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_connection is { } connection) await connection.DisposeAsync().ConfigureAwait(false);
    }

    void IRtcConnectionEvents.OnStateChanged(RtcPeerState state, string reason)
    {
        _state = state;
        Log.LinkState(_log, LinkId, state, reason);
        switch (state)
        {
            case RtcPeerState.Connected:
                OnConnected();
                break;
            case RtcPeerState.Disconnected:
                OnQuiet();
                break;
            case RtcPeerState.Failed:
                Handle(new LinkInput(LinkInputKind.Lost));
                break;
        }

        if (!_isOver) _desk.Apply();
    }

    void IRtcConnectionEvents.OnCandidate(IceCandidate candidate)
    {
        // Those of before are in the description.
        if (_isDescribed) Signal(new LinkSignal(LinkId, Candidate: Trickled("candidate:" + candidate.ToSdpValue())));
    }

    void IRtcConnectionEvents.OnGathered()
    {
        if (_isDescribed) Signal(new LinkSignal(LinkId, Candidate: Trickled("")));
    }

    void IRtcConnectionEvents.OnKeyframeRequested(string mid)
    {
        if (mid == _cameraMid) _desk.RequestKeyframe();
    }

    void IRtcConnectionEvents.OnVideoFrame(string mid, ReadOnlySpan<byte> frame, long timestamp, bool isKeyframe)
    {
        if (_isOver) return;
        if (mid == _cameraMid) _desk.Pictures.OnLinkFrame(VideoSourceKind.Camera, frame, timestamp, isKeyframe);
        else if (mid == _screenMid) _desk.Pictures.OnLinkFrame(VideoSourceKind.Screen, frame, timestamp, isKeyframe);
    }

    private async Task StartAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            // STUN only: what could only go through a relay stays on the server (protocol.md §6).
            var servers = await IceServerUrls.ResolveAsync(_context.Started.IceServers, relays: false, NamePatience, _context.Time).ConfigureAwait(false);
            var connection = new RtcConnection(_host, this, options => options with
            {
                Role = _offers ? IceRole.Controlling : IceRole.Controlled,
                IceServers = servers,
            });
            _connection = connection;
            connection.Open(LocalAddresses.List(_context.Server.IsLoopback));
            _desk.Post(Begin);
        }
        catch (Exception problem)
        {
            Log.LinkFault(_log, problem, LinkId);
            _desk.Post(() => Handle(new LinkInput(LinkInputKind.Lost)));
        }
    }

    private void Begin()
    {
        if (_isOver) return;
        _desk.SetLink(this);
        Every(WatchInterval, Watch);
        if (_offers) Offer(restart: false);
        TakeWaiting();
    }

    private void End()
    {
        if (_isOver) return;
        _isOver = true;
        foreach (var timer in _timers) timer.Dispose();
        _timers.Clear();
        _desk.LetGo(this);
    }

    private void Handle(LinkInput input)
    {
        if (_isOver) return;
        var before = Switch;
        Switch = before.Next(input);
        if (Switch == before) return;
        _desk.Apply();
        if (Switch.Phase != before.Phase)
        {
            Log.LinkPhase(_log, LinkId, Switch.Phase);
            if (Switch.Phase == LinkPhase.Returning) After(ReturnPatience, () => Handle(new LinkInput(LinkInputKind.Overdue)));
            if (Switch.Report is { } report) Reported?.Invoke(report);
        }

        if (Switch.IsPlayed != before.IsPlayed) Played?.Invoke(Switch.IsPlayed);
    }

    private void After(TimeSpan wait, Action step)
    {
        if (!_isOver) _timers.Add(_context.Time.CreateTimer(_ => _desk.Post(step), null, wait, Timeout.InfiniteTimeSpan));
    }

    private void Every(TimeSpan interval, Action step) => _timers.Add(_context.Time.CreateTimer(_ => _desk.Post(step), null, interval, interval));
}
