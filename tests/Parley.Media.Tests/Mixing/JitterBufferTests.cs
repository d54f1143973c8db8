using CsCheck;
using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

public sealed class JitterBufferTests
{
    private const byte Toc10Ms = 0x00;
    private const byte Toc20Ms = 0x08;
    private const byte Toc60Ms = 0x18;

    [Fact]
    public void A_perfect_path_plays_every_packet_after_one_tick_of_delay()
    {
        var path = new JitterPath();
        for (var i = 0; i < 500; i++) path.Send(i, i * 960, (i * 20) + 3);

        path.Run(0, 10_100);

        Assert.Equal(500, path.Played);
        Assert.All(path.Waits.Skip(50), wait => Assert.InRange(wait.TotalMilliseconds, 0, 60));
        Assert.Equal(0, path.Buffer.Statistics.Lost);
        Assert.Equal(0, path.Buffer.Statistics.Dropped);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Loss_jitter_and_reordering_cost_no_more_than_concealment_can_hide(int seed)
    {
        var random = new Random(seed);
        var path = new JitterPath();
        var lost = 0;
        for (var i = 0; i < 3_000; i++)
        {
            var arrival = (i * 20) + 30 + (random.NextDouble() * 40) + (random.NextDouble() < 0.02 ? 30 : 0);
            if (random.NextDouble() < 0.05) lost++;
            else path.Send(i, i * 960, arrival);
        }

        path.Run(0, 60_200);

        var statistics = path.Buffer.Statistics;
        Assert.InRange(path.Played, (3_000 - lost) * 0.97, 3_000 - lost);
        Assert.InRange(statistics.Lost, lost, lost * 2);
        Assert.InRange(statistics.Late, 0, 90);
        Assert.InRange(path.Samples[JitterFrameKind.Fec], 960 * 50, 960 * lost); // FEC is there to be used.
        Assert.InRange(path.Samples[JitterFrameKind.Empty], 0, 960 * 20); // Only before it starts and after it ends.
        Assert.All(path.Waits, wait => Assert.InRange(wait.TotalMilliseconds, 0, 250));

        // No run of concealment longer than what it can hide: 120 ms.
        Assert.InRange(LongestRun(path.Kinds[20..^20], kind => kind is JitterFrameKind.Lost or JitterFrameKind.Empty), 0, 6);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    public void A_drifting_clock_costs_a_period_now_and_then_and_no_delay(int partsPerMillion)
    {
        const int packets = 30_000; // Ten minutes.
        var random = new Random(7);
        var path = new JitterPath { HasPitch = true };
        for (var i = 0; i < packets; i++)
        {
            path.Send(i, i * 960, (i * 20 * (1 - (partsPerMillion * 1e-6))) + 20 + (random.NextDouble() * 15));
        }

        path.Run(0, (packets * 20) - 400);

        // 300 ppm of ten minutes are 180 ms.
        var statistics = path.Buffer.Statistics;
        Assert.All(path.Waits.Skip(100), wait => Assert.InRange(wait.TotalMilliseconds, 0, 100));
        Assert.InRange(statistics.RemovedSamples - statistics.AddedSamples, (Math.Sign(partsPerMillion) * 8_640) - 1_920, (Math.Sign(partsPerMillion) * 8_640) + 1_920);
        Assert.InRange(statistics.RemovedSamples + statistics.AddedSamples, 6_720, 14_400);
        Assert.InRange(statistics.Late, 0, 30);
        Assert.Equal(0, path.Samples[JitterFrameKind.Lost]);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    public void A_drifting_clock_is_bounded_even_if_there_is_never_a_pitch(int partsPerMillion)
    {
        const int packets = 30_000;
        var path = new JitterPath();
        for (var i = 0; i < packets; i++) path.Send(i, i * 960, (i * 20 * (1 - (partsPerMillion * 1e-6))) + 20);

        path.Run(0, (packets * 20) - 400);

        Assert.All(path.Waits, wait => Assert.InRange(wait.TotalMilliseconds, 0, 140));
        Assert.InRange(path.Samples[JitterFrameKind.Lost], 0, 960 * 15);
        Assert.InRange(path.Played, packets - 60, packets);
    }

    [Fact]
    public void A_lost_packet_is_taken_from_the_fec_of_the_next()
    {
        var path = Steady(100, skip: 50).Run(0, 2_200);

        Assert.Equal(960, path.Samples[JitterFrameKind.Fec]);
        Assert.Equal(1, path.Buffer.Statistics.Lost);
        Assert.Equal(99, path.Played);
    }

    [Fact]
    public void Of_three_lost_packets_only_the_last_has_fec()
    {
        var path = new JitterPath();
        for (var i = 0; i < 100; i++)
        {
            if (i is < 50 or > 52) path.Send(i, i * 960, i * 20);
        }

        path.Run(0, 1_900);

        Assert.Equal(3, path.Buffer.Statistics.Lost);
        Assert.Equal(960, path.Samples[JitterFrameKind.Fec]);
        Assert.InRange(path.Samples[JitterFrameKind.Lost], 960, 2 * 960); // One less when the delay was above its target.
    }

    [Fact]
    public void Without_fec_in_the_next_packet_a_loss_is_concealed()
    {
        var path = new JitterPath();
        for (var i = 0; i < 100; i++)
        {
            var payload = JitterPath.Payload(i);
            payload[1] = 0;
            if (i != 50) path.Send(i, i * 960, i * 20, payload);
        }

        path.Run(0, 1_900);

        Assert.Equal(0, path.Samples[JitterFrameKind.Fec]);
        Assert.Equal(960, path.Samples[JitterFrameKind.Lost]);
    }

    [Fact]
    public void A_dtx_gap_is_no_loss()
    {
        var path = new JitterPath();
        for (var i = 0; i < 50; i++) path.Send(i, i * 960, i * 20);
        path.Send(50, 50 * 960, 1_000, [Toc20Ms]);
        path.Send(51, 70 * 960, 1_400, [Toc20Ms]);
        for (var i = 0; i < 50; i++) path.Send(52 + i, (90 + i) * 960, 1_800 + (i * 20));

        path.Run(0, 2_760);

        Assert.Equal(0, path.Buffer.Statistics.Lost);
        Assert.Equal(0, path.Samples[JitterFrameKind.Lost]);
        Assert.InRange(path.Samples[JitterFrameKind.Gap], 36 * 960, 40 * 960);
        Assert.InRange(path.Played, 97, 100);
    }

    [Fact]
    public void A_dtx_gap_that_no_packet_announced_is_known_by_its_sequence_number_afterwards()
    {
        var path = new JitterPath();
        for (var i = 0; i < 50; i++) path.Send(i, i * 960, i * 20);
        for (var i = 50; i < 100; i++) path.Send(i, (20 + i) * 960, 400 + (i * 20));

        path.Run(0, 2_360);

        Assert.Equal(0, path.Buffer.Statistics.Lost);
        Assert.Equal(0, path.Buffer.Statistics.ConcealedSamples);
    }

    [Fact]
    public void A_real_loss_inside_a_dtx_gap_is_counted()
    {
        var path = new JitterPath();
        for (var i = 0; i < 50; i++) path.Send(i, i * 960, i * 20);
        path.Send(50, 50 * 960, 1_000, [Toc20Ms]);
        for (var i = 0; i < 50; i++) path.Send(52 + i, (90 + i) * 960, 1_800 + (i * 20));

        path.Run(0, 2_760);

        Assert.Equal(1, path.Buffer.Statistics.Lost);
    }

    [Theory]
    [InlineData(Toc10Ms, 480)]
    [InlineData(Toc20Ms, 960)]
    [InlineData(0x10, 1_920)]
    [InlineData(Toc60Ms, 2_880)]
    public void Packets_of_any_length_fill_the_ticks_without_a_hole(byte toc, int samples)
    {
        var path = new JitterPath();
        var count = 96_000 / samples;
        for (var i = 0; i < count; i++) path.Send(i, i * samples, i * samples / 48.0, JitterPath.Payload(i, toc));

        path.Run(0, 1_900);

        Assert.InRange(path.Played * samples, 86_000, 96_000);
        Assert.Equal(0, path.Samples[JitterFrameKind.Lost] + path.Samples[JitterFrameKind.Fec] + path.Samples[JitterFrameKind.Gap]);
        Assert.Equal(0, path.Buffer.Statistics.Dropped);
    }

    [Fact]
    public void A_duplicate_is_counted_and_dropped()
    {
        var buffer = new JitterBuffer(new JitterBufferOptions());

        Assert.True(buffer.Insert(7, 0, TimeSpan.Zero, JitterPath.Payload(7)));
        Assert.False(buffer.Insert(7, 0, TimeSpan.Zero, JitterPath.Payload(7)));

        Assert.Equal(1, buffer.Statistics.Duplicates);
    }

    [Fact]
    public void A_late_packet_is_counted_and_teaches_the_target()
    {
        var path = new JitterPath();
        for (var i = 0; i < 500; i++) path.Send(i, i * 960, (i * 20) + (i % 10 == 0 ? 120 : 0));

        path.Run(0, 9_900);

        Assert.InRange(path.Buffer.Statistics.Late, 1, 20);
        Assert.InRange(path.Buffer.TargetDelay.TotalMilliseconds, 120, 150);
    }

    [Fact]
    public void Packets_that_come_swapped_are_played_in_order()
    {
        var path = new JitterPath();
        for (var i = 0; i < 100; i++) path.Send(i, i * 960, (i * 20) + (i % 2 == 0 ? 25 : 0));

        path.Run(0, 2_000);

        Assert.InRange(path.Played, 95, 100);
    }

    [Fact]
    public void A_burst_after_a_standstill_is_held_to_the_bound_and_then_worked_off()
    {
        var path = new JitterPath { HasPitch = true };
        for (var i = 0; i < 1_000; i++) path.Send(i, i * 960, i is >= 200 and < 250 ? 5_000 : i * 20);

        path.Run(0, 19_900);

        Assert.InRange(path.Buffer.Statistics.Dropped, 35, 60);
        Assert.All(path.Waits, wait => Assert.InRange(wait.TotalMilliseconds, 0, 250));
        Assert.All(path.Waits.Skip(700), wait => Assert.InRange(wait.TotalMilliseconds, 0, 60));
    }

    [Theory]
    [InlineData(1_000_000, 0)] // The timestamps jump ahead …
    [InlineData(-1_000_000, 0)] // … or back,
    [InlineData(0, 10_000)] // the sequence numbers ahead …
    [InlineData(500_000, -20_000)] // … or back, with both new.
    public void A_sender_that_begins_anew_is_followed_at_once(long timestampStep, long sequenceStep)
    {
        var path = new JitterPath();
        for (var i = 0; i < 50; i++) path.Send(30_000 + i, 2_000_000 + (i * 960), i * 20);
        for (var i = 50; i < 100; i++)
        {
            path.Send(30_000 + i + sequenceStep, 2_000_000 + (i * 960) + timestampStep, i * 20);
        }

        path.Run(0, 2_000);

        Assert.Equal(1, path.Buffer.Statistics.Resyncs);
        Assert.Equal(0, path.Buffer.Statistics.Lost);
        Assert.InRange(path.Played, 95, 100);
    }

    [Fact]
    public void A_change_of_path_to_one_300_ms_slower_loses_nothing_but_time()
    {
        var path = new JitterPath();
        for (var i = 0; i < 1_000; i++) path.Send(i, i * 960, (i * 20) + (i < 300 ? 10 : 310));

        path.Run(0, 20_300);

        Assert.InRange(path.Played, 990, 1_000);
        Assert.All(path.Waits, wait => Assert.InRange(wait.TotalMilliseconds, 0, 250));
    }

    [Fact]
    public void A_sender_twice_too_fast_is_cut_to_real_time()
    {
        var path = new JitterPath();
        for (var i = 0; i < 1_000; i++) path.Send(i, i * 960, i * 10);

        path.Run(0, 10_000);

        Assert.InRange(path.Played, 450, 650);
        Assert.InRange(path.Buffer.Statistics.Dropped, 300, 560);
    }

    [Fact]
    public void Whatever_comes_time_goes_on()
    {
        var packet = Gen.Select(Gen.Long[-200, 200], Gen.Long[-100_000, 100_000], Gen.Int[0, 300], Gen.Byte.Array[0, 20]);
        packet.Array[0, 200].Sample(packets =>
        {
            var buffer = new JitterBuffer(new JitterBufferOptions());
            var sent = 0;
            var at = TimeSpan.Zero;
            foreach (var (sequence, timestamp, later, payload) in packets)
            {
                // Half of them are a plausible stream, so that the rest hits a buffer that plays.
                var plausible = later % 2 == 0;
                buffer.Insert(
                    plausible ? sent : sent + sequence,
                    plausible ? sent * 960 : (sent * 960) + timestamp,
                    at,
                    plausible ? JitterPath.Payload(sent) : payload);
                sent++;
                at += TimeSpan.FromMilliseconds(later % 40);
                for (var filled = 0; filled < 960;)
                {
                    var frame = buffer.Next(at);
                    if (frame.Samples is < 1 or > 5_760 || frame.Skip < 0 || frame.Skip >= frame.Samples) return false;
                    filled += frame.Samples - frame.Skip;
                }

                if (buffer.Held > TimeSpan.FromMilliseconds(250)) return false;
            }

            return true;
        });
    }

    [Fact]
    public void Allocates_nothing()
    {
        var buffer = new JitterBuffer(new JitterBufferOptions());
        var payload = JitterPath.Payload(0);
        // Until each place has its memory.
        for (var i = 0; i < 200; i++) Step(i);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 200; i < 1_000; i++) Step(i);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Step(int i)
        {
            var now = AudioFormat.Tick * i;
            if (i % 13 != 0) buffer.Insert(i, i * 960, now, payload);
            buffer.Next(now);
            buffer.Adjust(now, 960);
        }
    }

    private static JitterPath Steady(int packets, int skip)
    {
        var path = new JitterPath();
        for (var i = 0; i < packets; i++)
        {
            if (i != skip) path.Send(i, i * 960, i * 20);
        }

        return path;
    }

    private static int LongestRun(IEnumerable<JitterFrameKind> kinds, Func<JitterFrameKind, bool> counts)
    {
        int longest = 0, run = 0;
        foreach (var kind in kinds)
        {
            run = counts(kind) ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
