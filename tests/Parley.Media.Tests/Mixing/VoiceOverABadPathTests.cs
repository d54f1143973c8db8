using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

/// <summary>What a bad network does to a voice as the mix gets it.</summary>
public sealed class VoiceOverABadPathTests
{
    private static readonly double Steepest = 0.5 * 2 * Math.PI * 400 / 48_000;

    [Theory]
    [InlineData(0)]
    [InlineData(3.5)]
    [InlineData(10)]
    [InlineData(19.9)]
    public void On_a_clean_path_a_voice_is_in_the_mix_40_ms_after_it_came(double phaseMs)
    {
        using var path = new VoicePath();
        path.Run(Speech(5), i => ((i + 1) * 20) + phaseMs, _ => 0, 500);

        // It begins with the delay of a path of which nothing is known.
        Assert.InRange(path.DelaysMs.Max(), 0, 60);
        Assert.InRange(path.DelaysMs.Skip(150).Max(), 0, 40);
        Assert.Equal(0, path.Source.FramesConcealed);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 50)]
    public void Of_ten_percent_loss_less_than_two_have_to_be_concealed(int seed, double jitterMs)
    {
        // Two in a row are lost one time in a hundred: that much no FEC of the next packet can mend. Where nobody speaks libopus writes none: left out.
        byte[][] speech = [.. Speech(10).Where(packet => OpusPacket.TryParse(packet, out var parsed) && parsed.HasFec)];
        var random = new Random(seed);
        using var path = new VoicePath();
        path.Run(speech, i => (i + 1) * 20, _ => random.NextDouble() < 0.1 ? null : random.NextDouble() * jitterMs, 6_000);

        var statistics = path.Source.Jitter.Statistics;
        var concealed = statistics.ConcealedSamples / (6_000.0 * 960);
        TestContext.Current.TestOutputHelper?.WriteLine($"lost {statistics.Lost}, concealed {concealed:P2}, delay {path.DelaysMs.Average():F1} ms");
        Assert.InRange(statistics.Lost, 500, 700);
        Assert.InRange(concealed, 0.005, 0.02);
    }

    [Fact]
    public void The_wait_for_fec_ends_with_the_losses()
    {
        var random = new Random(1);
        using var path = new VoicePath();
        path.Run(Speech(10), i => (i + 1) * 20, i => i < 500 && random.NextDouble() < 0.1 ? null : 0, 2_000);

        Assert.InRange(path.DelaysMs[450], 40, 60);
        Assert.InRange(path.DelaysMs[1_900], 20, 40);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(-1_000)]
    public void Jitter_of_100_ms_and_a_drifting_clock_do_not_click_in_ten_minutes(int partsPerMillion)
    {
        // 400 Hz: 20 ms are whole periods, so the packets can go round.
        var tone = VoicePath.Encode(Tones.Sine(400, 0.5, 960 * 150))[50..];
        var random = new Random(3);
        using var path = new VoicePath();
        path.Run(tone, i => (i + 1) * 20 * (1 - (partsPerMillion * 1e-6)), _ => random.NextDouble() * 100, 30_000);

        var step = Tones.MaxStep(path.Heard.ToArray().AsSpan(100 * 960));
        var statistics = path.Source.Jitter.Statistics;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"largest step {step / Steepest:F2} of the tone's, delay up to {path.DelaysMs.Skip(100).Max():F0} ms, concealed {statistics.ConcealedSamples / 48} ms, "
            + $"added {statistics.AddedSamples / 48} ms, removed {statistics.RemovedSamples / 48} ms");
        Assert.InRange(step, Steepest * 0.9, Steepest * 2);
        Assert.Equal(0, path.AllocatedBytes);
        Assert.InRange(path.DelaysMs.Skip(100).Max(), 100, 170);
        Assert.InRange(statistics.ConcealedSamples, 0, 30_000 * 960 / 100);
        Assert.InRange(statistics.RemovedSamples - statistics.AddedSamples, (partsPerMillion * 28.8) - 4_800, (partsPerMillion * 28.8) + 4_800);
    }

    [Fact]
    public void A_click_is_found_by_the_same_measure()
    {
        var heard = Tones.Sine(400, 0.5, 9_600);
        for (var i = 4_830; i < heard.Length; i++) heard[i] = -heard[i];

        Assert.True(Tones.MaxStep(heard) > Steepest * 2);
    }

    [Fact]
    public void A_sender_that_stalls_for_a_second_and_bursts_leaves_no_delay()
    {
        using var path = new VoicePath();
        path.Run(Speech(10), i => (i + 1) * 20, i => i is >= 200 and < 250 ? (250 - i) * 20 : 0, 700);

        // The burst comes with tick 251. What is too much to be held is cut out, the rest is played faster.
        var after = path.DelaysMs.Count - (700 - 251);
        TestContext.Current.TestOutputHelper?.WriteLine($"then {path.DelaysMs[after + 1]:F0} ms, after 4 s {path.DelaysMs[after + 200]:F0} ms");
        Assert.InRange(path.DelaysMs[after + 1], 100, 260);
        Assert.All(path.DelaysMs[(after + 200)..], delay => Assert.InRange(delay, 0, 60));
    }

    private static byte[][] Speech(int seconds) => VoicePath.Encode(Tones.Speech(seconds * 48_000));
}
