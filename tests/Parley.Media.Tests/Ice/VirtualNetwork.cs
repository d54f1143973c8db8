namespace Parley.Media.Tests.Ice;

/// <summary>Something on the network that has deadlines of its own.</summary>
internal interface IVirtualActor
{
    TimeSpan NextDeadline { get; }

    void HandleTimeout(TimeSpan now);
}

/// <summary>
/// The Internet in virtual time: hosts, NATs, loss, delay and reordering from one seed. Nothing happens but in
/// <see cref="Run"/>.
/// </summary>
internal sealed class VirtualNetwork(int seed)
{
    private const int MaxIdleRounds = 10_000;

    private readonly Random _random = new(seed);
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly Dictionary<TransportAddress, VirtualSocket> _sockets = [];
    private readonly Dictionary<uint, VirtualNat> _nats = [];
    private readonly List<IVirtualActor> _actors = [];
    private long _order;

    public TimeSpan Now { get; private set; }

    /// <summary>0–1, of each datagram.</summary>
    public double Loss { get; set; }

    /// <summary>One way.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Added at random, so that datagrams overtake each other.</summary>
    public TimeSpan Jitter { get; set; }

    /// <summary>Which datagrams vanish, by their addresses on the wire.</summary>
    public Func<TransportAddress, TransportAddress, bool> IsBlocked { get; set; } = (_, _) => false;

    public long Delivered { get; private set; }

    public static TransportAddress Address(string ip, int port) =>
        TransportAddress.From(new System.Net.IPEndPoint(System.Net.IPAddress.Parse(ip), port));

    public void Add(IVirtualActor actor) => _actors.Add(actor);

    public VirtualNat AddNat(string publicIp, NatMapping mapping, NatFiltering filtering)
    {
        var nat = new VirtualNat(Address(publicIp, 1).IPv4, mapping, filtering);
        _nats.Add(nat.PublicIp, nat);
        return nat;
    }

    /// <summary>A socket on the public network, or in a NAT's.</summary>
    public VirtualSocket Bind(string ip, int port, VirtualNat? nat = null)
    {
        var socket = new VirtualSocket(this, Address(ip, port), nat);
        (nat?.Inside ?? _sockets).Add(socket.Address, socket);
        return socket;
    }

    public void At(TimeSpan at, Action action) => _events.Enqueue(action, (at, _order++));

    /// <summary>Lets time pass until then, or until the condition holds.</summary>
    public bool Run(TimeSpan until, Func<bool>? condition = null)
    {
        var idle = 0;
        while (condition is null || !condition())
        {
            var next = _events.TryPeek(out _, out var head) ? head.At : TimeSpan.MaxValue;
            foreach (var actor in _actors)
            {
                next = actor.NextDeadline < next ? actor.NextDeadline : next;
            }

            if (next > until)
            {
                Now = until > Now ? until : Now;
                return condition is null;
            }

            idle = next > Now ? 0 : idle + 1;
            Assert.True(idle < MaxIdleRounds, "Somebody's deadline does not move on.");
            Now = next > Now ? next : Now;
            if (_events.TryPeek(out _, out head) && head.At <= Now)
            {
                _events.Dequeue()();
                continue;
            }

            foreach (var actor in _actors)
            {
                if (actor.NextDeadline <= Now)
                {
                    actor.HandleTimeout(Now);
                }
            }
        }

        return true;
    }

    /// <summary>Lets time pass for so long, or until the condition holds.</summary>
    public bool RunFor(double seconds, Func<bool>? condition = null) => Run(Now + TimeSpan.FromSeconds(seconds), condition);

    internal void Send(VirtualSocket socket, TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        var bytes = datagram.ToArray();
        if (!socket.IsUp || _random.NextDouble() < Loss)
        {
            return;
        }

        var from = socket.Address;
        if (socket.Nat is { } nat)
        {
            if (nat.Inside.ContainsKey(to))
            {
                Carry(from, to, bytes, nat.Inside);
                return;
            }

            from = nat.Map(from, to);
        }

        Carry(from, to, bytes, _sockets);
    }

    private void Carry(TransportAddress from, TransportAddress to, byte[] bytes, Dictionary<TransportAddress, VirtualSocket> realm)
    {
        if (IsBlocked(from, to))
        {
            return;
        }

        At(Now + Delay + (Jitter * _random.NextDouble()), () =>
        {
            var target = realm.GetValueOrDefault(to);
            if (target is null && realm == _sockets && to.IsIPv4 && _nats.TryGetValue(to.IPv4, out var nat))
            {
                target = nat.Unmap(from, to.Port);
            }

            if (target is { IsUp: true })
            {
                Delivered++;
                target.Received?.Invoke(from, bytes);
            }
        });
    }
}

/// <summary>A UDP socket.</summary>
internal sealed class VirtualSocket(VirtualNetwork network, TransportAddress address, VirtualNat? nat)
{
    public TransportAddress Address { get; } = address;

    public VirtualNat? Nat { get; } = nat;

    public bool IsUp { get; set; } = true;

    public Action<TransportAddress, byte[]>? Received { get; set; }

    public void Send(TransportAddress to, ReadOnlySpan<byte> datagram) => network.Send(this, to, datagram);
}

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
