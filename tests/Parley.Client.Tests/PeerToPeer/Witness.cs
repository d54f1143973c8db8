using System.Diagnostics;
using Parley.Client.Audio;
using Parley.Client.Meetings;
using Parley.Client.Video;

namespace Parley.Client.Tests.PeerToPeer;

/// <summary>Hears and sees as an app does, and notes when: how long it was dark or silent, and whether each picture could be decoded.</summary>
internal sealed class Witness : IAudioSink, IVideoSink, IDisposable
{
    /// <summary>Well under the tones of the test, well over noise.</summary>
    private const double Loud = 0.02;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Seen> _seen = [];
    private TimeSpan _sound;
    private TimeSpan _longestSilence;
    private long _frames;
    private long _loud;
    private int _keyframesMissed;
    private int _backwards;

    /// <summary>The longest time without sound, since it began or <see cref="Forget"/>.</summary>
    public TimeSpan LongestSilence
    {
        get
        {
            lock (_lock) return Max(_longestSilence, _sound == default ? default : Now - _sound);
        }
    }

    /// <summary>Frames of 20 ms that were given, and those with sound.</summary>
    public (long Frames, long Loud) Heard
    {
        get
        {
            lock (_lock) return (_frames, _loud);
        }
    }

    /// <summary>Pictures that could not be decoded after the ones before, and times that went back.</summary>
    public (int Broken, int Backwards) Faults
    {
        get
        {
            lock (_lock) return (_keyframesMissed, _backwards);
        }
    }

    private static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    /// <summary>Pictures of somebody's.</summary>
    public int PicturesOf(string id)
    {
        lock (_lock) return _seen.TryGetValue(id, out var seen) ? seen.Pictures : 0;
    }

    /// <summary>The longest time without a picture of somebody's, since they came or <see cref="Forget"/>.</summary>
    public TimeSpan LongestDarkness(string id)
    {
        lock (_lock) return _seen.TryGetValue(id, out var seen) ? Max(seen.LongestDarkness, Now - seen.Last) : TimeSpan.MaxValue;
    }

    /// <summary>From now on.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _longestSilence = default;
            foreach (var seen in _seen.Values) seen.LongestDarkness = default;
        }
    }

    /// <summary>What it knows of a person, for a report.</summary>
    public string Say(string id)
    {
        var (frames, loud) = Heard;
        return $"silent {LongestSilence.TotalMilliseconds:0} ms ({loud}/{frames} frames), dark {LongestDarkness(id).TotalMilliseconds:0} ms ({PicturesOf(id)} pictures), faults {Faults}";
    }

    public void Write(ReadOnlySpan<float> frame)
    {
        double sum = 0;
        foreach (var sample in frame) sum += sample * sample;
        lock (_lock)
        {
            _frames++;
            if (Math.Sqrt(sum / frame.Length) < Loud) return;
            _loud++;
            if (_sound != default) _longestSilence = Max(_longestSilence, Now - _sound);
            _sound = Now;
        }
    }

    public void OnFrame(in VideoFrameInfo info, ReadOnlySpan<byte> frame)
    {
        lock (_lock)
        {
            if (!_seen.TryGetValue(info.ParticipantId, out var seen)) _seen.Add(info.ParticipantId, seen = new Seen { Last = Now, Timestamp = info.Timestamp - 1 });
            seen.Decoder.TryDecode(frame, out _);
            if (seen.Decoder.NeedsKeyframe) _keyframesMissed++;
            if (info.Timestamp <= seen.Timestamp) _backwards++;
            seen.LongestDarkness = Max(seen.LongestDarkness, Now - seen.Last);
            seen.Pictures++;
            (seen.Last, seen.Timestamp) = (Now, info.Timestamp);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var seen in _seen.Values) seen.Decoder.Dispose();
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private sealed class Seen
    {
        public readonly Vp8Decoder Decoder = new();
        public TimeSpan Last;
        public TimeSpan LongestDarkness;
        public int Pictures;
        public long Timestamp;
    }
}
