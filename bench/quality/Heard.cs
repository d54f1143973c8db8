namespace Parley.Quality;

/// <summary>What came out at the other end.</summary>
/// <param name="samples">What the listener's decoder gave, from the mixer's tick 0 on.</param>
internal sealed class Heard(float[] samples)
{
    private readonly float[] _samples = samples;
    private int _written;

    public ReadOnlySpan<float> Samples => _samples;

    /// <summary>For each tick of speech, how long after its packet was sent a sample went into the mix.</summary>
    public List<double> DelaysMs { get; } = [];

    /// <summary>Samples of speech that were neither in a packet nor in the FEC of one.</summary>
    public long Concealed { get; set; }

    /// <summary>Samples of speech.</summary>
    public long Speech { get; set; }

    /// <summary>Where the next frame goes.</summary>
    public Span<float> Next(int samples) => _samples.AsSpan((_written += samples) - samples, samples);
}
