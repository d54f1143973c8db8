using Parley.SideBySide;

namespace Parley.Terminal.Tests.SideBySide;

public sealed class MachineReportTests
{
    private static TimeSpan Ms(double value) => TimeSpan.FromMilliseconds(value);

    [Fact]
    public void Who_comes_within_a_pause_waits_for_the_rest_of_it()
    {
        // Of one second 1 ms and 11 ms: over 2 ms waits who comes in the first 9 of the longer one.
        var report = MachineReport.Of(Ms(1_000), [Ms(1), Ms(11)]);

        Assert.Equal((2, 11.0), (report.Pauses, report.LongestMs));
        Assert.Equal(1.2, report.LostPercent, 0.001);
        Assert.Equal([1.16, 1.0, 0.9, 0.6, 0.1], report.Waits.Select(wait => Math.Round(wait.Percent, 3)));
    }

    [Fact]
    public void Of_no_pause_nobody_waits() =>
        Assert.All(MachineReport.Of(Ms(1_000), []).Waits, wait => Assert.Equal(0, wait.Percent));

    [Fact]
    public void The_clock_is_read_for_as_long_as_was_said()
    {
        var report = MachineRun.Run(Ms(50), TestContext.Current.CancellationToken);

        Assert.InRange(report.Seconds, 0.05, 60);
        Assert.InRange(report.LostPercent, 0, 100);
        Assert.Equal(7, report.Lines().Count());
    }
}
