namespace Parley.Media.Mixing;

/// <summary>One participant's voice: from the inbox through the jitter buffer and the decoder to 20 ms of samples a tick.</summary>
internal sealed class AudioSource : IDisposable
{
    private readonly AudioInbox _inbox;
    private readonly JitterBuffer _jitter;
    private readonly PcmQueue _pcm = new();
    private readonly GainRamp _ramp = new();
    private readonly LevelMeter _meter = new();
    private readonly Loudness _loudness = new();
    private readonly VoiceLeveller? _leveller;

    // Of who never speaks there is neither decoder nor samples.
    private OpusDecoder? _decoder;
    private float[] _frame = [];
    private float[] _tail = [];

    private int _generation;

    public AudioSource(AudioInbox inbox, JitterBufferOptions options, VoiceLeveller? leveller = null)
    {
        _inbox = inbox;
        _jitter = new JitterBuffer(options);
        _leveller = leveller;
    }

    public AudioInbox Inbox => _inbox;

    public JitterBuffer Jitter => _jitter;

    public LevelMeter Meter => _meter;

    public long FramesDecoded { get; private set; }

    public long FramesRecovered { get; private set; }

    public long FramesConcealed { get; private set; }

    public long FramesCorrupt { get; private set; }

    /// <summary>What the last <see cref="Read"/> gave: 960 samples within ±1; null when the voice is not heard.</summary>
    public float[]? Frame => IsHeard ? _frame : null;

    /// <summary>Whether the last <see cref="Read"/> gave samples.</summary>
    public bool IsHeard { get; private set; }

    /// <summary>The timestamp of the first sample that the next <see cref="Read"/> will give; null while nothing is played.</summary>
    public long? Position => _jitter.PlayTimestamp - _pcm.Count;

    /// <summary>Whether nothing changes before another packet comes.</summary>
    public bool IsIdle => !IsHeard && _pcm.Count == 0 && _jitter.IsEmpty && _meter.IsSettled;

    /// <summary>How loud the sender is, −127 … 0 dBov, whether or not they are decoded; of the last <see cref="Listen"/>.</summary>
    public float Loudness => _loudness.Value;

    /// <summary>Whether packets come; of the last <see cref="Listen"/>.</summary>
    public bool IsSending => _loudness.IsSending;

    /// <summary>Before <see cref="Read"/>: takes the level of what has come, without decoding it.</summary>
    public void Listen() => _loudness.Update(!_inbox.IsEmpty, _inbox.Level, IsHeard ? _meter.Level : null);

    /// <summary>Makes the next 20 ms.</summary>
    /// <param name="now">The tick.</param>
    /// <param name="isOpen">False when the voice is muted or leaves: it is faded out, then its packets are dropped unread.</param>
    public void Read(TimeSpan now, bool isOpen)
    {
        if (!isOpen && !_ramp.IsOpen)
        {
            IsHeard = false;
            Discard();
            return;
        }

        Drain();
        var isSilent = !Fill(now) || (Stretch(now) && !Fill(now));
        if (isSilent && !_ramp.IsOpen && _pcm.Count == 0)
        {
            IsHeard = false;
            _meter.Update([]);
            return;
        }

        if (!isSilent && _jitter.PlayTimestamp is { } next) _inbox.NoteMixed(next - _pcm.Count, now);
        if (isSilent) FillUp();
        if (_frame.Length == 0) _frame = new float[AudioFormat.FrameSamples];
        _pcm.Take(_frame);
        _ramp.Apply(_frame, isOpen && !isSilent);
        IsHeard = true;
        _meter.Update(_frame);
        _leveller?.Process(_frame, _meter);
        if (!isOpen) Forget();
    }

    public void Dispose() => _decoder?.Dispose();

    private void Drain()
    {
        // At most one ring's worth, or a fast writer could hold the mixer here.
        for (var i = 0; i < AudioInbox.Capacity && _inbox.TryPeek(out var packet); i++)
        {
            if (packet.Generation != _generation)
            {
                _generation = packet.Generation;
                _inbox.ForgetMixed();
                _jitter.Reset();
                _decoder?.Reset();
                _leveller?.Reset();
            }

            _jitter.Insert(packet.Sequence, packet.Timestamp, packet.Arrival, packet.Payload);
            _inbox.Release();
        }
    }

    private void Discard()
    {
        for (var i = 0; i < AudioInbox.Capacity && _inbox.TryPeek(out var packet); i++)
        {
            _generation = packet.Generation;
            _inbox.Release();
        }
    }

    private void Forget()
    {
        _pcm.Clear();
        _jitter.Reset();
        _decoder?.Reset();
        _meter.Reset();
    }

    /// <summary>Makes a tick's samples be there. False when there are not so many.</summary>
    private bool Fill(TimeSpan now)
    {
        while (_pcm.Count < AudioFormat.FrameSamples)
        {
            if (!Pull(now)) return false;
        }

        return true;
    }

    /// <summary>Moves the delay towards its target, by a period of the voice's pitch if there is a place for it.</summary>
    private bool Stretch(TimeSpan now)
    {
        var (change, samples, isUrgent) = _jitter.Adjust(now, _pcm.Count);
        if (change == DelayChange.None) return false;
        var period = TimeStretcher.FindPeriod(_pcm.Peek(TimeStretcher.Samples), samples, isUrgent);
        if (period == 0) return false;
        if (change == DelayChange.Lower) _pcm.Shorten(period);
        else if (!_pcm.TryLengthen(period)) return false;
        _jitter.OnAdjusted(now, change == DelayChange.Lower ? -period : period);
        return true;
    }

    /// <summary>Decodes what the jitter buffer wants next. False when it has nothing.</summary>
    private bool Pull(TimeSpan now)
    {
        var frame = _jitter.Next(now);
        if (frame.Kind == JitterFrameKind.Empty) return false;

        // What the decoder would have gone on with, to fade from: it has not seen what was left out.
        _decoder ??= new OpusDecoder();
        if (frame.IsSplice)
        {
            if (_tail.Length == 0) _tail = new float[AudioFormat.FadeSamples];
            _decoder.Conceal(_tail);
        }

        var samples = _pcm.Free[..Decode(frame, _pcm.Free)];
        samples = samples[..frame.Samples];
        if (frame.Skip > 0)
        {
            samples[frame.Skip..].CopyTo(samples);
            samples = samples[..^frame.Skip];
        }

        SampleGuard.Bound(samples);
        if (frame.IsSplice && samples.Length >= AudioFormat.FadeSamples)
        {
            SampleGuard.Bound(_tail);
            GainRamp.CrossFade(_tail, samples);
        }

        _pcm.Commit(samples.Length);
        return true;
    }

    private int Decode(in JitterFrame frame, Span<float> free)
    {
        switch (frame.Kind)
        {
            case JitterFrameKind.Packet:
                if (_decoder!.Decode(frame.Payload, free[..frame.Samples]) == frame.Samples)
                {
                    FramesDecoded++;
                    return frame.Samples;
                }

                FramesCorrupt++;
                break;

            case JitterFrameKind.Fec:
                if (_decoder!.DecodeFec(frame.Payload, free[..frame.Samples]) == frame.Samples)
                {
                    FramesRecovered++;
                    return frame.Samples;
                }

                FramesCorrupt++;
                break;

            case JitterFrameKind.Lost:
                FramesConcealed++;
                break;
        }

        return Conceal(frame.Samples, free);
    }

    private int Conceal(int samples, Span<float> free)
    {
        // Timestamps are the sender's to choose; the decoder conceals in whole steps of 2.5 ms.
        var rounded = Math.Min((samples + AudioFormat.PlcStep - 1) / AudioFormat.PlcStep * AudioFormat.PlcStep, free.Length);
        _decoder!.Conceal(free[..rounded]);
        return rounded;
    }

    /// <summary>Completes a frame that ends in silence; the ramp takes it out.</summary>
    private void FillUp()
    {
        var missing = AudioFormat.FrameSamples - _pcm.Count;
        var samples = _pcm.Free[..Conceal(missing, _pcm.Free)][..missing];
        SampleGuard.Bound(samples);
        _pcm.Commit(missing);
    }
}
