namespace Parley.Server.Access;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The admin's password was changed by {Caller}; all other sessions have ended")]
    public static partial void PasswordChanged(ILogger logger, string caller);
}
