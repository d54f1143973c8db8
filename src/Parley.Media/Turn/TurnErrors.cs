namespace Parley.Media.Turn;

/// <summary>What we tell people about a server's error codes (RFC 8489 §14.8, RFC 8656 §19). Its own phrase is never shown.</summary>
internal static class TurnErrors
{
    public const string NoAnswer = "The TURN server does not answer.";

    public const string BadAnswer = "The TURN server sent an answer that makes no sense.";

    public const string BadCredentials = "The TURN user name is empty or too long.";

    public static string Describe(int code) => code switch
    {
        300 => "The TURN server names another one that cannot be used.",
        401 or 441 => "The TURN server refuses the user name or the password.",
        403 => "The TURN server forbids it.",
        437 => "The TURN server has no such allocation, or another one for this address.",
        438 => "The TURN server calls each of its nonces stale.",
        440 => "The TURN server has no addresses of this family.",
        442 => "The TURN server does not relay UDP.",
        486 => "The TURN server allows this user no more allocations.",
        508 => "The TURN server has no capacity left.",
        >= 500 => $"The TURN server failed (error {code}).",
        _ => $"The TURN server refused the request (error {code}).",
    };
}
