using System.Text;
using Parley.Media.Ice;
using Parley.Media.Tests.Turn;

namespace Parley.Media.Tests.Ice;

/// <summary>A gatherer with two bases behind one NAT, and servers 20 ms away, in virtual time.</summary>
internal sealed class GatheringWorld : IIceSink, IIceGathererEvents
{
    public static readonly TransportAddress Wired = TransportAddress.FromIPv4(0x0A000005, 50000);
    public static readonly TransportAddress Wireless = TransportAddress.FromIPv4(0x0A000106, 50001);
    public static readonly TransportAddress Stun = TransportAddress.FromIPv4(0xC6336401, 3478);
    public static readonly TransportAddress Turn = TransportAddress.FromIPv4(0xC6336402, 3478);

    private static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(20);

    private readonly Queue<(TimeSpan At, int Local, TransportAddress Server, byte[] Datagram)> _toClient = new();
    private readonly Dictionary<TransportAddress, TurnTestServer> _servers = new()
    {
        [Stun] = new TurnTestServer(Stun),
        [Turn] = new TurnTestServer(Turn),
    };

    public GatheringWorld(params IceServerAddress[] servers) =>
        Gatherer = new IceGatherer([(0, Wired), (3, Wireless)], servers, RandomSource.Seeded(1), this, this, Now);

    public static IceServerAddress StunServer { get; } = new(Stun);

    public static IceServerAddress TurnServer { get; } = new(Turn, TurnTestServer.Username, TurnTestServer.Password);

    public IceGatherer Gatherer { get; }

    public TimeSpan Now { get; private set; } = TimeSpan.FromHours(1);

    public List<string> Events { get; } = [];

    public List<(TimeSpan At, int Local, TransportAddress To)> Sent { get; } = [];

    /// <summary>Whether the number-th datagram to a server is lost.</summary>
    public Func<int, TransportAddress, bool> IsLost { get; set; } = (_, _) => false;

    public List<(int Relay, TransportAddress Peer, string Text)> Received { get; } = [];

    public static TransportAddress Mapped(int local) => TransportAddress.FromIPv4(0xCB007101, (ushort)(60000 + local));

    public TurnTestServer ServerAt(TransportAddress address) => _servers[address];

    public void Send(int local, TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        Sent.Add((Now, local, to));
        if (!IsLost(Sent.Count - 1, to) && _servers[to].Handle(Mapped(local), datagram.ToArray(), Now) is { } answer)
        {
            _toClient.Enqueue((Now + 2 * OneWay, local, to, answer));
        }
    }

    public void FromPeer(int local, TransportAddress peer, string text)
    {
        if (_servers[Turn].FromPeer(Mapped(local), peer, Encoding.UTF8.GetBytes(text), Now) is { } datagram)
        {
            _toClient.Enqueue((Now + OneWay, local, Turn, datagram));
        }
    }

    public void OnReflexive(int local, TransportAddress mapped, TransportAddress server) =>
        Events.Add($"reflexive {local} {mapped} {server}");

    public void OnRelay(int relay, int local, TransportAddress relayed, TransportAddress mapped) =>
        Events.Add($"relay {relay} {local} {relayed} {mapped}");

    public void OnDone() => Events.Add("done");

    public void OnRelayLost(int relay) => Events.Add($"lost {relay}");

    public GatheringWorld Run(double seconds)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        while (true)
        {
            var arrival = _toClient.TryPeek(out var first) ? first.At : TimeSpan.MaxValue;
            var next = arrival < Gatherer.NextDeadline ? arrival : Gatherer.NextDeadline;
            if (next > end)
            {
                Now = end;
                return this;
            }

            Now = next > Now ? next : Now;
            if (next < arrival)
            {
                Gatherer.HandleTimeout(Now);
                continue;
            }

            var (_, local, server, datagram) = _toClient.Dequeue();
            Assert.True(Gatherer.TryHandle(local, server, datagram, Now, out var relay, out var peer, out var data));
            if (relay >= 0)
            {
                Received.Add((relay, peer, Encoding.UTF8.GetString(data)));
            }
        }
    }
}
