using CsCheck;
using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

public sealed class TimeStretcherTests
{
    private static readonly Gen<double> Pitch = Gen.Double[80, 1_000];

    [Fact]
    public void A_tone_is_shortened_by_a_period_without_a_step() => Pitch.Sample(frequency =>
    {
        var samples = Tones.Sine(frequency, 0.5, 2 * 960);
        var period = TimeStretcher.FindPeriod(samples.AsSpan(0, 960), TimeStretcher.MaxPeriod, isUrgent: false);

        TimeStretcher.Shorten(samples, period);

        Assert.InRange(period, 120, 720);
        Assert.InRange(Tones.MaxStep(samples.AsSpan(..^period)), 0, Steepest(frequency) * 1.1);
        Assert.Equal(Tones.Sine(frequency, 0.5, 960, 960), samples.AsSpan()[^(960 + period)..^period]);
    });

    [Fact]
    public void A_tone_is_lengthened_by_a_period_without_a_step() => Pitch.Sample(frequency =>
    {
        var samples = Tones.Sine(frequency, 0.5, 2 * 960);
        var period = TimeStretcher.FindPeriod(samples.AsSpan(0, 960), TimeStretcher.MaxPeriod, isUrgent: false);
        float[] longer = [.. samples, .. new float[period]];

        TimeStretcher.Lengthen(longer, period);

        Assert.InRange(period, 120, 720);
        Assert.InRange(Tones.MaxStep(longer), 0, Steepest(frequency) * 1.1);
        Assert.Equal(samples[..period], longer[..period]);
        Assert.Equal(samples[960..], longer[^960..]);
    });

    [Fact]
    public void No_longer_period_is_found_than_will_do() => Gen.Select(Gen.Double[80, 1_000], Gen.Int[0, 960]).Sample((frequency, longest) =>
    {
        var period = TimeStretcher.FindPeriod(Tones.Sine(frequency, 0.5, 960), longest, isUrgent: true);
        Assert.InRange(period, 0, longest);
        Assert.Equal(longest < 120, period == 0);
    });

    [Fact]
    public void In_noise_there_is_no_place_but_when_it_must_be()
    {
        var random = new Random(1);
        float[] noise = [.. Enumerable.Range(0, 960).Select(_ => (float)(random.NextDouble() - 0.5))];

        Assert.Equal(0, TimeStretcher.FindPeriod(noise, 720, isUrgent: false));
        Assert.InRange(TimeStretcher.FindPeriod(noise, 720, isUrgent: true), 120, 720);
    }

    [Fact]
    public void Silence_is_stretched_by_as_much_as_will_do() =>
        Assert.Equal(500, TimeStretcher.FindPeriod(new float[960], 500, isUrgent: false));

    private static double Steepest(double frequency) => 0.5 * 2 * Math.PI * frequency / 48_000;
}
