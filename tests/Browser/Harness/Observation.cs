namespace Parley.Browser.Harness;

/// <summary>What one participant heard and saw over a number of readings (peer.js, <c>observe</c>).</summary>
/// <param name="Deaf">Readings at which nothing could be heard at all, because no mix or no running audio was there.</param>
internal sealed record Observation(int Deaf, ToneLevel[] Levels, PictureReadings[] Pictures)
{
    /// <summary>A tone in the mix is above this, in dB. docs/testing.md has the figures behind both.</summary>
    public const double Present = -60;

    /// <summary>A tone not in the mix is below this, in dB.</summary>
    public const double Absent = -80;

    public ToneLevel this[int frequency] => Levels.Single(level => level.Frequency == frequency);

    public override string ToString() => $"deaf {Deaf}× · {string.Join(" · ", Levels.AsEnumerable())} · {string.Join(" · ", Pictures.AsEnumerable())}";
}

/// <summary>The quietest and the loudest reading of one frequency, in dB.</summary>
internal sealed record ToneLevel(int Frequency, double Least, double Most)
{
    public override string ToString() => FormattableString.Invariant($"{Frequency} Hz {Least:0.0}…{Most:0.0} dB");
}

/// <summary>What was read in one tile.</summary>
/// <param name="Numbers">Whose barcodes were read.</param>
/// <param name="Ages">From the clock of the sender's picture to the reading, in milliseconds.</param>
internal sealed record PictureReadings(string Name, int Read, int Unread, int[] Numbers, double[] Ages)
{
    public override string ToString()
    {
        var ages = Ages.Order().ToArray();
        var age = ages.Length == 0 ? "" : FormattableString.Invariant($", age {ages[ages.Length / 2]:0} ms, at most {ages[^1]:0}");
        return $"{Name}: {Read} of {Read + Unread} read, numbers [{string.Join(", ", Numbers)}]{age}";
    }
}

/// <summary>Counters of getStats for one tile's picture and the mix.</summary>
internal sealed record Received(int FramesDecoded, int FreezeCount, double FreezeSeconds, double SamplesReceived, double SamplesConcealed);
