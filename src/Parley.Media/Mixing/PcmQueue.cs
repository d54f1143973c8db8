namespace Parley.Media.Mixing;

/// <summary>Decoded samples that wait for their tick: packets of 2.5 … 120 ms go in, 20 ms come out. Its memory comes with the first and stays.</summary>
internal sealed class PcmQueue
{
    private float[] _samples = [];

    /// <summary>How many samples wait.</summary>
    public int Count { get; private set; }

    /// <summary>Where the next samples go: at least 5,760 while fewer than 960 wait.</summary>
    public Span<float> Free
    {
        get
        {
            if (_samples.Length == 0) _samples = new float[AudioFormat.FrameSamples + AudioFormat.MaxPacketSamples];
            return _samples.AsSpan(Count);
        }
    }

    /// <summary>The oldest of them.</summary>
    public ReadOnlySpan<float> Peek(int samples) => _samples.AsSpan(0, samples);

    /// <summary>Says how much of <see cref="Free"/> was written.</summary>
    public void Commit(int samples) => Count += samples;

    /// <summary>Takes the oldest samples out; that many must be there.</summary>
    public void Take(Span<float> destination)
    {
        _samples.AsSpan(0, destination.Length).CopyTo(destination);
        Count -= destination.Length;
        _samples.AsSpan(destination.Length, Count).CopyTo(_samples);
    }

    /// <summary>Makes the oldest 20 ms shorter by a period of its pitch.</summary>
    public void Shorten(int period)
    {
        TimeStretcher.Shorten(_samples.AsSpan(0, Count), period);
        Count -= period;
    }

    /// <summary>Makes the oldest 20 ms longer by a period of its pitch, if there is room.</summary>
    public bool TryLengthen(int period)
    {
        if (Count + period > _samples.Length) return false;
        Count += period;
        TimeStretcher.Lengthen(_samples.AsSpan(0, Count), period);
        return true;
    }

    /// <summary>Throws all away.</summary>
    public void Clear() => Count = 0;
}
