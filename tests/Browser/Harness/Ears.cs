using Parley.Client.Audio;

namespace Parley.Browser.Harness;

/// <summary>Keeps the newest 8,192 samples of what a C# participant hears.</summary>
internal sealed class Ears : IAudioSink
{
    private readonly object _lock = new();
    private readonly float[] _ring = new float[Spectrum.Length];
    private long _written;

    /// <summary>Samples heard so far.</summary>
    public long Written
    {
        get
        {
            lock (_lock) return _written;
        }
    }

    public void Write(ReadOnlySpan<float> frame)
    {
        lock (_lock)
        {
            foreach (var sample in frame) _ring[_written++ % _ring.Length] = sample;
        }
    }

    /// <summary>The level of each frequency, dB, as <see cref="Observation"/> has it; null before there is enough to tell.</summary>
    public double[]? Levels(IReadOnlyList<int> frequencies)
    {
        var samples = new float[Spectrum.Length];
        lock (_lock)
        {
            if (_written < _ring.Length) return null;
            var start = (int)(_written % _ring.Length);
            _ring.AsSpan(start).CopyTo(samples);
            _ring.AsSpan(0, start).CopyTo(samples.AsSpan(_ring.Length - start));
        }

        return [.. frequencies.Select(frequency => Spectrum.LevelOf(samples, frequency))];
    }
}
