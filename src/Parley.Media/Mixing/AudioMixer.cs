namespace Parley.Media.Mixing;

/// <summary>
/// Mixes the audio of one meeting: everyone hears everyone but themself. One per meeting; all of it, and its participants,
/// belong to one mixer thread. It has no clock: the host calls <see cref="Tick"/> at k × 20 ms.
/// </summary>
public sealed class AudioMixer : IDisposable
{
    /// <summary>What a voice is made louder by at most.</summary>
    public const float MostGain = 2;

    private readonly AudioMixerOptions _options;
    private readonly List<MixerParticipant> _participants = [];
    private readonly MixEncodings _encodings;
    private readonly MixBus _bus = new();
    private readonly LoudestVoices _voices;
    private readonly DominantSpeakerDetector _dominant = new();
    private readonly float[] _mix = new float[AudioFormat.FrameSamples];

    private readonly JoinTone _tone = new();
    private readonly Limiter _tapLimiter = new();
    private int _leaving;
    private bool _isTicking;
    private bool _hasMore;
    private bool _isDisposed;

    /// <summary>Makes a mixer for one meeting.</summary>
    /// <exception cref="DllNotFoundException">libopus is not installed; the message names the package.</exception>
    public AudioMixer(AudioMixerOptions options)
    {
        _ = OpusLibrary.Instance;
        _options = options;
        _encodings = new MixEncodings(options.Encoder);
        _voices = new LoudestVoices(options.MostVoices);
    }

    /// <summary>How many participants there are.</summary>
    public int Count => _participants.Count - _leaving;

    /// <summary>
    /// Whether another tick would change and send nothing: nobody is heard, all have been told of the silence, and no packet waits. The host
    /// may leave ticks out until one comes in an inbox, or somebody comes or goes.
    /// </summary>
    public bool IsIdle { get; private set; }

    /// <summary>How many voices were in the last tick's mix.</summary>
    public int Voices => _bus.Voices;

    /// <summary>Encodes done so far, for one listener or for all who hear the same.</summary>
    public long FramesEncoded { get; private set; }

    /// <summary>Whether all encodes are to be of CELT alone, those that would carry FEC too: a third of the time, when there is too little of it.</summary>
    public bool SavesTime { get; set; }

    /// <summary>Who is given the whole mix besides the listeners; null for nobody.</summary>
    public IMixTap? Tap { get; set; }

    /// <summary>Who has the floor; decided every 300 ms. Null until somebody spoke, and when the one who had it left.</summary>
    public MixerParticipant? DominantSpeaker => _dominant.Current;

    /// <summary>Takes a participant in. Their voice fades in with its first packets.</summary>
    /// <param name="inbox">Where the network thread writes their packets.</param>
    /// <param name="tag">The host's own reference: <see cref="MixerParticipant.Tag"/>.</param>
    public MixerParticipant Add(AudioInbox inbox, object? tag = null)
    {
        ThrowIfUnusable();
        var participant = new MixerParticipant(new AudioSource(inbox, _options.Jitter, _options.LevelsVoices ? new VoiceLeveller() : null), _encodings.Add(), tag);
        _participants.Add(participant);
        IsIdle = false;
        return participant;
    }

    /// <summary>
    /// Lets a participant go: the sink hears of them no more. Their voice fades out in the next tick, until then the inbox is
    /// still read. Removing one twice does nothing.
    /// </summary>
    public void Remove(MixerParticipant participant)
    {
        ThrowIfUnusable();
        if (participant.IsLeaving || !_participants.Contains(participant)) return;
        participant.IsLeaving = true;
        IsIdle = false;
        _encodings.Remove(participant.Listener);
        _leaving++;
        _dominant.Remove(participant);
        foreach (var other in _participants) other.Listener.Volumes?.Remove(participant.Source);
    }

    /// <summary>From the next tick on one participant hears another louder or softer, by a mix of their own while that one is heard.</summary>
    /// <param name="listener">Who hears.</param>
    /// <param name="voice">Whom.</param>
    /// <param name="gain">0 (silent) … 1 (as they are) … 2 (6 dB louder).</param>
    /// <returns>False when the listener wants that of too many already.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The gain is out of its range.</exception>
    public bool SetVolume(MixerParticipant listener, MixerParticipant voice, float gain)
    {
        ThrowIfUnusable();
        ArgumentOutOfRangeException.ThrowIfNotEqual(gain is >= 0 and <= MostGain, true, nameof(gain));
        if (listener.IsLeaving || voice.IsLeaving) return true;
        return (listener.Listener.Volumes ??= new VoiceVolumes()).TrySet(voice.Source, gain);
    }

    /// <summary>
    /// Mixes 20 ms. Ticks are absolute: a host that is late calls the missed ones in a row, each with its own time. Allocates
    /// nothing.
    /// </summary>
    /// <param name="now">k × 20 ms on the clock of the packets' arrivals.</param>
    /// <param name="sink">Gets one frame for each listener.</param>
    public void Tick(TimeSpan now, IMixedAudioSink sink)
    {
        ThrowIfUnusable();
        _isTicking = true;
        IsIdle = false;
        _hasMore = false;
        try
        {
            Sum(now);
            if (Tap is { } tap && _bus.Mix(own: null, volumes: null, _mix))
            {
                _tapLimiter.Process(_mix);
                tap.OnMix(now, _mix);
            }

            Distribute(sink);
        }
        finally
        {
            _isTicking = false;
        }

        _dominant.Tick(_participants);
        if (_leaving > 0) DisposeLeaving();
        IsIdle = !_hasMore;
    }

    /// <summary>Everybody hears the tone that says that somebody joined; not again while it sounds, nor for a moment after it.</summary>
    public void PlayJoinTone()
    {
        ThrowIfUnusable();
        _tone.Begin();
        IsIdle = false;
    }

    /// <summary>Frees all codecs.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        foreach (var participant in _participants)
        {
            participant.Source.Dispose();
            if (!participant.IsLeaving) _encodings.Remove(participant.Listener);
        }

        _participants.Clear();
        _encodings.Dispose();
    }

    private void Sum(TimeSpan now)
    {
        _bus.Clear();
        _voices.Choose(_participants);
        foreach (var participant in _participants)
        {
            participant.Source.Read(now, isOpen: participant is { IsChosen: true, Muted: false, IsLeaving: false });
            if (participant.Source.Frame is { } voice) _bus.Add(voice);
            _hasMore |= !participant.Source.IsIdle;
        }

        if (_tone.Next() is { } tone) _bus.Add(tone);
        _hasMore |= !_tone.IsOver;
    }

    private void Distribute(IMixedAudioSink sink)
    {
        // All passages before the first encode: a private encoding begins as a copy of the shared one as it was after the last tick.
        var isQuiet = _bus.Level < LevelMeter.Quiet;
        foreach (var participant in _participants)
        {
            if (participant.IsLeaving) continue;
            var isApart = participant.Source.IsHeard || participant.Listener.Volumes is { Matter: true };
            _encodings.Follow(participant.Listener, isApart, isQuiet);
        }

        foreach (var encoding in _encodings.Shared)
        {
            if (encoding is not null) Encode(encoding, own: null, volumes: null);
        }

        foreach (var participant in _participants)
        {
            if (participant.IsLeaving) continue;
            var listener = participant.Listener;
            if (listener.IsPrivate)
            {
                _hasMore = true; // Until they share again.
                Encode(listener.Encoding, participant.Source.Frame, listener.Volumes);
                _encodings.Compare(listener);
            }

            if (!listener.Encoding.IsSent) listener.FramesNotSent++;
            sink.OnMixedFrame(participant, listener.Encoding.Packet, AudioFormat.FrameSamples, !listener.Encoding.IsSent);
        }
    }

    private void Encode(MixEncoding encoding, float[]? own, VoiceVolumes? volumes)
    {
        var isHeard = _bus.Mix(own, volumes, _mix);
        var isAlone = Count <= 1;
        encoding.SavesTime = SavesTime;
        if (encoding.Encode(_mix, isHeard, isAlone)) FramesEncoded++;
        _hasMore |= !encoding.IsIdle(isAlone);
    }

    private void DisposeLeaving()
    {
        for (var i = _participants.Count - 1; i >= 0; i--)
        {
            if (!_participants[i].IsLeaving) continue;
            _participants[i].Source.Dispose();
            _participants.RemoveAt(i);
        }

        _leaving = 0;
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_isTicking) throw new InvalidOperationException("A sink must not change or tick its mixer within Tick.");
    }
}
