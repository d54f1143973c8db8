using Parley.Media.Dtls;
using Parley.Media.Sdp;
using Parley.Media.Session;
using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.MediaHost;

/// <summary>
/// The media side of one meeting as the meeting sees it. Every call comes from the meeting's own mailbox, so this holds plain
/// state; what concerns the engine is posted to the media thread in order.
/// </summary>
internal sealed class MeetingMedia : IMeetingMedia
{
    private readonly Dictionary<string, MediaPeer> _peers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<SlotView>> _views = new(StringComparer.Ordinal);
    private readonly HashSet<string> _awaitedVoices = new(StringComparer.Ordinal);
    private readonly MediaPlane _plane;
    private readonly MixerThread _mixer;
    private readonly Room _room;
    private bool _closed;

    public MeetingMedia(MediaPlane plane, MixerThread mixer, IMeetingMediaEvents events)
    {
        _plane = plane;
        _mixer = mixer;
        Events = events;
        _room = plane.Worker.Engine.OpenRoom();
        _room.Tag = this;
        _mixer.Add(_room.Audio);
    }

    /// <summary>Who is told.</summary>
    public IMeetingMediaEvents Events { get; }

    /// <inheritdoc/>
    public MediaCounts Counts =>
        new(_room.Counters.Received, _room.Counters.ReceivedBytes, _room.Counters.Sent, _room.Counters.SentBytes);

    /// <inheritdoc/>
    public void TellWhenMixed(string participantId)
    {
        // Also over the connection they may have next.
        _awaitedVoices.Add(participantId);
        if (_peers.TryGetValue(participantId, out var peer)) _room.Audio.TellWhenMixed(peer.Connection);
    }

    /// <inheritdoc/>
    public Task<OfferOutcome> AnswerAsync(string participantId, string sdpOffer, MediaState media) =>
        Task.FromResult(Answer(participantId, sdpOffer, media));

    /// <inheritdoc/>
    public void SetMedia(string participantId, MediaState media)
    {
        if (!_peers.TryGetValue(participantId, out var peer)) return;
        _plane.Post(() => peer.Connection.SetSending(media.Mic, media.Cam, media.Screen));
    }

    /// <inheritdoc/>
    public string? SetView(string participantId, IReadOnlyList<SlotView> view)
    {
        if (!_peers.TryGetValue(participantId, out var peer)) return "Send an offer before you choose what to see.";
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var slot in view)
        {
            if (slot.Mid is null || !peer.Negotiation.Slots.Contains(slot.Mid)) return $"There is no slot '{slot.Mid}' in your offer.";
            if (!seen.Add(slot.Mid)) return $"Slot '{slot.Mid}' is named twice.";
        }

        _views[participantId] = view;
        Show(peer, view);
        return null;
    }

    /// <inheritdoc/>
    public void Remove(string participantId)
    {
        _views.Remove(participantId);
        _awaitedVoices.Remove(participantId);
        if (!_peers.Remove(participantId, out var peer)) return;
        _plane.Post(() => _room.Remove(peer.Connection));
        Refresh(participantId);
    }

    /// <inheritdoc/>
    public void Close()
    {
        if (_closed) return;
        _closed = true;
        _peers.Clear();
        _views.Clear();
        _plane.Post(() =>
        {
            _room.Close();
            _mixer.Remove(_room.Audio);
        });
    }

    private OfferOutcome Answer(string participantId, string sdpOffer, MediaState media)
    {
        if (_closed || !_plane.IsRunning) return new OfferOutcome(null, "The server is not taking media now. Try again in a moment.");
        if (!SessionDescription.TryParse(sdpOffer, out var offer, out var wrong)) return new OfferOutcome(null, wrong.ToString());

        var known = _peers.TryGetValue(participantId, out var peer) && !peer.Negotiation.IsRestart(offer);
        if (!known) peer = new MediaPeer(participantId, _plane, _room, Events);
        if (!peer!.Negotiation.TryAnswer(offer, out var answer, out var settled, out var error)) return new OfferOutcome(null, error);

        if (known)
        {
            _plane.Post(() => peer.Connection.Apply(settled));
        }
        else
        {
            if (!DtlsFingerprint.TryParse(answer.RemoteFingerprint.ToString(), out var fingerprint))
            {
                return new OfferOutcome(null, "The offer's a=fingerprint is of a hash that cannot be checked here.");
            }

            peer.Prepare(_plane.Handshakes, fingerprint);
            _peers.TryGetValue(participantId, out var before);
            _peers[participantId] = peer;
            if (_awaitedVoices.Contains(participantId)) _room.Audio.TellWhenMixed(peer.Connection);
            _plane.Post(() =>
            {
                if (before is not null) _room.Remove(before.Connection);
                peer.Connection.SetSending(media.Mic, media.Cam, media.Screen);
                peer.Connection.Apply(settled);
                _room.Add(peer.Connection);
            });
            Events.OnMediaState(participantId, MediaConnectionState.Connecting, null);
            Refresh(participantId);
        }

        if (_views.TryGetValue(participantId, out var view)) Show(peer, view);
        return new OfferOutcome(answer.Sdp, null);
    }

    /// <summary>A participant has another connection, or none: whoever wants to see them looks again.</summary>
    private void Refresh(string participantId)
    {
        foreach (var (viewerId, view) in _views)
        {
            if (view.Any(slot => slot.ParticipantId == participantId) && _peers.TryGetValue(viewerId, out var viewer)) Show(viewer, view);
        }
    }

    private void Show(MediaPeer viewer, IReadOnlyList<SlotView> view)
    {
        var wishes = view.Select(slot => new SlotWish(
            slot.Mid!,
            slot.ParticipantId is { } id && _peers.TryGetValue(id, out var source) ? source.Connection : null,
            slot.Source == VideoSourceKind.Screen ? VideoKind.Screen : VideoKind.Camera)).ToArray();
        _plane.Post(() => viewer.Connection.SetView(wishes));
    }
}
