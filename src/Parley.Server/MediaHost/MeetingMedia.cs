using Parley.Media;
using Parley.Media.Dtls;
using Parley.Media.Ice;
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
    private readonly HashSet<(string Voice, string Listener)> _awaitedVoices = [];
    private readonly Dictionary<(string Voice, string Listener), float> _volumes = [];
    private readonly MediaPlane _plane;
    private readonly MediaWorker _worker;
    private readonly MixerThread _mixer;
    private readonly Room _room;
    private bool _closed;

    public MeetingMedia(MediaPlane plane, MediaWorker worker, MixerThread mixer, IMeetingMediaEvents events)
    {
        _plane = plane;
        _worker = worker;
        worker.OnLoad(meetings: 1, connections: 0);
        _mixer = mixer;
        Events = events;
        _room = worker.Engine.OpenRoom();
        _room.Tag = this;
        _mixer.Add(_room.Audio);
    }

    /// <summary>Who is told.</summary>
    public IMeetingMediaEvents Events { get; }

    /// <inheritdoc/>
    public MediaCounts Counts =>
        new(_room.Counters.Received, _room.Counters.ReceivedBytes, _room.Counters.Sent, _room.Counters.SentBytes);

    /// <summary>How long the meeting's packets were here; media thread only.</summary>
    public DelayHistogram Delays { get; } = new();

    /// <inheritdoc/>
    public Task<MediaSnapshot> ReadAsync()
    {
        var peers = _peers.Values.ToArray();
        var reading = new TaskCompletionSource<MediaSnapshot>(TaskCreationOptions.RunContinuationsAsynchronously);
        _worker.Post(() => reading.SetResult(Read(peers)));
        return reading.Task;
    }

    /// <inheritdoc/>
    public void TellWhenMixed(string voiceId, string listenerId)
    {
        // Also over the connections they may have next.
        _awaitedVoices.Add((voiceId, listenerId));
        Await(voiceId, listenerId);
    }

    /// <inheritdoc/>
    public void PlayJoinTone() => _room.Audio.PlayJoinTone();

    /// <inheritdoc/>
    public void SetVolume(string listenerId, string voiceId, double volume)
    {
        _volumes[(voiceId, listenerId)] = (float)volume;
        Hear(voiceId, listenerId, (float)volume);
        if (volume == 1) _volumes.Remove((voiceId, listenerId));
    }

    /// <inheritdoc/>
    public Task<OfferOutcome> AnswerAsync(string participantId, string sdpOffer, MediaState media) =>
        Task.FromResult(Answer(participantId, sdpOffer, media));

    /// <inheritdoc/>
    public void SetMedia(string participantId, MediaState media)
    {
        if (!_peers.TryGetValue(participantId, out var peer)) return;
        _worker.Post(() => peer.Connection.SetSending(media.HasSound, media.Cam, media.Screen));
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
        _awaitedVoices.RemoveWhere(wish => wish.Voice == participantId || wish.Listener == participantId);
        foreach (var wish in _volumes.Keys)
        {
            // Removing while enumerating is allowed, and the rest is looked at.
            if (wish.Voice == participantId || wish.Listener == participantId) _volumes.Remove(wish);
        }

        if (!_peers.Remove(participantId, out var peer)) return;
        _worker.OnLoad(meetings: 0, connections: -1);
        _worker.Post(() => _room.Remove(peer.Connection));
        Refresh(participantId);
    }

    /// <inheritdoc/>
    public void Close()
    {
        if (_closed) return;
        _closed = true;
        _worker.OnLoad(meetings: -1, connections: -_peers.Count);
        _peers.Clear();
        _views.Clear();
        _worker.Post(() =>
        {
            _room.Close();
            _mixer.Remove(_room.Audio);
        });
    }

    private MediaSnapshot Read(MediaPeer[] peers)
    {
        var clock = _plane.Clock;
        var now = clock.Now;
        Delays.Turn(now);
        return new MediaSnapshot(
            clock.Origin + now,
            StatisticsOf.Delay(Delays),
            StatisticsOf.Rtp(_room.Counters),
            peers.ToDictionary(peer => peer.ParticipantId, peer => peer.Read(now)));
    }

    private OfferOutcome Answer(string participantId, string sdpOffer, MediaState media)
    {
        if (_closed || _plane.Workers.Count == 0) return new OfferOutcome(null, "The server is not taking media now. Try again in a moment.");
        if (!SessionDescription.TryParse(sdpOffer, out var offer, out var wrong)) return new OfferOutcome(null, wrong.ToString());

        if (_peers.TryGetValue(participantId, out var peer))
        {
            switch (peer.Negotiation.Compare(offer))
            {
                case OfferedTransport.Same:
                    return AnswerAgain(peer, offer, restarted: null);
                case OfferedTransport.Restarted when peer.CanRestart:
                    return AnswerAgain(peer, offer, IceCredentials.Create(RandomSource.System));
                case OfferedTransport.Restarted when peer.WasConnected:
                    // The client keeps its DTLS association (RFC 8842 §5.5), so a new one of ours would wait for ever.
                    return new OfferOutcome(null, "This media connection has ended. Make a new one.");
            }
        }

        return AnswerNew(participantId, offer, media);
    }

    /// <summary>The transport there is takes more lines, or has its ICE restarted.</summary>
    private OfferOutcome AnswerAgain(MediaPeer peer, SessionDescription offer, IceCredentials? restarted)
    {
        if (!peer.Negotiation.TryAnswer(offer, restarted, _plane.CandidatesOf(_worker), out var answer, out var settled, out var error))
        {
            return new OfferOutcome(null, error);
        }

        _worker.Post(() =>
        {
            if (restarted is not null) peer.Connection.RestartIce(restarted, settled.Remote, _plane.Clock.Now);
            peer.Connection.Apply(settled);
        });
        if (_views.TryGetValue(peer.ParticipantId, out var view)) Show(peer, view);
        return new OfferOutcome(answer.Sdp, null);
    }

    /// <summary>A transport of its own, in place of the one there may be.</summary>
    private OfferOutcome AnswerNew(string participantId, SessionDescription offer, MediaState media)
    {
        var peer = new MediaPeer(participantId, _plane, _worker, _room, Events);
        if (!peer.Negotiation.TryAnswer(offer, null, null, out var answer, out var settled, out var error)) return new OfferOutcome(null, error);
        if (!DtlsFingerprint.TryParse(answer.RemoteFingerprint.ToString(), out var fingerprint))
        {
            return new OfferOutcome(null, "The offer's a=fingerprint is of a hash that cannot be checked here.");
        }

        peer.Prepare(_plane.Handshakes, fingerprint);
        if (!_peers.TryGetValue(participantId, out var before)) _worker.OnLoad(meetings: 0, connections: 1);
        _peers[participantId] = peer;
        _worker.Post(() =>
        {
            if (before is not null) _room.Remove(before.Connection);
            peer.Connection.SetSending(media.HasSound, media.Cam, media.Screen);
            peer.Connection.Apply(settled);
            _room.Add(peer.Connection);
        });
        foreach (var (voice, listener) in _awaitedVoices)
        {
            if (voice == participantId || listener == participantId) Await(voice, listener);
        }

        foreach (var ((voice, listener), volume) in _volumes)
        {
            if (voice == participantId || listener == participantId) Hear(voice, listener, volume);
        }

        Events.OnMediaState(participantId, MediaConnectionState.Connecting, null);
        Refresh(participantId);
        if (_views.TryGetValue(participantId, out var view)) Show(peer, view);
        return new OfferOutcome(answer.Sdp, null, IsNew: true);
    }

    private void Await(string voiceId, string listenerId)
    {
        if (_peers.TryGetValue(voiceId, out var voice) && _peers.TryGetValue(listenerId, out var listener))
            _room.Audio.TellWhenMixed(voice.Connection, listener.Connection);
    }

    private void Hear(string voiceId, string listenerId, float volume)
    {
        if (_peers.TryGetValue(voiceId, out var voice) && _peers.TryGetValue(listenerId, out var listener))
            _room.Audio.SetVolume(listener.Connection, voice.Connection, volume);
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
            slot.Source == VideoSourceKind.Screen ? VideoKind.Screen : VideoKind.Camera,
            slot.Width,
            slot.Height,
            slot.Pinned)).ToArray();
        _worker.Post(() => viewer.Connection.SetView(wishes));
    }
}
