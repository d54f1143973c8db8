using Parley.Client;

namespace Parley.Terminal;

/// <summary>How `parley` ends, by kind of error (docs/terminal.md). Scripts rely on these.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>A bug of ours.</summary>
    public const int Internal = 1;

    /// <summary>Of `parley check`: signalling does not work, or no way for media does.</summary>
    public const int NoWay = 1;

    /// <summary>A wrong argument, link, setting or file of ours.</summary>
    public const int Usage = 2;

    public const int Unreachable = 3;

    /// <summary>The server said no.</summary>
    public const int Refused = 4;

    /// <summary>The connection was lost in the middle.</summary>
    public const int Lost = 5;

    /// <summary>A device, a file, a codec library or ffmpeg.</summary>
    public const int Media = 6;

    /// <summary>128 + SIGHUP, SIGINT and SIGTERM, as a shell counts who was ended by a signal.</summary>
    public const int HangUp = 129;

    public const int Interrupted = 130;

    public const int Terminated = 143;

    public static int Of(ParleyError error) => error switch
    {
        ParleyError.Invalid => Usage,
        ParleyError.Unreachable => Unreachable,
        ParleyError.Refused => Refused,
        ParleyError.Lost => Lost,
        ParleyError.Media => Media,
        _ => Internal,
    };
}
