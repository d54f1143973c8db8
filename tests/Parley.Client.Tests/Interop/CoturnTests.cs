using System.Net;
using System.Net.Sockets;
using System.Text;
using Parley.Browser.Harness;
using Parley.Client.Meetings;
using Parley.Client.Rtc;
using Parley.Client.Tests.Media;
using Parley.Media;
using Parley.Media.Ice;
using Parley.Media.Turn;

namespace Parley.Client.Tests.Interop;

/// <summary>Our TURN client and gatherer against coturn, a process of its own, over the loopback interface.</summary>
public sealed class CoturnTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("parley-turn-");
    private readonly int _port = FreePort.Udp();
    private readonly ForeignProcess _coturn;
    private readonly Socket _socket = Bound();
    private readonly Socket _peer = Bound();
    private readonly byte[] _buffer = new byte[2048];

    public CoturnTests() => _coturn = new ForeignProcess(
        "coturn",
        "turnserver",
        "-n", "--listening-ip", "127.0.0.1", "--relay-ip", "127.0.0.1", "--listening-port", $"{_port}", "--no-tls", "--no-dtls",
        "--no-tcp", "--no-tcp-relay", "--lt-cred-mech", "--user", "alice:secret", "--realm", "parley", "--allow-loopback-peers",
        "--no-multicast-peers", "--no-cli", "--log-file", "stdout", "--pidfile", Path.Combine(_folder.FullName, "pid"),
        "--userdb", Path.Combine(_folder.FullName, "db"), "--relay-threads", "1");

    private TransportAddress Server => TransportAddress.From(new IPEndPoint(IPAddress.Loopback, _port));

    private TransportAddress Peer => TransportAddress.From((IPEndPoint)_peer.LocalEndPoint!);

    [Fact]
    public void Allocates_and_relays_both_ways()
    {
        var now = TimeSpan.Zero;
        var client = new TurnClient(Server, "alice", "secret", RandomSource.System, now, new Sink(_socket));
        client.EnsurePeer(Peer, now);

        Until(client, ref now, () => client.State == TurnState.Allocated);
        Assert.Equal(_socket.LocalEndPoint, client.Mapped!.Value.ToEndPoint());

        // The first may go by indication, later ones by the channel: the peer cannot tell.
        for (var i = 0; i < 3; i++)
        {
            Echo(client, ref now, $"message {i}");
        }

        // Hours later, as far as we are concerned: refreshed allocation, permission and channel.
        for (var minutes = 5; minutes < 60; minutes += 5)
        {
            now = TimeSpan.FromMinutes(minutes);
            client.HandleTimeout(now);
            Settle(client, now);
            Echo(client, ref now, $"minute {minutes}");
        }

        Assert.Equal(TurnState.Allocated, client.State);
        client.Close(now);
    }

    [Fact]
    public async Task Two_connections_that_may_use_relays_only_meet_through_them()
    {
        var server = new IceServer(new IPEndPoint(IPAddress.Loopback, _port), "alice", "secret");
        await using var two = new TwoConnections(options => options with { RelayOnly = true, IceServers = [server] });
        await two.Connect();
        foreach (var side in new[] { two.First, two.Second })
        {
            await Eventually.Holds("connected", () => Task.FromResult(string.Join(" / ", side.States)), _ => side.States.Any(state => state.State == RtcPeerState.Connected));
            var pair = side.Connection.Run(() => side.Peer.Ice.Selected!);
            Assert.Equal(IceCandidateType.Relayed, pair.LocalCandidate.Type);
            Assert.DoesNotContain(side.Connection.Run(() => side.Peer.Ice.LocalCandidates), candidate => candidate.Type == IceCandidateType.Host);
        }

        two.First.Connection.Run(() =>
        {
            two.First.Peer.Cameras[0].Enabled = true;
            two.First.Peer.Cameras[0].Send(TwoConnections.Keyframe, TimeSpan.FromSeconds(1), two.Now);
            return true;
        });
        await Eventually.Holds("a picture through both relays", () => Task.FromResult(two.Second.Frames.Count), count => count == 1);
        Assert.Equal(TwoConnections.Keyframe, two.Second.Frames.Single());
    }

    [Fact]
    public void Refuses_a_wrong_password_and_a_peer_on_a_forbidden_address()
    {
        var now = TimeSpan.Zero;
        var impostor = new TurnClient(Server, "alice", "guess", RandomSource.System, now, new Sink(_socket));
        Until(impostor, ref now, () => impostor.State == TurnState.Failed);
        Assert.Equal(401, impostor.ErrorCode);

        using var second = Bound();
        var client = new TurnClient(Server, "alice", "secret", RandomSource.System, now, new Sink(second));
        Until(client, ref now, () => client.State == TurnState.Allocated, second);
        var multicast = TransportAddress.From(new IPEndPoint(IPAddress.Parse("224.0.0.1"), 5000));
        client.EnsurePeer(multicast, now);
        Until(client, ref now, () => !client.EnsurePeer(multicast, now), second);
    }

    [Fact]
    public void Gathers_a_relayed_candidate_of_it()
    {
        var events = new Events();
        var bound = TransportAddress.From((IPEndPoint)_socket.LocalEndPoint!);
        var gatherer = new IceGatherer(
            [(2, bound)],
            [new IceServerAddress(Server), new IceServerAddress(Server, "alice", "secret")],
            RandomSource.System,
            new Sink(_socket),
            events,
            TimeSpan.Zero);

        var received = "";
        for (var now = TimeSpan.Zero; now < TimeSpan.FromSeconds(30) && received.Length == 0; now += TimeSpan.FromMilliseconds(10))
        {
            gatherer.HandleTimeout(now);
            if (gatherer.IsDone)
            {
                Assert.True(gatherer.EnsurePeer(IceGatherer.FirstRelay, Peer, now));
                gatherer.Send(IceGatherer.FirstRelay, Peer, "knock"u8, now);
            }

            if (_peer.Poll(TimeSpan.Zero, SelectMode.SelectRead))
            {
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                _peer.ReceiveFrom(_buffer, ref from);
                Assert.Equal(events.Relayed, TransportAddress.From((IPEndPoint)from));
                _peer.SendTo("come in"u8, from);
            }

            if (_socket.Poll(TimeSpan.FromMilliseconds(10), SelectMode.SelectRead))
            {
                var length = _socket.Receive(_buffer);
                Assert.True(gatherer.TryHandle(2, Server, _buffer.AsSpan(0, length), now, out var relay, out var peer, out var data));
                if (relay >= 0)
                {
                    Assert.Equal(Peer, peer);
                    received = Encoding.UTF8.GetString(data);
                }
            }
        }

        Assert.Equal("come in", received);
        Assert.Empty(gatherer.Failures);
        gatherer.Close(TimeSpan.FromSeconds(30));
    }

    public void Dispose()
    {
        _coturn.Dispose();
        _socket.Dispose();
        _peer.Dispose();
        _folder.Delete(recursive: true);
    }

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    /// <summary>Runs the client, its time being the rounds waited, until something is so.</summary>
    private void Until(TurnClient client, ref TimeSpan now, Func<bool> isSo, Socket? socket = null)
    {
        for (var round = 0; round < 2000; round++)
        {
            client.HandleTimeout(now);
            if (isSo())
            {
                return;
            }

            Receive(client, now, socket ?? _socket, TimeSpan.FromMilliseconds(10));
            now += TimeSpan.FromMilliseconds(10);
        }

        Assert.Fail($"coturn did not get us there: {client.State} {client.Error}");
    }

    /// <summary>Lets answers to what was just sent arrive.</summary>
    private void Settle(TurnClient client, TimeSpan now)
    {
        while (client.NextDeadline < now + TimeSpan.FromSeconds(1) && Receive(client, now, _socket, TimeSpan.FromSeconds(5)) is null)
        {
        }
    }

    private string? Receive(TurnClient client, TimeSpan now, Socket socket, TimeSpan wait)
    {
        try
        {
            if (!socket.Poll(wait, SelectMode.SelectRead))
            {
                return null;
            }

            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            var length = socket.ReceiveFrom(_buffer, ref from);
            return client.TryHandle(_buffer.AsSpan(0, length), now, out var peer, out var data) && peer == Peer
                ? Encoding.UTF8.GetString(data)
                : null;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // coturn does not listen yet.
            return null;
        }
    }

    private void Echo(TurnClient client, ref TimeSpan now, string text)
    {
        string? answer = null;
        var sent = TimeSpan.MinValue;
        for (var round = 0; round < 1000 && answer is null; round++)
        {
            if (sent == TimeSpan.MinValue || now - sent > TimeSpan.FromMilliseconds(500))
            {
                Assert.True(client.Send(Peer, Encoding.UTF8.GetBytes(text), now));
                sent = now;
            }

            if (_peer.Poll(TimeSpan.FromMilliseconds(5), SelectMode.SelectRead))
            {
                EndPoint relay = new IPEndPoint(IPAddress.Any, 0);
                var length = _peer.ReceiveFrom(_buffer, ref relay);
                Assert.Equal(client.Relayed!.Value.ToEndPoint(), relay);
                _peer.SendTo(_buffer.AsSpan(0, length), relay);
            }

            var received = Receive(client, now, _socket, TimeSpan.FromMilliseconds(5));
            answer = received == text ? received : null;
            now += TimeSpan.FromMilliseconds(10);
            client.HandleTimeout(now);
        }

        Assert.Equal(text, answer);
    }

    private sealed class Sink(Socket socket) : IDatagramSink, IIceSink
    {
        public void Send(TransportAddress to, ReadOnlySpan<byte> datagram)
        {
            try
            {
                socket.SendTo(datagram, to.ToEndPoint());
            }
            catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
            {
                // coturn does not listen yet; requests are resent.
            }
        }

        public void Send(int local, TransportAddress to, ReadOnlySpan<byte> datagram) => Send(to, datagram);
    }

    private sealed class Events : IIceGathererEvents
    {
        public TransportAddress? Relayed { get; private set; }

        public void OnReflexive(int local, TransportAddress mapped, TransportAddress server) =>
            Assert.Fail("On the loopback interface nothing is mapped.");

        public void OnRelay(int relay, int local, TransportAddress relayed, TransportAddress mapped) => Relayed = relayed;

        public void OnDone()
        {
        }
    }
}
