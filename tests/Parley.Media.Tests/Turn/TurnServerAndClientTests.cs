using CsCheck;
using Parley.Media.Tests.Ice;
using Parley.Media.Turn;

namespace Parley.Media.Tests.Turn;

/// <summary>Our client and our server, on a network that loses and reorders.</summary>
public sealed class TurnServerAndClientTests
{
    private const string ServerIp = "198.51.100.1";

    [Fact]
    public void A_client_behind_the_worst_of_nats_reaches_a_peer_and_is_reached()
    {
        Gen.Int[0, 1_000_000].Sample(seed =>
        {
            var network = new VirtualNetwork(seed) { Loss = 0.2, Jitter = TimeSpan.FromMilliseconds(30) };
            var server = new VirtualTurnServer(network, ServerIp);
            var nat = network.AddNat("203.0.113.9", NatMapping.EndpointDependent, NatFiltering.AddressAndPort);
            var ada = new VirtualTurnClient(network, network.Bind("10.0.0.2", 4000, nat), server, "ada", seed);
            var peer = network.Bind("192.0.2.7", 5000);
            peer.Received = (from, bytes) => peer.Send(from, bytes);
            ada.Client.EnsurePeer(peer.Address, network.Now);

            Assert.True(network.RunFor(120, () =>
            {
                ada.Say(peer.Address, "echo");
                return ada.Received.Count > 0;
            }));

            Assert.Equal((peer.Address, "echo"), ada.Received[0]);
            Assert.Equal("203.0.113.9", ada.Client.Mapped!.Value.ToEndPoint().Address.ToString());
            ada.Client.Close(network.Now);
        }, iter: 30, threads: 1);
    }

    [Fact]
    public void Two_behind_nats_meet_at_their_relays_for_hours_and_then_everything_is_given_back()
    {
        var network = new VirtualNetwork(5) { Loss = 0.05, Jitter = TimeSpan.FromMilliseconds(10) };
        var server = new VirtualTurnServer(network, ServerIp, new TurnServerOptions { OwnAddresses = [VirtualNetwork.Address(ServerIp, 0)] });
        var (ada, bob) = (Behind("203.0.113.9", 1), Behind("203.0.113.10", 2));
        Assert.True(network.RunFor(60, () => ada.Client.Relayed is not null && bob.Client.Relayed is not null));
        ada.Client.EnsurePeer(bob.Client.Relayed!.Value, network.Now);
        bob.Client.EnsurePeer(ada.Client.Relayed!.Value, network.Now);
        network.RunFor(60);

        // Longer than nonces, permissions, channels and the allocation last.
        for (var minute = 0; minute < 240; minute++)
        {
            ada.Say(bob.Client.Relayed!.Value, "hello");
            bob.Say(ada.Client.Relayed!.Value, "hi");
            network.RunFor(60);
        }

        Assert.Equal((TurnState.Allocated, TurnState.Allocated), (ada.Client.State, bob.Client.State));
        Assert.InRange(ada.Received.Count, 190, 240);
        Assert.InRange(bob.Received.Count, 190, 240);
        Assert.All(ada.Received, received => Assert.Equal((bob.Client.Relayed!.Value, "hi"), received));
        Assert.Equal(0, server.Server.Counters.Refused(TurnRefusal.NoPermission));
        Assert.InRange(server.Server.Counters.Refused(TurnRefusal.StaleNonce), 4, 100);
        network.Loss = 0;
        ada.Client.Close(network.Now);
        bob.Client.Close(network.Now);
        network.RunFor(1);
        Assert.Equal((0, 0), (server.Server.Allocations, server.OpenPorts));

        VirtualTurnClient Behind(string ip, int seed)
        {
            var nat = network.AddNat(ip, NatMapping.EndpointIndependent, NatFiltering.AddressAndPort);
            return new VirtualTurnClient(network, network.Bind("10.0.0.2", 4000, nat), server, $"user {seed}", seed);
        }
    }

    [Fact]
    public void A_client_that_vanishes_leaves_nothing_behind()
    {
        var network = new VirtualNetwork(6);
        var server = new VirtualTurnServer(network, ServerIp);
        var socket = network.Bind("203.0.113.5", 4000);
        var ada = new VirtualTurnClient(network, socket, server, "ada", 1);
        Assert.True(network.RunFor(60, () => ada.Client.State == TurnState.Allocated));
        socket.IsUp = false;
        network.RunFor(540);
        Assert.Equal(1, server.OpenPorts);
        network.RunFor(70);
        Assert.Equal((0, 0), (server.Server.Allocations, server.OpenPorts));
    }

    [Fact]
    public void A_private_peer_is_refused_and_the_client_told()
    {
        var network = new VirtualNetwork(7);
        var server = new VirtualTurnServer(network, ServerIp);
        var ada = new VirtualTurnClient(network, network.Bind("203.0.113.5", 4000), server, "ada", 1);
        var inside = network.Bind("10.0.0.1", 80);
        inside.Received = (_, _) => Assert.Fail("Inside was reached.");
        ada.Client.EnsurePeer(inside.Address, network.Now);
        network.RunFor(10);
        Assert.Equal(TurnState.Allocated, ada.Client.State);
        Assert.False(ada.Client.EnsurePeer(inside.Address, network.Now));
        ada.Say(inside.Address, "let me in");
        network.RunFor(1);
    }
}
