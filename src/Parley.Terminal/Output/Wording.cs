using System.Globalization;
using Parley.Protocol;

namespace Parley.Terminal.Output;

/// <summary>Times, durations and reasons as people read them.</summary>
internal static class Wording
{
    /// <summary>In the time zone of <paramref name="clock"/>, to the minute.</summary>
    public static string Time(DateTimeOffset time, TimeProvider clock) =>
        TimeZoneInfo.ConvertTime(time, clock.LocalTimeZone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>To two units: 42 s, 12 min, 1 h 05 min, 2 d 3 h. A negative one (clocks differ) is 0 s.</summary>
    public static string Duration(TimeSpan duration)
    {
        if (duration < TimeSpan.Zero) duration = TimeSpan.Zero;
        return duration switch
        {
            { TotalMinutes: < 1 } => $"{(int)duration.TotalSeconds} s",
            { TotalHours: < 1 } => $"{(int)duration.TotalMinutes} min",
            { TotalDays: < 1 } => $"{(int)duration.TotalHours} h {duration.Minutes:00} min",
            _ => $"{(int)duration.TotalDays} d {duration.Hours} h",
        };
    }

    /// <summary>Who wrote a message, with a mark where it is nobody in the meeting.</summary>
    public static string AuthorOf(ChatMessage message) => message.Program ? message.Name + " (program)" : message.Name;

    /// <param name="by">Who ended it, if someone did.</param>
    /// <summary>The words of a message, with a mark where there are none or not everyone is told.</summary>
    public static string Of(ChatMessage message)
    {
        var text = message.Deleted is not null ? "[deleted]"
            : message.File is { } file ? $"[file: {file.Name}, {file.Size.ToString("N0", CultureInfo.InvariantCulture)} bytes]"
            : message.Text;
        return message.To is { } to ? $"[private to {to.Name}] {text}" : text;
    }

    public static string Of(EndReason? reason, string? by) => reason switch
    {
        null => "still open",
        EndReason.LastLeft => "ended when the last one left",
        EndReason.Cancelled => by is null ? "cancelled" : $"cancelled by {by}",
        EndReason.Unused => "ended because nobody came",
        EndReason.Expired => "ended at its planned time",
        EndReason.ServerStopped => "ended by a stop of the server",
        _ => "ended",
    };

    public static string Of(LeaveReason? reason) => reason switch
    {
        null => "",
        LeaveReason.Left => "left",
        LeaveReason.ConnectionLost => "connection lost",
        LeaveReason.Removed => "removed",
        LeaveReason.Barred => "removed for good",
        LeaveReason.Expired => "meeting ended",
        LeaveReason.Cancelled => "meeting cancelled",
        LeaveReason.ServerStopped => "server stopped",
        _ => "left",
    };
}
