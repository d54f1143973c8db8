using System.Text.Json;
using Parley.Client;
using Parley.Protocol;
using Parley.Terminal.Load;

namespace Parley.Terminal.Tests.Load;

public sealed class LoadReportTests
{
    private static readonly LoadOptions Options = new() { Participants = 5, Meetings = 1 };

    [Fact]
    public void The_names_in_JSON_are_those_that_scripts_rely_on()
    {
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(Report(null), ProtocolJson.Options));
        Assert.Equal(
            [
                "server", "interrupted", "participants", "meetings", "talkersPerMeeting", "camerasPerMeeting", "viewSlots", "videoBitrateKbps",
                "framesPerSecond", "seed", "joined", "withMedia", "failures", "joinSeconds", "joinsPerSecond", "rateRefusals", "timeToMediaP50Ms",
                "timeToMediaP99Ms", "timeToMediaMaxMs", "measuredSeconds", "packetsReceived", "packetsReceivedPerSecond", "megabitsReceivedPerSecond",
                "packetsSent", "packetsSentPerSecond", "megabitsSentPerSecond", "videoPacketsReceived", "videoPacketsLost", "videoLossPercent",
                "videoPacketsReordered", "audioPacketsReceived", "audioPacketsLost", "audioLossPercent", "audioPacketsPerListenerPerSecond",
                "duplicatePackets", "unusablePackets", "misdeliveredFrames", "delayP50Ms", "delayP99Ms", "delayMaxMs", "delaySamples", "ownCpuSeconds",
                "ownCpuPercent", "ownCpuMicrosecondsPerPacket", "ownMemoryMegabytes", "ownSocketDrops", "sendErrors", "sendsSkipped",
                "signallingReconnects", "mediaReconnects", "mediaReconnectReason", "serverCpuPercent", "serverMemoryMegabytes", "serverMemoryPeakMegabytes", "meetingsLeft",
            ],
            json.RootElement.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public void Figures_are_those_of_the_time_between_two_readings()
    {
        var report = Report(LoadFigures.Between(Reading(0, 0), Reading(10, 3)));
        Assert.Equal((10.0, 100_000, 10_000.0, 8.0), (Math.Round(report.MeasuredSeconds, 6), report.PacketsReceived, Math.Round(report.PacketsReceivedPerSecond, 3), Math.Round(report.MegabitsReceivedPerSecond, 6)));
        Assert.Equal((0.3, 3.0, 3.0), (Math.Round(report.OwnCpuSeconds, 6), Math.Round(report.OwnCpuPercent, 6), Math.Round(report.OwnCpuMicrosecondsPerPacket, 6)));
        Assert.Equal((1_000, 1.0, 200.0), (report.VideoPacketsLost, Math.Round(report.VideoLossPercent, 6), Math.Round(report.ServerCpuPercent!.Value, 6)));
    }

    [Fact]
    public void Who_failed_is_named_and_decides_the_kind_of_error()
    {
        var report = Report(null);
        Assert.Equal(5, report.Failures.Count);
        Assert.Equal(new LoadFailure("load 1.1", "has not joined"), report.Failures[0]);
        using var loop = new LoadLoop(Options, 1);
        var problem = LoadReports.ProblemOf(report, People(loop))!;
        Assert.Equal(ParleyError.Media, problem.Error);
        Assert.Equal(
            "5 of 5 participants failed (load 1.1: has not joined; load 1.2: has not joined; load 1.3: has not joined; and 2 more, see --json).", problem.Message);
    }

    [Fact]
    public void A_run_whose_own_sockets_dropped_says_so_loudly_and_first()
    {
        var report = Report(LoadFigures.Between(Reading(0, 0), Reading(10, 3) with { OwnDrops = 12 }));
        var problem = LoadReports.ProblemOf(report, [])!;
        Assert.Equal(ParleyError.Media, problem.Error);
        Assert.StartsWith("THIS RUN SAYS NOTHING OF THE SERVER: the generator's own sockets dropped 12 datagrams", problem.Message, StringComparison.Ordinal);
        Assert.Contains(LoadRows.Of(report, LoadFigures.Between(Reading(0, 0), Reading(10, 3) with { OwnDrops = 12 })), row => row.Text.StartsWith("12 DROPPED", StringComparison.Ordinal));
        Assert.Null(LoadReports.ProblemOf(Report(LoadFigures.Between(Reading(0, 0), Reading(10, 3))), []));
    }

    [Fact]
    public void Others_are_what_neither_the_server_nor_we_used() =>
        Assert.Equal(5.875, LoadFigures.Between(Reading(0, 0), Reading(10, 3)).OthersPercent!.Value, 6);

    private static LoadReport Report(LoadFigures? figures)
    {
        using var loop = new LoadLoop(Options, 1);
        return LoadReports.Of(Options, new Uri("http://localhost:8080"), People(loop), figures, new LoadReports.Rest(false, 0, null, 0));
    }

    private static LoadParticipant[] People(LoadLoop loop) => [.. LoadPlan.Of(Options).Select(place => new LoadParticipant(place, Options, loop))];

    private static LoadReading Reading(double seconds, int cpuTenths) => new()
    {
        At = 1 + (long)(seconds * System.Diagnostics.Stopwatch.Frequency),
        Totals = new LoadTotals
        {
            PacketsReceived = (long)(seconds * 10_000),
            BytesReceived = (long)(seconds * 1_000_000),
            VideoReceived = (long)(seconds * 9_900),
            VideoExpected = (long)(seconds * 10_000),
        },
        Delays = new DelayHistogram(),
        Lateness = new DelayHistogram(),
        Misdelivered = 0,
        Skipped = 0,
        OwnDrops = 0,
        OwnCpu = TimeSpan.FromMilliseconds(cpuTenths * 100),
        Server = (TimeSpan.FromSeconds(seconds * 2), 1_000_000),
        Machine = new MachineUse((long)(seconds * 250), (long)(seconds * 800)),
    };
}
