using Parley.Client.Audio;
using Parley.Media.Mixing;
using Parley.Media.Rtcp;
using Parley.Media.Rtp;

namespace Parley.Client.Rtc;

/// <summary>
/// The heard audio: counted for reports, handed on as Opus, or through the jitter buffer and the decoder as PCM every
/// 20 ms. Media thread only.
/// </summary>
internal sealed class AudioReceiver(string mid, IRtpTap? tap) : RtpReceiver(mid, AudioSender.ClockRate)
{
    private readonly AudioInbox _inbox = new();
    private readonly float[] _silence = new float[Audio.AudioFormat.FrameSamples];
    private SequenceUnwrapper _sequences = new();
    private TimestampUnwrapper _timestamps = new();
    private long _seen;
    private long _highest = -1;
    private AudioSource? _decoder;

    /// <summary>Where it goes as PCM.</summary>
    public IAudioSink? Sink { get; set; }

    /// <summary>Where it goes as it came.</summary>
    public IOpusSink? OpusSink { get; set; }

    /// <summary>Whether it is kept for who comes for it by <see cref="Read"/> every 20 ms.</summary>
    public bool IsRead { get; set; }

    /// <summary>Whether <see cref="Tick"/> has anything to do.</summary>
    public bool IsActive => Sink is not null && PacketsReceived > 0;

    /// <summary>What the jitter buffer has counted.</summary>
    public JitterStatistics Buffer => _decoder?.Jitter.Statistics ?? default;

    /// <summary>The RTP timestamp that <see cref="Read"/> has come to; null while nothing is played.</summary>
    public uint? Played => (uint?)(ulong?)_decoder?.Position;

    /// <summary>Frames that had to be invented.</summary>
    public long Concealed => _decoder?.FramesConcealed ?? 0;

    /// <summary>Frames decoded from packets.</summary>
    public long Decoded => _decoder?.FramesDecoded ?? 0;

    /// <inheritdoc/>
    public override void OnPacket(in RtpPacket packet, long index, TimeSpan now)
    {
        base.OnPacket(in packet, index, now);
        tap?.OnAudioPacket(in packet, now);
        if (Sink is null && OpusSink is null && !IsRead) return;
        var sequence = _sequences.Unwrap(packet.SequenceNumber);
        var timestamp = _timestamps.Unwrap(packet.Timestamp);
        if (packet.Payload.IsEmpty) return;
        if (OpusSink is not null && IsNew(sequence)) OpusSink.Write(packet.Payload, timestamp);
        if (Sink is not null || IsRead) _inbox.TryWrite(sequence, timestamp, now, packet.Payload);
    }

    /// <summary>Gives the sink the 20 ms that are due at an absolute tick.</summary>
    public void Tick(TimeSpan tick)
    {
        if (!IsActive) return;
        var frame = Read(tick);
        Sink!.Write(frame.IsEmpty ? _silence : frame);
    }

    /// <summary>The 20 ms that are due at an absolute tick; empty while nothing is heard.</summary>
    public ReadOnlySpan<float> Read(TimeSpan tick)
    {
        if (PacketsReceived == 0) return default;
        _decoder ??= new AudioSource(_inbox, new JitterBufferOptions());
        _decoder.Read(tick, isOpen: true);
        return _decoder.Frame;
    }

    /// <inheritdoc/>
    protected override void OnRestart() => _inbox.Restart();

    /// <inheritdoc/>
    public override void Dispose() => _decoder?.Dispose();

    /// <summary>SRTP drops replays; this drops what comes twice within 64 packets under another index, and nothing else.</summary>
    private bool IsNew(long sequence)
    {
        if (sequence > _highest)
        {
            var ahead = sequence - _highest;
            _seen = _highest < 0 || ahead >= 64 ? 1 : (_seen << (int)ahead) | 1;
            _highest = sequence;
            return true;
        }

        var behind = (int)Math.Min(_highest - sequence, 64);
        if (behind >= 64 || (_seen >> behind & 1) != 0) return false;
        _seen |= 1L << behind;
        return true;
    }
}
