using Parley.SideBySide;
using Parley.SideBySide.Report;
using Parley.Terminal.Load;

namespace Parley.Terminal.Tests.SideBySide;

public sealed class MixReportTests
{
    [Fact]
    public void A_row_is_the_servers_time_over_who_listens_and_how_late_their_packets_were()
    {
        var lateness = new DelayHistogram();
        for (var i = 0; i < 997; i++) lateness.Record(500);
        for (var i = 0; i < 3; i++) lateness.Record(40_000);
        var row = MixRow.Of("parley", Scenario.Listening(50, 1, 10, "speech.wav"), new LoadOutcome(Figures(lateness), 50, null, null), 90_000_000, 1);
        Assert.Equal(("parley", "1 × 50", 50), (row.Server, row.Scenario, row.Participants));
        Assert.Equal((5.0, 0.1, 48.0), (row.CpuPercent, row.CpuPercentPerParticipant, row.PacketsPerSecondEach));
        Assert.Equal(3, row.Late);
        Assert.InRange(row.LatenessP50Ms, 0.5, 0.52);
        Assert.Equal(40, row.LatenessMaxMs);
        Assert.Equal((100.0, 200.0), (row.MemoryMegabytes, row.MemoryPerParticipantKilobytes));
        Assert.False(row.IsOverloaded);
    }

    [Fact]
    public void A_server_is_full_when_much_is_late_and_its_core_gone_or_who_joined_got_nothing()
    {
        Assert.False(Row("janus", "1 × 50", 1) with { CpuPercent = 99 } is { IsOverloaded: true });
        Assert.True(Row("janus", "1 × 50", 1) with { CpuPercent = 99, Late = 1_000 } is { IsOverloaded: true });
        Assert.True(Row("janus", "1 × 50", 1) with { WithMedia = 40 } is { IsOverloaded: true });
    }

    [Fact]
    public void Ratios_are_of_the_same_load_and_the_first_late_packet_is_told()
    {
        var report = new MixReport([Row("janus", "1 × 10", 1.5), Row("janus", "1 × 50", 2) with { Late = 1 }, Row("parley", "1 × 10", 0.5), Row("parley", "1 × 50", 0.05)]);
        Assert.Equal([new Ratio("janus", "1 × 10", 3), new Ratio("janus", "1 × 50", 40)], report.Ratios);
        var text = MixText.Of(report).ToList();
        Assert.Contains("first packet over 20 ms late: janus at 1 × 50", text);
        Assert.Contains("first packet over 20 ms late: parley had none up to 1 × 50", text);
    }

    [Fact]
    public void The_table_has_a_cell_for_each_head()
    {
        var head = MixText.Head().ToList();
        Assert.Equal(head[0].Count(c => c == '|'), MixText.Line(Row("parley", "1 × 10", 1)).Count(c => c == '|'));
        Assert.Equal(head[0].Count(c => c == '|'), head[1].Count(c => c == '|'));
    }

    private static LoadFigures Figures(DelayHistogram lateness) => new()
    {
        Seconds = 10,
        Totals = new LoadTotals { PacketsReceived = 24_100, AudioReceived = 24_000 },
        Delays = new DelayHistogram(),
        Lateness = lateness,
        Misdelivered = 0,
        Skipped = 0,
        OwnDrops = 0,
        OwnCpuSeconds = 0.2,
        ServerCpuSeconds = 0.5,
        ServerMemoryBytes = 100_000_000,
        OthersPercent = 1,
    };

    private static MixRow Row(string server, string scenario, double each) => new()
    {
        Server = server,
        Scenario = scenario,
        Participants = 50,
        WithMedia = 50,
        Protection = null,
        CpuPercent = each * 50,
        CpuPercentPerParticipant = each,
        PacketsPerSecondEach = 50,
        LossPercent = 0,
        LatenessP50Ms = 1,
        LatenessP99Ms = 2,
        LatenessMaxMs = 3,
        Late = 0,
        MemoryMegabytes = 100,
        MemoryPerParticipantKilobytes = 200,
        GeneratorCpuPercent = 5,
        GeneratorMicrosecondsPerPacket = 5,
        GeneratorDrops = 0,
        OthersPercent = 0,
        Attempts = 1,
        Problem = null,
    };
}
