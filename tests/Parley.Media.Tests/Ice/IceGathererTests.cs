using CsCheck;
using Parley.Media.Ice;
using Parley.Media.Stun;
using Parley.Media.Tests.Turn;

namespace Parley.Media.Tests.Ice;

public sealed class IceGathererTests
{
    private static readonly TransportAddress Bob = TransportAddress.FromIPv4(0xC0000207, 50001);

    [Fact]
    public void Finds_reflexive_and_relayed_addresses_of_each_base_and_says_when_it_is_done()
    {
        var world = new GatheringWorld(GatheringWorld.StunServer, GatheringWorld.TurnServer);

        world.Run(1);

        Assert.Equal(
            [
                $"reflexive 0 {GatheringWorld.Mapped(0)} {GatheringWorld.Stun}",
                $"reflexive 3 {GatheringWorld.Mapped(3)} {GatheringWorld.Stun}",
                $"relay 16 0 198.51.100.2:50000 {GatheringWorld.Mapped(0)}",
                $"relay 17 3 198.51.100.2:50001 {GatheringWorld.Mapped(3)}",
                "done",
            ],
            world.Events);
        Assert.True(world.Gatherer.IsDone);
        Assert.Empty(world.Gatherer.Failures);
    }

    [Fact]
    public void A_relay_alone_tells_the_reflexive_address_too()
    {
        var world = new GatheringWorld(GatheringWorld.TurnServer).Run(1);

        Assert.Contains($"reflexive 0 {GatheringWorld.Mapped(0)} {GatheringWorld.Turn}", world.Events);
        Assert.Equal(5, world.Events.Count);
    }

    [Fact]
    public void With_nobody_to_ask_it_is_done_at_once()
    {
        var world = new GatheringWorld();
        Assert.Equal(world.Now, world.Gatherer.NextDeadline);

        world.Run(1);

        Assert.Equal(["done"], world.Events);
        Assert.Equal(TimeSpan.MaxValue, world.Gatherer.NextDeadline);
    }

    [Fact]
    public void First_requests_leave_one_by_one()
    {
        var world = new GatheringWorld(GatheringWorld.StunServer, GatheringWorld.TurnServer) { IsLost = (_, _) => true };

        world.Run(0.4);

        var gaps = world.Sent.Zip(world.Sent.Skip(1), (a, b) => b.At - a.At);
        Assert.Equal(4, world.Sent.Count);
        Assert.All(gaps, gap => Assert.True(gap >= IceGatherer.Pace));
    }

    [Fact]
    public void Lost_requests_are_sent_again()
    {
        var world = new GatheringWorld(GatheringWorld.StunServer, GatheringWorld.TurnServer)
        {
            IsLost = (number, _) => number < 4,
        };

        world.Run(3);

        Assert.Equal(5, world.Events.Count);
        Assert.Equal("done", world.Events[^1]);
    }

    [Fact]
    public void A_server_that_is_not_there_delays_the_end_by_five_seconds_and_is_named()
    {
        var world = new GatheringWorld(GatheringWorld.StunServer, GatheringWorld.TurnServer)
        {
            IsLost = (_, to) => to == GatheringWorld.Turn,
        };

        world.Run(4.9);
        Assert.DoesNotContain("done", world.Events);
        world.Run(0.3);

        Assert.Equal("done", world.Events[^1]);
        Assert.Equal(3, world.Events.Count);
        Assert.Equal(
            [new(GatheringWorld.Turn, "The TURN server does not answer."), new(GatheringWorld.Turn, "The TURN server does not answer.")],
            world.Gatherer.Failures);
        var sent = world.Sent.Count;
        world.Run(100);
        Assert.Equal(sent, world.Sent.Count);
    }

    [Fact]
    public void An_error_of_a_STUN_server_is_an_end_too()
    {
        var world = new GatheringWorld(GatheringWorld.StunServer);
        world.ServerAt(GatheringWorld.Stun).Refusals[StunMethod.Binding] = 400;

        world.Run(1);

        Assert.Equal(["done"], world.Events);
        Assert.Equal(2, world.Gatherer.Failures.Count);
    }

    [Fact]
    public void Relays_pass_data_both_ways_and_live_on()
    {
        var world = new GatheringWorld(GatheringWorld.TurnServer).Run(1);
        Assert.True(world.Gatherer.EnsurePeer(17, Bob, world.Now));
        world.Run(1800);

        Assert.True(world.Gatherer.Send(17, Bob, "hello"u8, world.Now));
        world.FromPeer(3, Bob, "hi");
        world.FromPeer(0, Bob, "not let in by that relay");
        world.Run(1);

        Assert.Equal((17, Bob, "hi"), Assert.Single(world.Received));
        Assert.Equal("hello"u8.ToArray(), Assert.Single(world.ServerAt(GatheringWorld.Turn).ToPeers).Data);
        Assert.False(world.Gatherer.Send(18, Bob, "x"u8, world.Now));
        Assert.False(world.Gatherer.EnsurePeer(0, Bob, world.Now));
    }

    [Fact]
    public void A_relay_that_ends_is_told_of()
    {
        var world = new GatheringWorld(GatheringWorld.TurnServer).Run(1);
        world.ServerAt(GatheringWorld.Turn).Restart();

        world.Run(600);

        Assert.Contains("lost 16", world.Events);
        Assert.Contains("lost 17", world.Events);
        Assert.Single(world.Events, line => line == "done");
    }

    [Fact]
    public void What_a_peer_at_a_servers_address_sends_is_not_taken()
    {
        var world = new GatheringWorld(GatheringWorld.StunServer, GatheringWorld.TurnServer).Run(1);
        var check = new StunWriter(new byte[64], StunClass.Request, StunMethod.Binding, new byte[12]);
        check.WritePriority(1);
        byte[] rtp = [0x80, 96, .. new byte[20]];
        byte[] dtls = [22, 0xFE, 0xFD, .. new byte[20]];
        byte[] channelData = [0x40, 0, 0, 0];

        foreach (var datagram in new[] { check.Written.ToArray(), rtp, dtls, [] })
        {
            Assert.False(world.Gatherer.TryHandle(0, GatheringWorld.Stun, datagram, world.Now, out var relay, out _, out _));
            Assert.False(world.Gatherer.TryHandle(0, GatheringWorld.Turn, datagram, world.Now, out relay, out _, out _));
            Assert.Equal(-1, relay);
        }

        Assert.False(world.Gatherer.TryHandle(0, Bob, channelData, world.Now, out _, out _, out _));
        Assert.False(world.Gatherer.TryHandle(1, GatheringWorld.Turn, channelData, world.Now, out _, out _, out _));
        Assert.True(world.Gatherer.TryHandle(0, GatheringWorld.Turn, channelData, world.Now, out _, out _, out _));
    }

    [Fact]
    public void Only_servers_of_a_bases_family_and_reach_are_asked()
    {
        var world = new GatheringWorld();
        var ipv6 = new IceServerAddress(new TransportAddress((UInt128)0x20010DB8 << 96 | 1, 3478));
        var loopback = TransportAddress.FromIPv4(0x7F000001, 5000);

        var gatherer = new IceGatherer(
            [(0, GatheringWorld.Wired), (1, loopback)], [ipv6, GatheringWorld.StunServer], RandomSource.Seeded(1), world, world, world.Now);
        gatherer.HandleTimeout(world.Now);
        gatherer.HandleTimeout(world.Now + TimeSpan.FromSeconds(1));

        Assert.All(world.Sent, sent => Assert.Equal((0, GatheringWorld.Stun), (sent.Local, sent.To)));
    }

    [Fact]
    public void A_base_that_no_NAT_hides_has_no_reflexive_candidate()
    {
        var world = new GatheringWorld();
        var gatherer = new IceGatherer(
            [(0, GatheringWorld.Mapped(0))], [GatheringWorld.StunServer], RandomSource.Seeded(1), world, world, world.Now);
        var server = new TurnTestServer(GatheringWorld.Stun);
        gatherer.HandleTimeout(world.Now);

        // The same request again, as the seed is the same.
        var query = new StunQuery(GatheringWorld.Stun);
        query.Start(RandomSource.Seeded(1), world.Now);
        var answer = server.Handle(GatheringWorld.Mapped(0), query.Request.ToArray(), world.Now);

        Assert.True(gatherer.TryHandle(0, GatheringWorld.Stun, answer, world.Now, out _, out _, out _));
        Assert.Equal(["done"], world.Events);
    }

    [Fact]
    public void Numbers_of_bases_end_where_relays_begin()
    {
        var world = new GatheringWorld();

        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new IceGatherer([(16, GatheringWorld.Wired)], [], RandomSource.Seeded(1), world, world, world.Now));
    }

    [Fact]
    public void Close_gives_relays_back_and_says_nothing_more()
    {
        var world = new GatheringWorld(GatheringWorld.TurnServer).Run(1);
        var said = world.Events.Count;
        Assert.Equal(2, world.ServerAt(GatheringWorld.Turn).Allocations);

        world.Gatherer.Close(world.Now);

        Assert.Equal(0, world.ServerAt(GatheringWorld.Turn).Allocations);
        Assert.Equal(TimeSpan.MaxValue, world.Gatherer.NextDeadline);
        Assert.Equal(said, world.Events.Count);
        Assert.False(world.Gatherer.Send(16, Bob, "x"u8, world.Now));
    }

    [Fact]
    public void Random_bytes_never_throw() =>
        Gen.Byte.Array[0, 100].Array[1, 20].Sample(datagrams =>
        {
            var world = new GatheringWorld(GatheringWorld.StunServer, GatheringWorld.TurnServer).Run(1);
            foreach (var datagram in datagrams)
            {
                world.Gatherer.TryHandle(0, GatheringWorld.Turn, datagram, world.Now, out _, out _, out _);
            }
        }, iter: 100);

    [Fact]
    public void Servers_are_printed_without_their_password() =>
        Assert.Equal($"turn:{GatheringWorld.Turn}", GatheringWorld.TurnServer.ToString());
}
