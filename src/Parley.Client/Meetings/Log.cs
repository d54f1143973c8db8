using Microsoft.Extensions.Logging;

namespace Parley.Client.Meetings;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Meeting {Meeting}: the connection is lost.")]
    public static partial void Lost(ILogger logger, string meeting);

    [LoggerMessage(2, LogLevel.Debug, "Meeting {Meeting}: attempt {Attempt} to come back failed.")]
    public static partial void AttemptFailed(ILogger logger, Exception? exception, string meeting, int attempt);

    [LoggerMessage(3, LogLevel.Information, "Meeting {Meeting}: joined as {Participant} (resumed: {Resumed}).")]
    public static partial void Joined(ILogger logger, string meeting, string participant, bool resumed);

    [LoggerMessage(4, LogLevel.Warning, "Meeting {Meeting}: the media connection failed: {Why}")]
    public static partial void LegFailed(ILogger logger, Exception? exception, string meeting, string why);

    [LoggerMessage(5, LogLevel.Information, "Meeting {Meeting}: the session is over ({Reason}).")]
    public static partial void Ended(ILogger logger, string meeting, SessionEndReason reason);

    [LoggerMessage(6, LogLevel.Error, "The session failed by a fault of this program.")]
    public static partial void Fault(ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Information, "Meeting {Meeting}: waiting in the lobby.")]
    public static partial void Waiting(ILogger logger, string meeting);
}
