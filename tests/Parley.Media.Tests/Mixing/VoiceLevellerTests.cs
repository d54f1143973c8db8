using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

public sealed class VoiceLevellerTests
{
    /// <summary>Half a second of sound, half of none, over and over.</summary>
    private static readonly Func<int, bool> Speech = tick => tick % 50 < 25;

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.1)]
    [InlineData(0.3)]
    public void Voices_of_different_loudness_come_to_one(double amplitude)
    {
        var levelled = Run(amplitude, ticks: 1_000, Speech);
        Assert.Equal(VoiceLeveller.Target, LevelMeter.LevelOf(levelled.AsSpan()[^(35 * 960)..^(28 * 960)]), 1.5);
    }

    [Fact]
    public void Nobody_is_made_louder_or_softer_than_a_room_and_an_ear_bear()
    {
        Assert.Equal(-42 + VoiceLeveller.MostUp, LevelMeter.LevelOf(Run(0.0112, 1_000, _ => true).AsSpan()[^9_600..]), 1.0);
        Assert.Equal(-3 - VoiceLeveller.MostDown, LevelMeter.LevelOf(Run(1, 1_000, _ => true).AsSpan()[^9_600..]), 1.0);
    }

    /// <summary>The gain of a soft voice must not lift its room in the pauses beyond what it lifts the voice, however long they are.</summary>
    [Fact]
    public void A_pause_leaves_the_gain_as_it_is()
    {
        var levelled = Run(0.05, 1_200, tick => tick < 600 ? Speech(tick) : tick >= 1_150, room: 0.001);
        var room = LevelMeter.LevelOf(levelled.AsSpan().Slice(1_100 * 960, 9_600));
        var before = LevelMeter.LevelOf(levelled.AsSpan().Slice(640 * 960, 9_600));
        Assert.Equal(before, room, 0.1);
    }

    [Fact]
    public void It_moves_slowly_and_without_a_step()
    {
        var samples = Run(0.02, 500, _ => true);
        var last = -38.0;
        for (var at = 4_800; at + 960 <= samples.Length; at += 960)
        {
            var level = LevelMeter.LevelOf(samples.AsSpan(at, 960));
            if (at > 9_600) Assert.InRange(level - last, -0.3, 0.3);
            last = level;
        }

        Assert.Equal(VoiceLeveller.Target, last, 1.5);
    }

    private static float[] Run(double amplitude, int ticks, Func<int, bool> speaks, double room = 0)
    {
        var (leveller, meter) = (new VoiceLeveller(), new LevelMeter());
        var samples = new float[ticks * 960];
        for (var tick = 0; tick < ticks; tick++) Tones.Sine(250, speaks(tick) ? amplitude : room, 960, tick * 960).CopyTo(samples, tick * 960);
        for (var tick = 0; tick < ticks; tick++)
        {
            var frame = samples.AsSpan(tick * 960, 960);
            meter.Update(frame);
            leveller.Process(frame, meter);
        }

        return samples;
    }
}
