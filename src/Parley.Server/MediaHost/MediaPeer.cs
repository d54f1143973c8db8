using Parley.Media.Dtls;
using Parley.Media.Ice;
using Parley.Media.Session;
using Parley.Media.Srtp;
using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.MediaHost;

/// <summary>One participant's transport as the host sees it: which connection, whose, and how far it has come.</summary>
internal sealed class MediaPeer
{
    /// <summary>
    /// How long after its ICE failed a transport may be restarted. With the silence before, of 30 s and of 60 s at most when a restart
    /// failed too, whoever sends up to 270 packets a second on one stream is not yet so far ahead that the receiver would guess SRTP's
    /// rollover counter wrong (RFC 3711 §3.3.1).
    /// </summary>
    internal static readonly TimeSpan RestartableFor = TimeSpan.FromSeconds(60);

    private readonly IMeetingMediaEvents _events;
    private readonly MediaWorker _worker;
    private readonly MediaClock _clock;
    private readonly TimeSpan _madeAt;
    private bool _connected;

    /// <summary>When ICE failed first since it last worked, in ticks of the media clock; else MaxValue. Written by the media thread.</summary>
    private long _failedAt = long.MaxValue;

    /// <summary>Whether the DTLS association has failed or ended. Written by the media thread.</summary>
    private bool _dtlsOver;

    public MediaPeer(string participantId, MediaPlane plane, MediaWorker worker, Room room, IMeetingMediaEvents events)
    {
        ParticipantId = participantId;
        _events = events;
        _worker = worker;
        _clock = plane.Clock;
        var local = IceCredentials.Create(Media.RandomSource.System);
        Negotiation = plane.Negotiate(local, worker);
        _madeAt = plane.Clock.Now;
        Connection = new PeerConnection(room, local, _madeAt) { Tag = this };
    }

    /// <summary>Whose it is.</summary>
    public string ParticipantId { get; }

    /// <summary>The engine's side: touched on the media thread only.</summary>
    public PeerConnection Connection { get; }

    /// <summary>The offer/answer side: touched by the meeting only.</summary>
    public PeerNegotiation Negotiation { get; }

    /// <summary>
    /// Whether ICE may be restarted here: the DTLS association lives (or is still being made), and ICE has not been failed for long.
    /// The meeting asks; should it end this very moment, the events say so afterwards.
    /// </summary>
    public bool CanRestart =>
        !Volatile.Read(ref _dtlsOver) && Volatile.Read(ref _failedAt) is var failedAt
        && (failedAt == long.MaxValue || _clock.Now.Ticks - failedAt <= RestartableFor.Ticks);

    /// <summary>Whether there has been a DTLS association.</summary>
    public bool WasConnected => Volatile.Read(ref _connected);

    /// <summary>Gives the connection its handshake; before it is added to its room.</summary>
    public void Prepare(DtlsHandshakes handshakes, DtlsFingerprint remote) =>
        Connection.Dtls = handshakes.Start(remote, Connection.Send, outcome => _worker.Post(() => OnHandshake(outcome)), OnDtlsClosed);

    /// <summary>Media thread: what is counted of the connection.</summary>
    public TransportStatistics Read(TimeSpan now) =>
        new(_clock.Origin + _madeAt, StatisticsOf.Rtp(Connection.Counters), StatisticsOf.Path(Connection.ReadPath(now)));

    /// <summary>Media thread: the way to the peer changed.</summary>
    public void OnIceState(IceState state)
    {
        // A restart that fails as well does not begin the time anew.
        if (state == IceState.Connected) Volatile.Write(ref _failedAt, long.MaxValue);
        else if (state == IceState.Failed && _failedAt == long.MaxValue) Volatile.Write(ref _failedAt, _clock.Now.Ticks);
        switch (state)
        {
            case IceState.New:
                // A restart, with no way to go on by meanwhile.
                _events.OnMediaState(ParticipantId, MediaConnectionState.Connecting, null);
                break;
            case IceState.Connected when Connection.HasKeys:
                _events.OnMediaState(ParticipantId, MediaConnectionState.Connected, null);
                break;
            case IceState.Disconnected:
                _events.OnMediaState(ParticipantId, MediaConnectionState.Disconnected, "Nothing has come from your network for a while.");
                break;
            case IceState.Failed:
                _events.OnMediaState(ParticipantId, MediaConnectionState.Failed, _connected
                    ? "The way between you and the server was lost."
                    : "Your network lets no media through to the server. UDP may be blocked.");
                break;
        }
    }

    /// <summary>Media thread: a slot of this viewer has a new source.</summary>
    public void OnSlotShown(string mid, MediaPeer? source, VideoKind kind) =>
        _events.OnSlotShown(ParticipantId, mid, source?.ParticipantId, Of(kind));

    /// <summary>Media thread: a slot of this viewer is as good as its size can use, or less.</summary>
    public void OnSlotQuality(string mid, Media.Forwarding.SlotLevel level, Media.Forwarding.SlotLimit limit) => _events.OnSlotQuality(ParticipantId, new SlotQuality(
        mid,
        level switch
        {
            Media.Forwarding.SlotLevel.Full => Protocol.SlotLevel.Full,
            Media.Forwarding.SlotLevel.Reduced => Protocol.SlotLevel.Reduced,
            _ => Protocol.SlotLevel.Paused,
        },
        limit switch
        {
            Media.Forwarding.SlotLimit.None => null,
            Media.Forwarding.SlotLimit.Bandwidth => Protocol.SlotLimit.Bandwidth,
            _ => Protocol.SlotLimit.Overload,
        }));

    /// <summary>Media thread: so many layers of what this participant sends can be used.</summary>
    public void OnLayersWanted(VideoKind kind, int layers) => _events.OnLayersWanted(ParticipantId, new SendLayers(Of(kind), layers));

    private static VideoSourceKind Of(VideoKind kind) => kind == VideoKind.Screen ? VideoSourceKind.Screen : VideoSourceKind.Camera;

    private void OnHandshake(DtlsOutcome outcome)
    {
        // Replaced or removed meanwhile: its end is no news of its participant.
        if (Connection.IsClosed) return;
        if (outcome.Keys is { } keys)
        {
            Volatile.Write(ref _connected, true);
            Connection.SetKeys(SrtpKeyingMaterial.FromDtlsExport((SrtpProfile)keys.SrtpProfile, keys.ExportedKeyingMaterial));
            _events.OnMediaState(ParticipantId, MediaConnectionState.Connected, null);
            return;
        }

        Volatile.Write(ref _dtlsOver, true);
        _events.OnMediaState(ParticipantId, MediaConnectionState.Failed, $"The media connection could not be secured ({outcome.Failure}).");
    }

    private void OnDtlsClosed() =>
        _worker.Post(() =>
        {
            if (Connection.IsClosed) return;
            Volatile.Write(ref _dtlsOver, true);
            _events.OnMediaState(ParticipantId, MediaConnectionState.Disconnected, "The browser closed the media connection.");
        });
}
