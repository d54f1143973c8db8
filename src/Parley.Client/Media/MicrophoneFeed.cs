using Parley.Client.Audio;
using Parley.Media.Mixing;
using Parley.Media.Rtp;

namespace Parley.Client.Media;

/// <summary>
/// The microphone for all connections of one participant: read and encoded once for each 20 ms, whoever sends it. Media thread
/// only; allocates nothing per frame.
/// </summary>
internal sealed class MicrophoneFeed : IDisposable
{
    private const int MaxOpusLength = 1_275;

    /// <summary>Ticks that are kept for whoever comes later to them: more than a connection may be behind (RtcPeer).</summary>
    private const int Kept = 16;

    private readonly IAudioSource? _source;
    private readonly IOpusSource? _opus;
    private readonly float[] _frame = new float[Audio.AudioFormat.FrameSamples];
    private readonly byte[] _packets = new byte[Kept * (MaxOpusLength + 1)];
    private readonly Entry[] _entries = new Entry[Kept];
    private OpusEncoder? _encoder;
    private long _last = long.MinValue;

    /// <param name="source">Gives PCM.</param>
    public MicrophoneFeed(IAudioSource source) => _source = source;

    /// <param name="source">Gives Opus.</param>
    public MicrophoneFeed(IOpusSource source) => _opus = source;

    /// <summary>The loss that a receiver reports decides how much FEC is spent (RFC 6716 §2.1.7).</summary>
    public void OnLossReported(int percent)
    {
        if (_encoder is not null) _encoder.ExpectedLossPercent = percent;
    }

    /// <summary>The packet of the 20 ms that begin at an absolute tick; empty when there is none, or no longer.</summary>
    /// <param name="tick">A multiple of 20 ms.</param>
    /// <param name="level">Its level, where it is known.</param>
    public ReadOnlySpan<byte> Read(TimeSpan tick, out AudioLevel? level)
    {
        var number = tick.Ticks / Audio.AudioFormat.FrameDuration.Ticks;
        var place = (int)(number % Kept);
        if (number > _last)
        {
            _last = number;
            _entries[place] = Take(number, place);
        }

        ref readonly var entry = ref _entries[place];
        level = entry.Level;
        return entry.Number == number ? _packets.AsSpan(place * (MaxOpusLength + 1), entry.Length) : default;
    }

    /// <inheritdoc/>
    public void Dispose() => _encoder?.Dispose();

    private Entry Take(long number, int place)
    {
        var packet = _packets.AsSpan(place * (MaxOpusLength + 1), MaxOpusLength + 1);
        if (_opus is not null) return new Entry(number, Math.Clamp(_opus.Read(packet), 0, MaxOpusLength), null);
        if (!_source!.TryRead(_frame)) return new Entry(number, 0, null);
        SampleGuard.Bound(_frame);
        var level = LevelOf(_frame);
        return new Entry(number, (_encoder ??= new OpusEncoder(new OpusEncoderOptions())).Encode(_frame, packet), level);
    }

    private static AudioLevel LevelOf(ReadOnlySpan<float> frame)
    {
        var decibels = LevelMeter.LevelOf(frame);
        return new AudioLevel(decibels > LevelMeter.Quiet, (byte)Math.Clamp(-decibels, 0, AudioLevel.Silence));
    }

    private readonly record struct Entry(long Number, int Length, AudioLevel? Level);
}
