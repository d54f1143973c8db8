using CsCheck;
using Parley.Media.Rtcp;
using Parley.Media.Rtp;

namespace Parley.Media.Tests.Rtp;

public sealed class RtpReceiveStatisticsTests
{
    private const int ClockRate = 90_000;

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    [Fact]
    public void Reports_nothing_lost_of_a_whole_stream()
    {
        var statistics = new RtpReceiveStatistics(0xABCD, ClockRate);
        Assert.False(statistics.HasNews);
        for (var i = 0; i < 100; i++)
        {
            Assert.True(statistics.OnPacket((ushort)(65500 + i), (uint)(i * 3000), Ms(i * 100 / 3.0)));
        }

        Assert.True(statistics.HasNews);
        var block = statistics.BuildReportBlock(Ms(4000));
        Assert.False(statistics.HasNews);
        Assert.Equal(0xABCDu, block.Ssrc);
        Assert.Equal(0, block.FractionLost);
        Assert.Equal(0, block.CumulativeLost);
        Assert.Equal(0x10000u + 63, block.ExtendedHighestSequence);
        Assert.InRange(block.Jitter, 0u, 1u);
        Assert.Equal((0u, 0u), (block.LastSenderReport, block.DelaySinceLastSenderReport));
    }

    [Fact]
    public void Fraction_lost_is_of_the_interval_and_cumulative_lost_of_all()
    {
        var statistics = new RtpReceiveStatistics(1, ClockRate);
        for (var i = 0; i < 100; i++)
        {
            if (i % 4 != 3)
            {
                statistics.OnPacket((ushort)i, 0, Ms(i));
            }
        }

        statistics.OnPacket(100, 0, Ms(100));
        var first = statistics.BuildReportBlock(Ms(100));
        Assert.Equal(25, first.CumulativeLost);
        Assert.Equal(25 * 256 / 101, first.FractionLost);

        for (var i = 101; i < 200; i++)
        {
            statistics.OnPacket((ushort)i, 0, Ms(i));
        }

        var second = statistics.BuildReportBlock(Ms(200));
        Assert.Equal(25, second.CumulativeLost);
        Assert.Equal(0, second.FractionLost);
    }

    [Fact]
    public void Duplicates_make_the_loss_negative_and_the_fraction_zero()
    {
        var statistics = new RtpReceiveStatistics(1, ClockRate);
        for (var i = 0; i < 10; i++)
        {
            statistics.OnPacket((ushort)i, 0, Ms(i));
            statistics.OnPacket((ushort)i, 0, Ms(i));
        }

        var block = statistics.BuildReportBlock(Ms(10));
        Assert.Equal(-10, block.CumulativeLost);
        Assert.Equal(0, block.FractionLost);
        Assert.Equal(9u, block.ExtendedHighestSequence);
    }

    [Fact]
    public void A_late_packet_takes_the_loss_back()
    {
        var statistics = new RtpReceiveStatistics(1, ClockRate);
        statistics.OnPacket(10, 0, Ms(0));
        statistics.OnPacket(12, 0, Ms(1));
        Assert.Equal(1, statistics.PacketsLost);
        Assert.True(statistics.OnPacket(11, 0, Ms(2)));
        Assert.Equal(0, statistics.PacketsLost);
        Assert.Equal(12u, statistics.ExtendedHighestSequence);
    }

    [Fact]
    public void One_wild_number_changes_nothing_and_two_in_a_row_are_a_restart()
    {
        var statistics = new RtpReceiveStatistics(1, ClockRate);
        statistics.OnPacket(100, 0, Ms(0));
        Assert.False(statistics.OnPacket(20_000, 0, Ms(1)));
        Assert.True(statistics.OnPacket(101, 0, Ms(2)));
        Assert.Equal(101u, statistics.ExtendedHighestSequence);

        Assert.False(statistics.OnPacket(30_000, 0, Ms(3)));
        Assert.True(statistics.OnPacket(30_001, 0, Ms(4)));
        Assert.Equal(30_001u, statistics.ExtendedHighestSequence);
        Assert.Equal(1, statistics.PacketsReceived);
        Assert.Equal(0, statistics.PacketsLost);
    }

    [Fact]
    public void Jitter_follows_the_formula_of_the_standard()
    {
        // A model in floating point of J += (|D| − J) / 16 (RFC 3550 §6.4.1), which the integer one rounds.
        Gen.Int[0, 40].Array[2, 100].Sample(delays =>
        {
            var statistics = new RtpReceiveStatistics(1, ClockRate);
            double jitter = 0;
            for (var i = 0; i < delays.Length; i++)
            {
                statistics.OnPacket((ushort)i, (uint)(i * 1800), Ms(i * 20 + delays[i]));
                if (i > 0)
                {
                    jitter += (Math.Abs(delays[i] - delays[i - 1]) * 90.0 - jitter) / 16;
                }
            }

            Assert.InRange(statistics.Jitter, jitter - 2, jitter + 2);
            Assert.Equal(statistics.Jitter / 90_000.0, statistics.JitterTime.TotalSeconds, 5);
        });
    }

    [Fact]
    public void Jitter_survives_wild_timestamps_and_an_uptime_of_years()
    {
        var statistics = new RtpReceiveStatistics(1, ClockRate);
        var start = TimeSpan.FromDays(4000);
        for (var i = 0; i < 1000; i++)
        {
            statistics.OnPacket((ushort)i, i % 2 == 0 ? 0 : 0x80000000, start + Ms(i));
        }

        Assert.InRange(statistics.Jitter, 0x70000000u, 0x80000000u);

        var calm = new RtpReceiveStatistics(1, ClockRate);
        for (var i = 0; i < 1000; i++)
        {
            calm.OnPacket((ushort)i, (uint)(i * 90), start + Ms(i));
        }

        Assert.InRange(calm.Jitter, 0u, 1u);
    }

    [Fact]
    public void Names_the_last_sender_report_and_its_age()
    {
        var statistics = new RtpReceiveStatistics(1, ClockRate);
        statistics.OnPacket(1, 0, Ms(0));
        statistics.OnSenderReport(new NtpTime(0xB44DB705_20000000), Ms(1000));

        var block = statistics.BuildReportBlock(Ms(1000 + 5250));

        // The example of RFC 3550 §6.4.1, figure 2: LSR 0xB705:2000, DLSR 5.250 s.
        Assert.Equal(0xB7052000u, block.LastSenderReport);
        Assert.Equal(0x0005_4000u, block.DelaySinceLastSenderReport);
    }

    [Fact]
    public void Loss_and_highest_agree_with_a_model()
    {
        // Gaps stay below the dropout limit and lateness below the misorder limit, so nothing restarts.
        Gen.Select(Gen.UShort, Gen.Select(Gen.Int[1, 50], Gen.Int[0, 90]).Array[1, 300]).Sample((first, steps) =>
        {
            var statistics = new RtpReceiveStatistics(1, ClockRate);
            long truth = first;
            long received = 1;
            statistics.OnPacket(first, 0, Ms(0));
            foreach (var (ahead, late) in steps)
            {
                truth += ahead;
                Assert.True(statistics.OnPacket((ushort)truth, 0, Ms(0)));
                Assert.True(statistics.OnPacket((ushort)(truth - late), 0, Ms(0)));
                received += 2;
            }

            var block = statistics.BuildReportBlock(Ms(0));
            Assert.Equal((uint)truth, block.ExtendedHighestSequence);
            Assert.Equal(truth - first + 1 - received, block.CumulativeLost);
        });
    }
}
