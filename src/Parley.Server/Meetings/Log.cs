using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>What meetings log. No names, texts, secrets or tokens.</summary>
internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Stopping in {Seconds} s: nobody new is taken, and who is in a meeting goes on")]
    public static partial void Draining(ILogger logger, int seconds);

    [LoggerMessage(1, LogLevel.Information, "Meeting {MeetingId} was created")]
    public static partial void Created(ILogger logger, string meetingId);

    [LoggerMessage(2, LogLevel.Information, "Meeting {MeetingId} ended: {Reason}")]
    public static partial void Ended(ILogger logger, string meetingId, EndReason reason);

    [LoggerMessage(3, LogLevel.Information, "{Count} meetings that were open when the server last stopped are open again")]
    public static partial void Reopened(ILogger logger, int count);

    [LoggerMessage(4, LogLevel.Error, "A command of meeting {MeetingId} failed and was refused")]
    public static partial void CommandFailed(ILogger logger, Exception error, string meetingId);

    [LoggerMessage(5, LogLevel.Error, "An event of meeting {MeetingId} could not be recorded; the meeting goes on")]
    public static partial void RecordFailed(ILogger logger, Exception error, string meetingId);

    [LoggerMessage(6, LogLevel.Error, "The media plane failed meeting {MeetingId}")]
    public static partial void MediaFailed(ILogger logger, Exception error, string meetingId);

    [LoggerMessage(7, LogLevel.Error, "The records could not be read")]
    public static partial void RecordsUnreadable(ILogger logger, Exception error);

    [LoggerMessage(8, LogLevel.Error, "A new meeting could not be recorded and was refused")]
    public static partial void CreateFailed(ILogger logger, Exception error);

    [LoggerMessage(10, LogLevel.Information, "Meeting {MeetingId} is on {Mode}: {Reason}")]
    public static partial void ModeChanged(ILogger logger, string meetingId, MeetingMode mode, ModeReason reason);

    [LoggerMessage(9, LogLevel.Warning, "The server stops while requests still wait for the records; they were not acknowledged")]
    public static partial void StoppedUnderway(ILogger logger);
}
