using Parley.Client.Audio;

namespace Parley.Client.Tests.Audio;

public sealed class ToneSourceTests
{
    [Theory]
    [InlineData(440, -20, 0.1)]
    [InlineData(1000, 0, 1)]
    [InlineData(997, -6.0206, 0.5)]
    public void A_tone_has_its_frequency_and_its_level_and_no_seams(double frequency, double levelDb, double amplitude)
    {
        var tone = new ToneSource(frequency, levelDb);
        var samples = new float[48_000];
        for (var i = 0; i < samples.Length; i += AudioFormat.FrameSamples)
            Assert.True(tone.TryRead(samples.AsSpan(i, AudioFormat.FrameSamples)));
        Assert.InRange(Tones.Amplitude(samples, frequency), amplitude * 0.999, amplitude * 1.001);
        Assert.InRange(Tones.NoiseDb(samples, frequency), double.NegativeInfinity, -100);
    }

    [Theory]
    [InlineData(0, -20)]
    [InlineData(20_001, -20)]
    [InlineData(double.NaN, -20)]
    [InlineData(440, 1)]
    [InlineData(440, double.NaN)]
    public void What_is_no_tone_is_refused(double frequency, double levelDb) =>
        Assert.Equal(ParleyError.Invalid, Assert.Throws<ParleyException>(() => new ToneSource(frequency, levelDb)).Error);

    [Fact]
    public void Silence_sends_nothing() => Assert.False(new SilenceSource().TryRead(new float[AudioFormat.FrameSamples]));
}
