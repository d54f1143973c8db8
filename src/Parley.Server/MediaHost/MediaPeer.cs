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
    private readonly IMeetingMediaEvents _events;
    private readonly MediaWorker _worker;
    private bool _connected;

    public MediaPeer(string participantId, MediaPlane plane, Room room, IMeetingMediaEvents events)
    {
        ParticipantId = participantId;
        _events = events;
        _worker = plane.Worker;
        var local = IceCredentials.Create(Media.RandomSource.System);
        Negotiation = plane.Negotiate(local);
        Connection = new PeerConnection(room, local, plane.Clock.Now) { Tag = this };
    }

    /// <summary>Whose it is.</summary>
    public string ParticipantId { get; }

    /// <summary>The engine's side: touched on the media thread only.</summary>
    public PeerConnection Connection { get; }

    /// <summary>The offer/answer side: touched by the meeting only.</summary>
    public PeerNegotiation Negotiation { get; }

    /// <summary>Gives the connection its handshake; before it is added to its room.</summary>
    public void Prepare(DtlsHandshakes handshakes, DtlsFingerprint remote) =>
        Connection.Dtls = handshakes.Start(remote, Connection.Send, outcome => _worker.Post(() => OnHandshake(outcome)), OnDtlsClosed);

    /// <summary>Media thread: the way to the peer changed.</summary>
    public void OnIceState(IceState state)
    {
        switch (state)
        {
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
        _events.OnSlotShown(ParticipantId, mid, source?.ParticipantId, kind == VideoKind.Screen ? VideoSourceKind.Screen : VideoSourceKind.Camera);

    private void OnHandshake(DtlsOutcome outcome)
    {
        // Replaced or removed meanwhile: its end is no news of its participant.
        if (Connection.IsClosed) return;
        if (outcome.Keys is { } keys)
        {
            _connected = true;
            Connection.SetKeys(SrtpKeyingMaterial.FromDtlsExport((SrtpProfile)keys.SrtpProfile, keys.ExportedKeyingMaterial));
            _events.OnMediaState(ParticipantId, MediaConnectionState.Connected, null);
            return;
        }

        _events.OnMediaState(ParticipantId, MediaConnectionState.Failed, $"The media connection could not be secured ({outcome.Failure}).");
    }

    private void OnDtlsClosed() =>
        _worker.Post(() =>
        {
            if (Connection.IsClosed) return;
            _events.OnMediaState(ParticipantId, MediaConnectionState.Disconnected, "The browser closed the media connection.");
        });
}
