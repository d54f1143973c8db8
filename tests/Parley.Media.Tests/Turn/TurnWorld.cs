using System.Text;
using Parley.Media.Turn;

namespace Parley.Media.Tests.Turn;

/// <summary>A client and its servers on a path of 20 ms each way, in virtual time.</summary>
internal sealed class TurnWorld : IDatagramSink
{
    public static readonly TransportAddress Here = TransportAddress.FromIPv4(0xCB007105, 40000);
    public static readonly TransportAddress There = TransportAddress.FromIPv4(0xC6336401, 3478);
    public static readonly TransportAddress Elsewhere = TransportAddress.FromIPv4(0xC6336402, 3479);
    public static readonly TransportAddress Bob = TransportAddress.FromIPv4(0xC0000207, 50001);
    public static readonly TransportAddress Carol = TransportAddress.FromIPv4(0xC0000208, 50002);

    private static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(20);

    private readonly PriorityQueue<(bool ToServer, TransportAddress Server, byte[] Datagram), (TimeSpan At, int Order)> _path = new();
    private readonly Dictionary<TransportAddress, TurnTestServer> _servers;
    private int _order;

    public TurnWorld(string password = TurnTestServer.Password, bool relayIPv6 = false, params TurnTestServer[] servers)
    {
        _servers = (servers.Length == 0 ? [new TurnTestServer(There)] : servers).ToDictionary(server => server.Address);
        Client = new TurnClient(There, TurnTestServer.Username, password, RandomSource.Seeded(1), Now, this, relayIPv6);
    }

    public TurnClient Client { get; }

    public TurnTestServer Server => _servers[There];

    public TimeSpan Now { get; private set; } = TimeSpan.FromHours(5);

    /// <summary>Whether a datagram is lost: its direction and number in it.</summary>
    public Func<bool, int, bool> IsLost { get; set; } = (_, _) => false;

    public List<(TimeSpan At, TransportAddress To, byte[] Datagram)> Sent { get; } = [];

    public int Answered { get; private set; }

    /// <summary>What peers sent, as the client understood it.</summary>
    public List<(TransportAddress Peer, string Text)> Received { get; } = [];

    public void Send(TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        Sent.Add((Now, to, datagram.ToArray()));
        if (!IsLost(true, Sent.Count - 1))
        {
            _path.Enqueue((true, to, datagram.ToArray()), (Now + OneWay, _order++));
        }
    }

    /// <summary>A peer sends to the relay.</summary>
    public void FromPeer(TransportAddress peer, string text)
    {
        if (Server.FromPeer(Here, peer, Encoding.UTF8.GetBytes(text), Now) is { } datagram)
        {
            ToClient(There, datagram);
        }
    }

    public void ToClient(TransportAddress server, byte[] datagram)
    {
        if (!IsLost(false, Answered++))
        {
            _path.Enqueue((false, server, datagram), (Now + OneWay, _order++));
        }
    }

    /// <summary>Lets time pass, everything that happens in it included.</summary>
    public TurnWorld Run(double seconds)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        while (true)
        {
            var arrival = _path.TryPeek(out _, out var due) ? due.At : TimeSpan.MaxValue;
            var next = arrival < Client.NextDeadline ? arrival : Client.NextDeadline;
            if (next > end)
            {
                Now = end;
                return this;
            }

            Now = next > Now ? next : Now;
            if (next < arrival)
            {
                Client.HandleTimeout(Now);
            }
            else
            {
                Arrive();
            }
        }
    }

    private void Arrive()
    {
        var (toServer, server, datagram) = _path.Dequeue();
        if (toServer)
        {
            if (_servers.TryGetValue(server, out var there) && there.Handle(Here, datagram, Now) is { } answer)
            {
                ToClient(server, answer);
            }
        }
        else if (server == Client.Server && Client.TryHandle(datagram, Now, out var peer, out var data))
        {
            Received.Add((peer, Encoding.UTF8.GetString(data)));
        }
    }
}
