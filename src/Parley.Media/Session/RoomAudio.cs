using System.Collections.Concurrent;
using Parley.Media.Mixing;

namespace Parley.Media.Session;

/// <summary>
/// The audio side of a room: the mixer and everyone's way to and from it. <see cref="Tick"/> belongs to the mixer's thread;
/// the network thread only leaves messages, and each microphone's packets in its <see cref="AudioInbox"/>.
/// </summary>
public sealed class RoomAudio : IMixedAudioSink, IDisposable
{
    private readonly ConcurrentQueue<Change> _changes = new();
    private readonly Dictionary<PeerConnection, MixerParticipant> _participants = [];
    private readonly List<PeerConnection> _speaking = [];
    private readonly List<PeerConnection> _lastSpeaking = [];
    private readonly Dictionary<(PeerConnection Voice, PeerConnection Listener), long> _awaited = [];
    private readonly Dictionary<(PeerConnection Voice, PeerConnection Listener), float> _volumes = [];
    private readonly ArrivalFlag _arrivals = new();
    private readonly AudioMixer _mixer;
    private readonly MediaEngine _engine;
    private readonly Room _room;
    private PeerConnection? _lastDominant;
    private IMixTap? _tap;
    private bool _joinTone;
    private TimeSpan _tick;

    internal RoomAudio(Room room, MediaEngine engine)
    {
        _room = room;
        _engine = engine;
        _mixer = new AudioMixer(engine.Mixing);
        Batch = new DirectBatch(engine.Sink);
    }

    /// <summary>What the mix is sent by. Of the mixer's thread, which flushes it; set before the first tick.</summary>
    public IDatagramBatch Batch { get; set; }

    /// <summary>Who is given the whole mix as samples, from the next tick on; see <see cref="AudioMixer.Tap"/>. Any thread may set it.</summary>
    public IMixTap? Tap
    {
        get => Volatile.Read(ref _tap);
        set => Volatile.Write(ref _tap, value);
    }

    /// <summary>Called on any thread when there is something to mix again; see <see cref="ArrivalFlag.OnRaised"/>.</summary>
    public Action? OnNews
    {
        set => _arrivals.OnRaised = value;
    }

    /// <summary>Mixer's thread: whether ticks may be left out until <see cref="OnNews"/> is called.</summary>
    public bool IsIdle => (_participants.Count == 0 || _mixer.IsIdle) && !_arrivals.IsRaised;

    /// <summary>See <see cref="AudioMixer.SavesTime"/>.</summary>
    public bool SavesTime
    {
        get => _mixer.SavesTime;
        set => _mixer.SavesTime = value;
    }

    /// <summary>Mixes one frame of 20 ms for everyone, if there is anything to mix. Ticks lie on absolute time: a late one is made up for by calling again.</summary>
    public void Tick(TimeSpan now)
    {
        while (_changes.TryDequeue(out var change)) Take(change);
        if (Interlocked.Exchange(ref _joinTone, false)) _mixer.PlayJoinTone();
        var hasNews = _arrivals.Take();
        if (_participants.Count == 0 || (_mixer.IsIdle && !hasNews)) return;

        _tick = now;
        foreach (var (connection, participant) in _participants)
        {
            participant.Muted = !connection.AudioEnabled;
            participant.ReportLoss(connection.AudioLossPercent);
        }

        _mixer.Tap = Tap;
        _mixer.Tick(now, this);
        TellSpeakers();
        if (_awaited.Count > 0) TellMixed();
    }

    /// <summary>
    /// Any thread: tells once, by <see cref="IMediaEvents.OnInMix"/>, when a packet of this voice that is decoded from now on is in what this
    /// listener is sent.
    /// </summary>
    public void TellWhenMixed(PeerConnection voice, PeerConnection listener) => Ask(new Change(voice, null, listener));

    /// <summary>
    /// Any thread: from now on this listener hears this voice louder or softer, as <see cref="AudioMixer.SetVolume"/> says; both may come into the
    /// mix later. No more than <see cref="VoiceVolumes.Most"/> others of one listener count.
    /// </summary>
    public void SetVolume(PeerConnection listener, PeerConnection voice, float gain) => Ask(new Change(voice, null, listener, gain));

    /// <summary>Any thread: everybody hears the tone that says that somebody joined.</summary>
    public void PlayJoinTone()
    {
        Volatile.Write(ref _joinTone, true);

        // A meeting that has been quiet is not ticked before something comes.
        _arrivals.Raise();
    }

    /// <summary>Ends the mixer; nobody ticks it any more.</summary>
    public void Dispose()
    {
        while (_changes.TryDequeue(out var change)) Take(change);
        foreach (var connection in _participants.Keys.ToList()) Take(new Change(connection, null));
        _mixer.Dispose();
    }

    void IMixedAudioSink.OnMixedFrame(MixerParticipant listener, ReadOnlySpan<byte> opusPayload, uint timestampIncrement, bool isDtx)
    {
        var downlink = (AudioDownlink)listener.Tag!;
        if (isDtx) downlink.Skip();
        else _room.Counters.OnMixed(downlink.Send(opusPayload, _tick, Batch));
    }

    /// <summary>An inbox for one who joins.</summary>
    internal AudioInbox CreateInbox() => new(_arrivals);

    /// <summary>Any thread: who speaks most now.</summary>
    internal PeerConnection? Dominant => Volatile.Read(ref _lastDominant);

    internal void Add(PeerConnection connection, AudioDownlink downlink) => Ask(new Change(connection, downlink));

    internal void Remove(PeerConnection connection) => Ask(new Change(connection, null));

    private void Ask(Change change)
    {
        _changes.Enqueue(change);
        _arrivals.Raise();
    }

    private void Take(Change change)
    {
        if (change is { Listener: { } ear, Gain: { } gain })
        {
            _volumes[(change.Connection, ear)] = gain;
            Hear(change.Connection, ear, gain);
            if (gain == 1) _volumes.Remove((change.Connection, ear));
        }
        else if (change.Listener is { } listener)
        {
            _awaited[(change.Connection, listener)] = _participants.TryGetValue(change.Connection, out var voice) ? voice.FramesDecoded : 0;
        }
        else if (change.Downlink is { } downlink)
        {
            _participants.Add(change.Connection, _mixer.Add(change.Connection.Inbox, downlink));
            foreach (var ((from, to), volume) in _volumes)
            {
                if (from == change.Connection || to == change.Connection) Hear(from, to, volume);
            }
        }
        else if (_participants.Remove(change.Connection, out var leaving))
        {
            _mixer.Remove(leaving);
            ((AudioDownlink)leaving.Tag!).Dispose();
        }

        if (change is { Downlink: null, Listener: null }) Forget(change.Connection);
    }

    private void Hear(PeerConnection voice, PeerConnection listener, float gain)
    {
        if (_participants.TryGetValue(voice, out var heard) && _participants.TryGetValue(listener, out var hearing)) _mixer.SetVolume(hearing, heard, gain);
    }

    private void TellMixed()
    {
        foreach (var (wish, before) in _awaited)
        {
            if (!_participants.TryGetValue(wish.Voice, out var voice) || voice.FramesDecoded <= before) continue;
            if (!_participants.TryGetValue(wish.Listener, out var listener)) continue;
            // Removing while enumerating is allowed, and the rest is looked at.
            _awaited.Remove(wish);
            _engine.Events.OnInMix(wish.Voice, wish.Listener, ((AudioDownlink)listener.Tag!).TimestampAt(_tick));
        }
    }

    private void Forget(PeerConnection connection)
    {
        // Removing while enumerating is allowed.
        foreach (var wish in _awaited.Keys)
        {
            if (wish.Voice == connection || wish.Listener == connection) _awaited.Remove(wish);
        }

        foreach (var wish in _volumes.Keys)
        {
            if (wish.Voice == connection || wish.Listener == connection) _volumes.Remove(wish);
        }
    }

    private void TellSpeakers()
    {
        _speaking.Clear();
        PeerConnection? dominant = null;
        foreach (var (connection, participant) in _participants)
        {
            if (participant.IsSpeaking) _speaking.Add(connection);
            if (ReferenceEquals(_mixer.DominantSpeaker, participant)) dominant = connection;
        }

        if (ReferenceEquals(dominant, _lastDominant) && SameSpeakers()) return;
        Volatile.Write(ref _lastDominant, dominant);
        _lastSpeaking.Clear();
        _lastSpeaking.AddRange(_speaking);
        _engine.Events.OnSpeakers(_room, _speaking.ToArray(), dominant);
    }

    private bool SameSpeakers()
    {
        if (_speaking.Count != _lastSpeaking.Count) return false;
        for (var i = 0; i < _speaking.Count; i++)
        {
            if (!ReferenceEquals(_speaking[i], _lastSpeaking[i])) return false;
        }

        return true;
    }

    /// <summary>A connection comes (with its downlink), goes (without), or its voice is awaited by a listener, or wanted louder or softer.</summary>
    private readonly record struct Change(PeerConnection Connection, AudioDownlink? Downlink, PeerConnection? Listener = null, float? Gain = null);
}
