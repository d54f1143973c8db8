namespace Parley.Server;

/// <summary>When two participants talk directly (<c>Parley:PeerToPeer</c>).</summary>
public sealed class PeerToPeerOptions
{
    /// <summary>Off: every meeting stays on the server.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How long a link may take until both receive over it.</summary>
    public int ConnectSeconds { get; set; } = 5;

    /// <summary>How long it must be calm before a meeting that was on the server goes peer to peer again.</summary>
    public int CalmSeconds { get; set; } = 5;
}
