namespace Parley.Server;

/// <summary>The STUN and TURN server in this process (<c>Parley:Turn</c>).</summary>
public sealed class TurnOptions
{
    /// <summary>Whether there is one.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The UDP and TCP port; 0 takes a free one.</summary>
    public int Port { get; set; } = 3478;

    /// <summary>The TLS port, listened on when there is a certificate that was given (<see cref="HttpOptions.CertificatePath"/>); 0 takes a free one.</summary>
    public int TlsPort { get; set; } = 5349;

    /// <summary>The first UDP port of relayed addresses; 0 takes any free ones.</summary>
    public int RelayPortFirst { get; set; } = 50000;

    /// <summary>The last one.</summary>
    public int RelayPortLast { get; set; } = 50999;

    /// <summary>Whether to relay to loopback, private and link-local addresses.</summary>
    public bool AllowPrivatePeers { get; set; }

    /// <summary>What credentials are made from, for others who issue some; empty means a random one at each start.</summary>
    public string Secret { get; set; } = "";

    /// <summary>How long credentials last.</summary>
    public int CredentialMinutes { get; set; } = 720;

    /// <summary>Allocations at one time.</summary>
    public int Allocations { get; set; } = 1000;

    public int AllocationsPerUser { get; set; } = 40;

    /// <summary>By IPv4 address or IPv6 network of 64 bits.</summary>
    public int AllocationsPerAddress { get; set; } = 200;

    /// <summary>TCP and TLS connections at one time.</summary>
    public int Connections { get; set; } = 1000;

    /// <summary>By IPv4 address or IPv6 network of 64 bits.</summary>
    public int ConnectionsPerAddress { get; set; } = 200;

    /// <summary>Of one allocation, each way.</summary>
    public int KilobytesPerSecond { get; set; } = 2500;
}
