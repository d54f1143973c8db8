namespace Parley.Client.Audio;

/// <summary>
/// Turns mono samples of any rate into 48 kHz by a windowed sinc: linear phase, flat to 0.84 of the lower of both bands, and
/// 80 dB down beyond it. The place of each sample is counted in whole numbers, so nothing drifts.
/// </summary>
internal sealed class SincResampler
{
    private const int ZeroCrossings = 32;
    private const int StepsPerCrossing = 256;
    private const double Cutoff = 0.92;
    private const double KaiserBeta = 8.0;

    private static readonly float[] Kernel = MakeKernel();

    private readonly int _rate;
    private readonly double _scale;
    private readonly int _reach;
    private readonly float[] _input;
    private long _inputStart;
    private int _inputCount;
    private long _inputTotal;
    private long _made;
    private bool _isFinished;

    /// <param name="rate">Samples in a second of the input, 1,000–384,000.</param>
    public SincResampler(int rate)
    {
        _rate = rate;
        _scale = Math.Max(1.0, (double)rate / AudioFormat.SampleRate);
        _reach = (int)Math.Ceiling(ZeroCrossings * _scale);
        _input = new float[(2 * _reach) + 4096];
        Reset();
    }

    /// <summary>Where the next input goes; say how much by <see cref="Commit"/>. Never empty when <see cref="Read"/> gave too little.</summary>
    public Span<float> Free
    {
        get
        {
            // Behind what the next output needs, nothing is needed any more.
            var needless = (int)Math.Clamp((_made * _rate / AudioFormat.SampleRate) - _reach - _inputStart, 0, _inputCount);
            if (needless > 0)
            {
                _input.AsSpan(needless, _inputCount - needless).CopyTo(_input);
                _inputStart += needless;
                _inputCount -= needless;
            }

            return _input.AsSpan(_inputCount);
        }
    }

    public void Commit(int samples)
    {
        _inputCount += samples;
        _inputTotal += samples;
    }

    /// <summary>Says that the input is through: what follows it is silence.</summary>
    public void Finish() => _isFinished = true;

    /// <summary>Forgets all.</summary>
    public void Reset()
    {
        // The first sample has silence before it.
        Array.Clear(_input);
        _inputStart = -_reach;
        _inputCount = _reach;
        _inputTotal = 0;
        _made = 0;
        _isFinished = false;
    }

    /// <summary>Makes as many samples as the input suffices for.</summary>
    public int Read(Span<float> output)
    {
        var made = 0;
        for (; made < output.Length; made++, _made++)
        {
            var scaled = _made * _rate;
            var at = scaled / AudioFormat.SampleRate;
            if (_isFinished ? at >= _inputTotal : at + _reach >= _inputStart + _inputCount) break;
            output[made] = Sample(at, (double)(scaled % AudioFormat.SampleRate) / AudioFormat.SampleRate);
        }

        return made;
    }

    private float Sample(long at, double fraction)
    {
        var center = (int)(at - _inputStart);
        var from = Math.Max(0, center - _reach + 1);
        var to = Math.Min(_inputCount - 1, center + _reach);
        var sum = 0.0;
        for (var i = from; i <= to; i++)
        {
            var distance = Math.Abs(i - center - fraction) / _scale * StepsPerCrossing;
            var step = (int)distance;
            if (step >= Kernel.Length - 1) continue;
            var between = distance - step;
            sum += _input[i] * (Kernel[step] + (between * (Kernel[step + 1] - Kernel[step])));
        }

        return (float)(sum / _scale);
    }

    private static float[] MakeKernel()
    {
        var kernel = new float[(ZeroCrossings * StepsPerCrossing) + 1];
        for (var i = 0; i < kernel.Length; i++)
        {
            var t = (double)i / StepsPerCrossing;
            var x = Math.PI * Cutoff * t;
            var sinc = i == 0 ? 1 : Math.Sin(x) / x;
            var edge = t / ZeroCrossings;
            kernel[i] = (float)(Cutoff * sinc * Bessel(KaiserBeta * Math.Sqrt(1 - (edge * edge))) / Bessel(KaiserBeta));
        }

        return kernel;
    }

    /// <summary>The modified Bessel function of the first kind and order 0, by its series.</summary>
    private static double Bessel(double x)
    {
        var (sum, term) = (1.0, 1.0);
        for (var i = 1; term > sum * 1e-12; i++)
        {
            term *= x / (2 * i) * (x / (2 * i));
            sum += term;
        }

        return sum;
    }
}
