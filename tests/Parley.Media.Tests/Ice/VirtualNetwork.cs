namespace Parley.Media.Tests.Ice;

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
