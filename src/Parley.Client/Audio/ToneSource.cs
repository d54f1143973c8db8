namespace Parley.Client.Audio;

/// <summary>A steady tone, to tell by ear or by measure who is heard.</summary>
public sealed class ToneSource : IAudioSource
{
    private readonly double _step;
    private readonly double _amplitude;
    private double _phase;

    /// <summary>Makes a tone.</summary>
    /// <param name="frequency">In hertz, above 0 and up to 20,000.</param>
    /// <param name="levelDb">In dBFS, −100…0; a tone of 0 reaches ±1.</param>
    /// <exception cref="ParleyException">One of them is out of its range.</exception>
    public ToneSource(double frequency, double levelDb = -20)
    {
        if (!(frequency is > 0 and <= 20_000))
            throw new ParleyException(ParleyError.Invalid, $"A tone of {frequency} Hz cannot be sent: up to 20,000 Hz can.");
        if (!(levelDb is >= -100 and <= 0))
            throw new ParleyException(ParleyError.Invalid, $"A tone cannot be as loud as {levelDb} dBFS: −100 to 0 can be.");
        _step = frequency / AudioFormat.SampleRate;
        _amplitude = Math.Pow(10, levelDb / 20);
    }

    /// <inheritdoc/>
    public bool TryRead(Span<float> frame)
    {
        foreach (ref var sample in frame)
        {
            sample = (float)(_amplitude * Math.Sin(2 * Math.PI * _phase));
            _phase += _step;
            if (_phase >= 1) _phase -= 1;
        }

        return true;
    }
}
