using System.Globalization;

namespace Parley.Terminal.Load;

/// <summary>Figures as people read them: a label and a line for each.</summary>
internal static class LoadRows
{
    /// <summary>Of a time, while it runs.</summary>
    public static IEnumerable<(string Label, string Text)> Of(LoadFigures figures)
    {
        var totals = figures.Totals;
        yield return ("received", Line($"{figures.PacketsReceivedPerSecond:N0} packets/s, {figures.MegabitsReceivedPerSecond:N1} Mb/s"));
        yield return ("sent", Line($"{figures.PacketsSentPerSecond:N0} packets/s, {figures.MegabitsSentPerSecond:N1} Mb/s"));
        yield return ("lost", Line(
            $"video {figures.VideoLost:N0} ({figures.VideoLossPercent:0.###} %), audio {figures.AudioLost:N0} ({figures.AudioLossPercent:0.###} %); reordered {totals.VideoReordered:N0}, duplicates {totals.Duplicates:N0}"));
        yield return ("one-way delay", figures.Delays.Count == 0
            ? "no frames"
            : Line($"p50 {Ms(figures.Delays.Quantile(0.5))} ms, p99 {Ms(figures.Delays.Quantile(0.99))} ms, max {Ms(figures.Delays.Max)} ms"));
        yield return ("own cost", Line($"{figures.OwnCpuPercent:N0} % of a core, {figures.OwnCpuMicrosecondsPerPacket:0.0} µs per received packet"));
        yield return ("own sockets", DropsOf(figures.OwnDrops) + Line($"; {totals.SendErrors:N0} send errors, {figures.Skipped:N0} sends skipped"));
        if (figures.ServerCpuPercent is { } cpu) yield return ("server", Line($"{cpu:N0} % of a core, {figures.ServerMemoryBytes / 1e6:N0} MB"));
    }

    /// <summary>Of a whole run, when it is over.</summary>
    public static IEnumerable<(string Label, string Text)> Of(LoadReport report, LoadFigures? figures)
    {
        yield return ("asked for", Line(
            $"{report.Participants} participants in {report.Meetings} meetings at {report.Server}; in each {report.TalkersPerMeeting} talk, {report.CamerasPerMeeting} send {report.VideoBitrateKbps} kb/s at {report.FramesPerSecond} fps, {report.ViewSlots} are shown"));
        yield return ("joined", Line(
            $"{report.Joined} in {report.JoinSeconds:0.0} s, {report.JoinsPerSecond:0.0} joins/s; {report.WithMedia} got their media, {report.Failures.Count} failed"));
        if (report.TimeToMediaP50Ms is { } p50) yield return ("time to media", Line($"p50 {p50:N0} ms, p99 {report.TimeToMediaP99Ms:N0} ms, max {report.TimeToMediaMaxMs:N0} ms"));
        if (report.SignallingReconnects + report.MediaReconnects > 0)
            yield return ("reconnects", Line($"{report.SignallingReconnects} of the signalling, {report.MediaReconnects} of the media{(report.MediaReconnectReason is { } why ? $" (such as: {why})" : "")}"));
        if (figures is null)
        {
            yield return ("measured", "nothing: it ended before all were there");
            yield break;
        }

        yield return ("measured", Line($"{report.MeasuredSeconds:0.0} s{(report.Interrupted ? ", interrupted" : "")}: {report.PacketsReceived:N0} packets received, {report.PacketsSent:N0} sent"));
        foreach (var row in Of(figures)) yield return row;
        if (report.AudioPacketsPerListenerPerSecond is { } rate) yield return ("heard", Line($"{rate:0.0} sound packets/s each (50 when the server's mixer keeps up)"));
        if (report.ServerMemoryPeakMegabytes is { } peak) yield return ("server's peak", Line($"{peak:N0} MB"));
        if (report.MisdeliveredFrames > 0) yield return ("MISDELIVERED", Line($"{report.MisdeliveredFrames:N0} frames came to people who should not have got them"));
        if (report.UnusablePackets > 0) yield return ("unusable", Line($"{report.UnusablePackets:N0} packets were not authentic or of no announced stream"));
    }

    private static string DropsOf(long? drops) => drops switch
    {
        null => "drops are not told by this system",
        0 => "0 dropped",
        _ => Line($"{drops:N0} DROPPED"),
    };

    private static string Ms(long microseconds) => (microseconds / 1e3).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Line(FormattableString text) => FormattableString.Invariant(text);
}
