namespace Parley.Media.Tests.Ice;

/// <summary>Whether a NAT's mapping depends on the destination (RFC 4787 §4.1).</summary>
internal enum NatMapping
{
    EndpointIndependent,

    /// <summary>Symmetric.</summary>
    EndpointDependent,
}

/// <summary>From whom a mapping lets in (RFC 4787 §5).</summary>
internal enum NatFiltering
{
    /// <summary>Full cone.</summary>
    Anyone,

    /// <summary>Address-restricted cone.</summary>
    Address,

    /// <summary>Port-restricted cone, and symmetric NATs.</summary>
    AddressAndPort,
}

/// <summary>A NAT with one public address; it does no hairpinning.</summary>
internal sealed class VirtualNat(uint publicIp, NatMapping mapping, NatFiltering filtering)
{
    private readonly Dictionary<(TransportAddress Inside, TransportAddress Destination), ushort> _ports = [];
    private readonly Dictionary<ushort, (TransportAddress Inside, HashSet<TransportAddress> Permitted)> _mappings = [];
    private ushort _nextPort = 20_000;

    public uint PublicIp { get; } = publicIp;

    public Dictionary<TransportAddress, VirtualSocket> Inside { get; } = [];

    /// <summary>Loses its state, as after a restart.</summary>
    public void Forget()
    {
        _ports.Clear();
        _mappings.Clear();
        _nextPort += 1000;
    }

    /// <summary>How the destination sees an inside address that sends to it.</summary>
    public TransportAddress Map(TransportAddress inside, TransportAddress destination)
    {
        var key = (inside, mapping == NatMapping.EndpointDependent ? destination : default);
        if (!_ports.TryGetValue(key, out var port))
        {
            port = _nextPort++;
            _ports.Add(key, port);
            _mappings.Add(port, (inside, []));
        }

        _mappings[port].Permitted.Add(Filtered(destination));
        return TransportAddress.FromIPv4(PublicIp, port);
    }

    /// <summary>Whom a datagram from outside is for, or null.</summary>
    public VirtualSocket? Unmap(TransportAddress from, ushort port) =>
        _mappings.TryGetValue(port, out var entry) && entry.Permitted.Contains(Filtered(from))
            ? Inside.GetValueOrDefault(entry.Inside)
            : null;

    private TransportAddress Filtered(TransportAddress remote) => filtering switch
    {
        NatFiltering.Anyone => default,
        NatFiltering.Address => remote with { Port = 0 },
        _ => remote,
    };
}
