namespace Parley.Media.Mixing;

/// <summary>
/// Mixes the audio of one meeting: everyone hears everyone but themself. One per meeting; all of it, and its participants,
/// belong to one mixer thread. It has no clock: the host calls <see cref="Tick"/> at k × 20 ms.
/// </summary>
public sealed class AudioMixer : IDisposable
{
    private readonly AudioMixerOptions _options;
    private readonly List<MixerParticipant> _participants = [];
    private readonly MixEncodings _encodings;
    private readonly MixBus _bus = new();
    private readonly LoudestVoices _voices;
    private readonly DominantSpeakerDetector _dominant = new();
    private readonly float[] _mix = new float[AudioFormat.FrameSamples];

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

    /// <summary>Who has the floor; decided every 300 ms. Null until somebody spoke, and when the one who had it left.</summary>
    public MixerParticipant? DominantSpeaker => _dominant.Current;

    /// <summary>Takes a participant in. Their voice fades in with its first packets.</summary>
    /// <param name="inbox">Where the network thread writes their packets.</param>
    /// <param name="tag">The host's own reference: <see cref="MixerParticipant.Tag"/>.</param>
    public MixerParticipant Add(AudioInbox inbox, object? tag = null)
    {
        ThrowIfUnusable();
        var participant = new MixerParticipant(new AudioSource(inbox, _options.Jitter), _encodings.Add(), tag);
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
    }

    private void Distribute(IMixedAudioSink sink)
    {
        // All passages before the first encode: a private encoding begins as a copy of the shared one as it was after the last tick.
        var isQuiet = _bus.Level < LevelMeter.Quiet;
        foreach (var participant in _participants)
        {
            if (!participant.IsLeaving) _encodings.Follow(participant.Listener, participant.Source.IsHeard, isQuiet);
        }

        foreach (var encoding in _encodings.Shared)
        {
            if (encoding is not null) Encode(encoding, own: null);
        }

        foreach (var participant in _participants)
        {
            if (participant.IsLeaving) continue;
            var listener = participant.Listener;
            if (listener.IsPrivate)
            {
                _hasMore = true; // Until they share again.
                Encode(listener.Encoding, participant.Source.Frame);
                _encodings.Compare(listener);
            }

            if (!listener.Encoding.IsSent) listener.FramesNotSent++;
            sink.OnMixedFrame(participant, listener.Encoding.Packet, AudioFormat.FrameSamples, !listener.Encoding.IsSent);
        }
    }

    private void Encode(MixEncoding encoding, float[]? own)
    {
        var isHeard = _bus.Voices > (own is null ? 0 : 1);
        if (isHeard) _bus.Mix(own, _mix);
        var isAlone = Count <= 1;
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
