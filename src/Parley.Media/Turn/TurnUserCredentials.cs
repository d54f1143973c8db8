namespace Parley.Media.Turn;

/// <summary>What a client needs to use the server for a while: the short-lived credentials of <see cref="TurnSecret.Issue"/>.</summary>
/// <param name="Username"><c>UNIX-EXPIRY:USER</c>.</param>
/// <param name="Password">A secret.</param>
public sealed record TurnUserCredentials(string Username, string Password)
{
    /// <summary>Without the password: it must not reach a log by accident.</summary>
    public override string ToString() => Username;
}
