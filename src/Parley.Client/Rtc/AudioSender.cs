using Parley.Client.Audio;
using Parley.Media.Mixing;
using Parley.Media.Rtp;
using Parley.Media.Sdp;
using Parley.Media.Srtp;

namespace Parley.Client.Rtc;

/// <summary>The microphone: asks its source every 20 ms, encodes what is PCM, and sends. Media thread only.</summary>
internal sealed class AudioSender(RtcPeer peer, NegotiatedMedia line) : IDisposable
{
    /// <summary>The RTP clock of Opus, whatever it carries (RFC 7587 §4.1).</summary>
    public const int ClockRate = 48_000;

    private const int MaxOpusLength = 1_275;

    private readonly RtpSender _stream = new(peer, line, ClockRate, cache: false);
    private readonly float[] _frame = new float[Audio.AudioFormat.FrameSamples];
    private readonly byte[] _packet = new byte[MaxOpusLength + 1];
    private OpusEncoder? _encoder;
    private bool _silent = true;

    /// <summary>The stream under it.</summary>
    public RtpSender Stream => _stream;

    /// <summary>What to send as PCM.</summary>
    public IAudioSource? Source { get; set; }

    /// <summary>What to send as it is.</summary>
    public IOpusSource? OpusSource { get; set; }

    /// <summary>Whether the microphone is on.</summary>
    public bool Enabled { get; set; }

    /// <summary>Whether <see cref="Tick"/> has anything to do.</summary>
    public bool IsActive => Enabled && _stream.IsOpen && (Source is not null || OpusSource is not null);

    /// <summary>From now on packets can leave.</summary>
    public void Open(SrtpSessionKeys keys) => _stream.Open(keys);

    /// <summary>The loss the peer reports decides how much FEC is spent (RFC 6716 §2.1.7).</summary>
    public void OnLossReported(int percent)
    {
        if (_encoder is not null) _encoder.ExpectedLossPercent = percent;
    }

    /// <summary>Sends the 20 ms that begin at an absolute tick.</summary>
    public void Tick(TimeSpan tick, TimeSpan now)
    {
        if (!IsActive)
        {
            _silent = true;
            return;
        }

        AudioLevel? level = null;
        int length;
        if (OpusSource is { } opus)
        {
            length = Math.Min(opus.Read(_packet), MaxOpusLength);
        }
        else if (Source!.TryRead(_frame))
        {
            SampleGuard.Bound(_frame);
            level = LevelOf(_frame);
            length = (_encoder ??= new OpusEncoder(new OpusEncoderOptions())).Encode(_frame, _packet);
        }
        else
        {
            length = 0;
        }

        if (length > 0) _stream.Send(_packet.AsSpan(0, length), tick, _silent, level, now);
        _silent = length <= 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _encoder?.Dispose();
        _stream.Dispose();
    }

    private static AudioLevel LevelOf(ReadOnlySpan<float> frame)
    {
        var decibels = LevelMeter.LevelOf(frame);
        return new AudioLevel(decibels > LevelMeter.Quiet, (byte)Math.Clamp(-decibels, 0, AudioLevel.Silence));
    }
}
