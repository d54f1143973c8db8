namespace Parley.Media.Ice;

/// <summary>A STUN server, or with credentials a TURN server, over UDP.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Username">TURN: the long-term user name.</param>
/// <param name="Password">TURN: the password. A secret.</param>
public sealed record IceServerAddress(TransportAddress Address, string? Username = null, string? Password = null)
{
    /// <summary>Whether it relays, or only tells one's address.</summary>
    public bool IsTurn => Username is not null && Password is not null;

    /// <summary>Without the password: it must not reach a log by accident.</summary>
    public override string ToString() => $"{(IsTurn ? "turn" : "stun")}:{Address}";
}
