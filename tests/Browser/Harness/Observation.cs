namespace Parley.Browser.Harness;

/// <summary>What one participant heard and saw over a number of readings (peer.js, <c>observe</c>).</summary>
/// <param name="Deaf">Readings at which nothing could be heard at all, because no mix or no running audio was there.</param>
internal sealed record Observation(int Deaf, Tone[] Tones, PictureReadings[] Pictures)
{
    /// <summary>
    /// dB. A tone in the mix is above this, and one that is not in it never is, not even while the browser stretches time.
    /// docs/testing.md has the figures behind both.
    /// </summary>
    public const double Present = -60;

    /// <summary>dB. A tone that is not in the mix is below this at most readings.</summary>
    public const double Absent = -70;

    /// <summary>
    /// The others' tones and, at no reading at all, anyone else's; in the tile of each nobody but its owner. A tone that is
    /// there may miss a few readings: a machine that builds at the same time makes gaps of its own.
    /// </summary>
    public void HoldsOnly(params Person[] others)
    {
        HoldsOnlyTones(others);
        foreach (var picture in Pictures)
        {
            var owner = others.Single(person => person.Name == picture.Name);
            Assert.True(picture.Numbers is [var number] && number == owner.Number, $"Not {owner.Name} alone in the tile of {owner.Name}: {this}");
        }
    }

    /// <summary>The half of <see cref="HoldsOnly"/> that is heard.</summary>
    public void HoldsOnlyTones(params Person[] others)
    {
        Assert.Equal(0, Deaf);
        foreach (var tone in Tones)
        {
            var person = Person.All.Single(one => one.Frequency == tone.Frequency);
            if (others.Contains(person)) Assert.True(Hears(person), $"{person.Name} was not heard: {this}");
            else Assert.True(tone.Above(Present) == 0 && tone.Above(Absent) < 0.5, $"{person.Name} was heard: {this}");
        }
    }

    /// <summary>Whether a tone was there, but for a few readings.</summary>
    public bool Hears(Person person) => Tones.Single(tone => tone.Frequency == person.Frequency).Above(Present) >= 0.7;

    /// <summary>This one, with all of an earlier one that says who was heard or seen and should not have been.</summary>
    public Observation After(Observation before, Person[] others) => new(
        before.Deaf + Deaf,
        [.. Tones.Zip(before.Tones, (now, then) => others.Any(other => other.Frequency == now.Frequency) ? now : now with { Levels = [.. then.Levels, .. now.Levels] })],
        [.. Pictures.Zip(before.Pictures, (now, then) => now with
        {
            Read = then.Read + now.Read,
            Unread = then.Unread + now.Unread,
            Numbers = [.. then.Numbers.Union(now.Numbers)],
            Ages = [.. then.Ages, .. now.Ages],
        })]);

    public override string ToString() => $"deaf {Deaf}× · {string.Join(" · ", Tones.AsEnumerable())} · {string.Join(" · ", Pictures.AsEnumerable())}";
}

/// <summary>The levels of one frequency, in dB, in the order they were read.</summary>
internal sealed record Tone(int Frequency, double[] Levels)
{
    /// <summary>The share of readings above a level.</summary>
    public double Above(double level) => Levels.Count(reading => reading > level) / (double)Levels.Length;

    public override string ToString() => $"{Frequency} Hz {string.Join(' ', Levels.Select(level => FormattableString.Invariant($"{level:0}")))} dB";
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
internal sealed record Received(int Width, int FramesDecoded, int FreezeCount, double FreezeSeconds, double SamplesReceived, double SamplesConcealed);

/// <summary>What getStats says of the mix since the connection began.</summary>
/// <param name="Events">How often something was made up for what was not there in time.</param>
/// <param name="Concealed">Samples that were made up.</param>
/// <param name="Silent">Those of them that were silence.</param>
/// <param name="Played">All samples.</param>
internal sealed record Concealment(long Events, long Concealed, long Silent, long Played)
{
    public static Concealment operator -(Concealment one, Concealment before) =>
        new(one.Events - before.Events, one.Concealed - before.Concealed, one.Silent - before.Silent, one.Played - before.Played);
}
