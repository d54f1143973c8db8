namespace Parley.Server.Records;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The server of {Store} runs with fsync=off: what was acknowledged is lost when that machine loses its power")]
    public static partial void NotSynced(ILogger logger, string store);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleted the records of {Count} meetings that ended more than {Days} days ago")]
    public static partial void Deleted(ILogger logger, int count, int days);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old records could not be deleted; the next try is in an hour")]
    public static partial void NotDeleted(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Meeting records are kept in {Store}")]
    public static partial void Opened(ILogger logger, string store);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Meeting records cannot be written to {Store}; creating, joining and chat are refused until they can")]
    public static partial void Failed(ILogger logger, string store, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Meeting records are written to {Store} again")]
    public static partial void Recovered(ILogger logger, string store);
}
