using Microsoft.Extensions.Logging;
using Parley.Client.Rtc;

namespace Parley.Client.Media;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Link {Link}: {State} {Reason}")]
    public static partial void LinkState(ILogger logger, string link, RtcPeerState state, string reason);

    [LoggerMessage(2, LogLevel.Information, "Link {Link}: {Phase}")]
    public static partial void LinkPhase(ILogger logger, string link, LinkPhase phase);

    [LoggerMessage(3, LogLevel.Warning, "Link {Link}: the other side's description cannot be used: {Why}")]
    public static partial void LinkRefused(ILogger logger, string link, string why);

    [LoggerMessage(4, LogLevel.Warning, "Link {Link} could not be made.")]
    public static partial void LinkFault(ILogger logger, Exception exception, string link);
}
