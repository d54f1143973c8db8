using System.Numerics.Tensors;
using Parley.Client.Audio;
using Parley.Client.Rtc;
using Parley.Media.Mixing;

namespace Parley.Client.Media;

/// <summary>
/// What is heard, as one sound without a seam: the server's mix, the link's voice, or for a moment both. Each comes in and goes out
/// over 20 ms. Media thread only; allocates nothing per frame.
/// </summary>
internal sealed class HeardAudio(IAudioSink? sink, IOpusSink? opusSink)
{
    private readonly float[] _frame = new float[Audio.AudioFormat.FrameSamples];
    private readonly float[] _gains = new float[Audio.AudioFormat.FrameSamples];
    private readonly float[] _part = new float[Audio.AudioFormat.FrameSamples];
    private readonly Limiter _limiter = new();
    private float _mixGain = 1;
    private float _voiceGain;
    private bool _started;
    private AudioReceiver? _mix;
    private AudioReceiver? _voice;

    /// <summary>Whether anybody listens.</summary>
    public bool HasSink => sink is not null;

    /// <summary>The server's mix, where there is one.</summary>
    public AudioReceiver? Mix
    {
        get => _mix;
        set => Connect(ref _mix, value, isVoice: false);
    }

    /// <summary>The voice on the link.</summary>
    public AudioReceiver? Voice
    {
        get => _voice;
        set => Connect(ref _voice, value, isVoice: true);
    }

    /// <summary>Whether the mix is heard.</summary>
    public bool MixIsHeard { get; set; } = true;

    /// <summary>Whether the link's voice is.</summary>
    public bool VoiceIsHeard { get; set; }

    /// <summary>The RTP timestamp from which the mix has the link's voice as well; null when it is not waited for.</summary>
    public uint? AwaitedInMix { get; set; }

    /// <summary>Whether what is played of the mix has come to <see cref="AwaitedInMix"/>; true once.</summary>
    public bool TakeMixed()
    {
        if (AwaitedInMix is not { } awaited) return false;

        // Where nothing is decoded here nobody can tell; the packets of both ways are all the same to the app.
        if (sink is not null && (_mix?.Played is not { } played || (int)(played - awaited) < 0)) return false;
        AwaitedInMix = null;
        return true;
    }

    /// <summary>Makes the 20 ms of an absolute tick.</summary>
    /// <returns>Whether the link has the voice now.</returns>
    public bool Tick(TimeSpan tick)
    {
        // Both are read even where one is not heard: then it is ready at once when it is to be.
        var mix = sink is null || _mix is null ? default : _mix.Read(tick);
        var voice = sink is null || _voice is null ? default : _voice.Read(tick);
        _started |= _mix is { PacketsReceived: > 0 } || _voice is { PacketsReceived: > 0 };
        if (sink is null) return _voice is { PacketsReceived: > 0 };
        if (_started)
        {
            _frame.AsSpan().Clear();
            var parts = Add(mix, ref _mixGain, MixIsHeard) + Add(voice, ref _voiceGain, VoiceIsHeard);
            if (parts > 1) _limiter.Process(_frame);
            sink.Write(_frame);
        }

        return !voice.IsEmpty;
    }

    private int Add(ReadOnlySpan<float> part, ref float gain, bool isHeard)
    {
        var (from, to) = (gain, isHeard ? 1f : 0f);
        gain = to;
        if (part.IsEmpty || (from == 0 && to == 0)) return 0;
        if (from == to)
        {
            TensorPrimitives.Add(_frame, part, _frame);
            return 1;
        }

        for (var i = 0; i < _gains.Length; i++) _gains[i] = from + ((to - from) * (i + 1) / _gains.Length);
        TensorPrimitives.Multiply(part, _gains, _part);
        TensorPrimitives.Add(_frame, _part, _frame);
        return 1;
    }

    private void Connect(ref AudioReceiver? receiver, AudioReceiver? next, bool isVoice)
    {
        if (receiver == next) return;
        if (receiver is not null) receiver.OpusSink = null;
        receiver = next;
        if (next is null) return;
        next.IsRead = sink is not null;
        if (opusSink is not null) next.OpusSink = new Gate(this, opusSink, isVoice);
    }

    private long _lastTimestamp = -1;
    private Gate? _lastGate;

    /// <summary>Lets packets through that are to be heard, on one line of time.</summary>
    private sealed class Gate(HeardAudio owner, IOpusSink sink, bool isVoice) : IOpusSink
    {
        private long _offset;

        public void Write(ReadOnlySpan<byte> packet, long timestamp)
        {
            // One packet cannot be two: on the way back the link's has the peer, and the mix only those who are new.
            if (isVoice ? !owner.VoiceIsHeard : !owner.MixIsHeard || owner.VoiceIsHeard) return;
            if (owner._lastGate is { } last && last != this) _offset = owner._lastTimestamp + Audio.AudioFormat.FrameSamples - timestamp;
            owner._lastGate = this;
            owner._lastTimestamp = timestamp + _offset;
            sink.Write(packet, timestamp + _offset);
        }
    }
}
