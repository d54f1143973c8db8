using Parley.SideBySide;
using Parley.SideBySide.Report;
using Parley.Terminal.Load;

namespace Parley.Terminal.Tests.SideBySide;

public sealed class SfuReportTests
{
    [Fact]
    public void A_row_is_the_servers_time_over_the_packets_that_came()
    {
        var delays = new DelayHistogram();
        for (var i = 1; i <= 1_000; i++) delays.Record(i * 10);
        var figures = new LoadFigures
        {
            Seconds = 10,
            Totals = new LoadTotals { PacketsReceived = 201_000, BytesReceived = 250_000_000, VideoSent = 2_020, VideoReceived = 200_000, VideoExpected = 200_200 },
            Delays = delays,
            Lateness = new DelayHistogram(),
            Misdelivered = 0,
            Skipped = 0,
            OwnDrops = 0,
            OwnCpuSeconds = 0.402,
            ServerCpuSeconds = 0.8,
            ServerMemoryBytes = 150_000_000,
            OthersPercent = 1.5,
        };
        var row = Parley.SideBySide.Report.Row.Of("parley", Scenario.OneToMany(100, 10), new LoadOutcome(figures, 101, null, null), 99_500_000, 2);
        Assert.Equal(("parley", "1 to 100", 101, 101, 2), (row.Server, row.Scenario, row.Participants, row.WithMedia, row.Attempts));
        Assert.Equal((8.0, 4.0, 20_000.0, 200.0), (row.CpuPercent, row.CpuMicrosecondsPerPacket, row.PacketsPerSecond, row.MegabitsPerSecond));
        Assert.Equal(0.0999, row.LossPercent, 4);
        Assert.Equal(99.0099, row.DeliveredPercent, 3);
        Assert.Equal(5.005, row.DelayMeanMs, 3);
        Assert.InRange(row.DelayP999Ms, 9.99, 10);
        Assert.Equal((150.0, 500.0), (row.MemoryMegabytes, row.MemoryPerParticipantKilobytes));
        Assert.Equal(2, row.GeneratorMicrosecondsPerPacket, 6);
    }

    [Fact]
    public void Ratios_are_of_the_same_load_and_only_where_Parley_was_measured_too()
    {
        var report = new SfuReport([Row("janus", "1 to 10", 36, 0), Row("janus", "1 to 100", 60, 0), Row("janus-loops", "1 to 100", 24, 0), Row("parley", "1 to 100", 4, 0), Row("parley", "10 × 10", 5, 0)]);
        Assert.Equal([new Ratio("janus", "1 to 100", 15), new Ratio("janus-loops", "1 to 100", 6)], report.Ratios);
    }

    [Fact]
    public void The_highest_rate_is_of_rows_that_lost_next_to_nothing_had_everybody_and_were_not_the_generators_fault()
    {
        var report = new SfuReport(
        [
            Row("parley", "1 to 10", 4, 0, 1_560),
            Row("parley", "1 to 100", 4, 0.1, 15_600),
            Row("parley", "1 to 200", 4, 0.11, 31_200),
            Row("parley", "1 to 300", 4, 0, 40_000) with { WithMedia = 9 },
            Row("parley", "1 to 400", 4, 0, 60_000) with { GeneratorDrops = 1 },
            Row("parley", "1 to 500", 4, 0, 70_000) with { DeliveredPercent = 80 },
            Row("janus", "1 to 10", 4, 20, 900),
        ]);
        Assert.Equal([new Highest("parley", 15_600, "1 to 100")], report.HighestRates);
    }

    [Fact]
    public void What_spoils_a_row_is_said()
    {
        Assert.Empty(RowNotes.Of(Row("parley", "1 to 10", 4, 0)));
        Assert.Contains("measured 3 times", Assert.Single(RowNotes.Of(Row("parley", "1 to 10", 4, 0) with { Attempts = 3 })), StringComparison.Ordinal);
        Assert.Contains("7 of 10 got their media (late)", Assert.Single(RowNotes.Of(Row("parley", "1 to 10", 4, 0) with { WithMedia = 7, Problem = "late" })), StringComparison.Ordinal);
        Assert.Contains("80.0 %", Assert.Single(RowNotes.Of(Row("parley", "1 to 10", 4, 0) with { DeliveredPercent = 80 })), StringComparison.Ordinal);
        Assert.Contains("DROPPED 5", Assert.Single(RowNotes.Of(Row("parley", "1 to 10", 4, 0) with { GeneratorDrops = 5 })), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_has_a_cell_for_each_head()
    {
        var head = SfuText.Head().ToList();
        Assert.Equal(head[0].Count(c => c == '|'), SfuText.Line(Row("parley", "1 to 10", 4, 0)).Count(c => c == '|'));
        Assert.Equal(head[0].Count(c => c == '|'), head[1].Count(c => c == '|'));
    }

    private static Row Row(string server, string scenario, double cost, double loss, double rate = 1_560) => new()
    {
        Server = server,
        Scenario = scenario,
        Participants = 10,
        WithMedia = 10,
        Protection = "AeadAes128Gcm",
        CpuPercent = 10,
        CpuMicrosecondsPerPacket = cost,
        PacketsPerSecond = rate,
        MegabitsPerSecond = 15,
        LossPercent = loss,
        DeliveredPercent = 100,
        DelayMeanMs = 1,
        DelayP50Ms = 1,
        DelayP99Ms = 2,
        DelayP999Ms = 3,
        MemoryMegabytes = 100,
        MemoryPerParticipantKilobytes = 120,
        GeneratorCpuPercent = 10,
        GeneratorMicrosecondsPerPacket = 3,
        GeneratorDrops = 0,
        OthersPercent = 1,
        Attempts = 1,
        Problem = null,
    };
}
