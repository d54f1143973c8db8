namespace Parley.Server.Records;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Meeting records are kept in {File}")]
    public static partial void Opened(ILogger logger, string file);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Meeting records cannot be written to {File}; creating, joining and chat are refused until they can")]
    public static partial void Failed(ILogger logger, string file, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Meeting records are written to {File} again")]
    public static partial void Recovered(ILogger logger, string file);
}
