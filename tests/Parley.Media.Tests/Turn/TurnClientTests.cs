using Parley.Media.Stun;
using Parley.Media.Turn;

namespace Parley.Media.Tests.Turn;

public sealed class TurnClientTests
{
    [Fact]
    public void Allocates_after_the_servers_challenge()
    {
        var world = new TurnWorld();
        Assert.Equal(TurnState.Allocating, world.Client.State);
        Assert.Equal(world.Now, world.Client.NextDeadline);

        world.Run(1);

        Assert.Equal(TurnState.Allocated, world.Client.State);
        Assert.Equal(TurnWorld.There with { Port = 50000 }, world.Client.Relayed);
        Assert.Equal(TurnWorld.Here, world.Client.Mapped);
        Assert.Null(world.Client.Error);
        Assert.Equal(2, world.Sent.Count);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    public void Any_one_datagram_may_be_lost(bool toServer, int lost)
    {
        var world = new TurnWorld { IsLost = (direction, number) => direction == toServer && number == lost };
        world.Client.EnsurePeer(TurnWorld.Bob, world.Now);

        world.Run(2);

        Assert.Equal(TurnState.Allocated, world.Client.State);
        Assert.Equal(1, world.Server.Allocations);
        world.Client.Send(TurnWorld.Bob, "hello"u8, world.Now);
        world.FromPeer(TurnWorld.Bob, "hi");
        world.Run(1);
        Assert.Equal((TurnWorld.Bob, "hi"), Assert.Single(world.Received));
        Assert.Equal("hello"u8.ToArray(), Assert.Single(world.Server.ToPeers).Data);
    }

    [Fact]
    public void A_server_that_never_answers_is_asked_seven_times_and_given_up_after_forty_seconds()
    {
        // RFC 8489 §6.2.1: 0, 500, 1500, 3500, 7500, 15500 and 31500 ms, failed at 39500 ms.
        var world = new TurnWorld { IsLost = (_, _) => true };
        var start = world.Now;

        world.Run(39.4);

        Assert.Equal(TurnState.Allocating, world.Client.State);
        Assert.Equal([0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5], world.Sent.Select(sent => (sent.At - start).TotalSeconds));
        world.Run(0.2);
        Assert.Equal(TurnState.Failed, world.Client.State);
        Assert.Equal("The TURN server does not answer.", world.Client.Error);
        Assert.Equal(TimeSpan.MaxValue, world.Client.NextDeadline);
    }

    [Fact]
    public void Keeps_the_allocation_the_permission_and_the_channel_for_hours()
    {
        var world = new TurnWorld();
        world.Client.EnsurePeer(TurnWorld.Bob, world.Now);

        for (var minute = 0; minute < 180; minute++)
        {
            world.Run(60);
            world.FromPeer(TurnWorld.Bob, "still here");
        }

        world.Run(1);
        Assert.Equal(180, world.Received.Count);
        Assert.Equal(TurnState.Allocated, world.Client.State);
        Assert.Equal(1, world.Server.Requests[StunMethod.Allocate] - 1);
        Assert.InRange(world.Server.Requests[StunMethod.Refresh], 19, 21);
        Assert.InRange(world.Server.Requests[StunMethod.ChannelBind], 44, 46);
    }

    [Fact]
    public void Nonces_may_grow_stale_at_any_time()
    {
        var world = new TurnWorld();
        world.Client.EnsurePeer(TurnWorld.Bob, world.Now);
        world.Run(1);

        for (var minute = 0; minute < 60; minute++)
        {
            world.Server.ChangeNonce();
            world.Run(60);
            world.FromPeer(TurnWorld.Bob, "still here");
        }

        world.Run(1);
        Assert.Equal(60, world.Received.Count);
        Assert.Equal(TurnState.Allocated, world.Client.State);
    }

    [Fact]
    public void A_server_that_calls_each_nonce_stale_is_given_up()
    {
        var world = new TurnWorld();
        world.Server.IsNeverContent = true;

        world.Run(60);

        Assert.Equal(TurnState.Failed, world.Client.State);
        Assert.Equal(438, world.Client.ErrorCode);
        Assert.InRange(world.Sent.Count, 2, 5);
    }

    [Fact]
    public void A_wrong_password_is_said_to_be_one()
    {
        var world = new TurnWorld(password: "guess");

        world.Run(60);

        Assert.Equal(TurnState.Failed, world.Client.State);
        Assert.Equal(401, world.Client.ErrorCode);
        Assert.Equal("The TURN server refuses the user name or the password.", world.Client.Error);
        Assert.Equal(2, world.Sent.Count);
    }

    [Theory]
    [InlineData(403, "forbids")]
    [InlineData(437, "allocation")]
    [InlineData(440, "family")]
    [InlineData(441, "password")]
    [InlineData(442, "UDP")]
    [InlineData(486, "no more allocations")]
    [InlineData(500, "500")]
    [InlineData(508, "capacity")]
    [InlineData(699, "699")]
    public void An_error_is_told_in_our_words(int code, string words)
    {
        var world = new TurnWorld();
        world.Server.Refusals[StunMethod.Allocate] = code;

        world.Run(60);

        Assert.Equal(TurnState.Failed, world.Client.State);
        Assert.Equal(code, world.Client.ErrorCode);
        Assert.Contains(words, world.Client.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", world.Client.Error, StringComparison.Ordinal);
        Assert.Equal(2, world.Sent.Count);
    }

    [Fact]
    public void An_allocation_that_the_server_has_lost_is_noticed_at_the_next_refresh()
    {
        var world = new TurnWorld();
        world.Run(1);
        world.Server.Restart();

        world.Run(600);

        Assert.Equal(TurnState.Failed, world.Client.State);
        Assert.Equal(437, world.Client.ErrorCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_alternate_server_is_followed(bool beforeChallenge)
    {
        var first = new TurnTestServer(TurnWorld.There) { Alternate = TurnWorld.Elsewhere, RedirectsBeforeChallenge = beforeChallenge };
        var second = new TurnTestServer(TurnWorld.Elsewhere);
        var world = new TurnWorld(servers: [first, second]);

        world.Run(2);

        Assert.Equal(TurnState.Allocated, world.Client.State);
        Assert.Equal(TurnWorld.Elsewhere, world.Client.Server);
        Assert.Equal((0, 1), (first.Allocations, second.Allocations));
    }

    [Fact]
    public void An_alternate_server_is_followed_once()
    {
        var first = new TurnTestServer(TurnWorld.There) { Alternate = TurnWorld.Elsewhere };
        var second = new TurnTestServer(TurnWorld.Elsewhere) { Alternate = TurnWorld.There };
        var world = new TurnWorld(servers: [first, second]);

        world.Run(60);

        Assert.Equal(TurnState.Failed, world.Client.State);
        Assert.Equal(300, world.Client.ErrorCode);
        Assert.Equal(4, world.Sent.Count);
    }

    [Fact]
    public void An_alternate_of_itself_is_not_followed()
    {
        var world = new TurnWorld(servers: [new TurnTestServer(TurnWorld.There) { Alternate = TurnWorld.There }]);

        world.Run(60);

        Assert.Equal(TurnState.Failed, world.Client.State);
    }

    [Fact]
    public void A_success_with_the_wrong_integrity_counts_as_never_received()
    {
        var world = new TurnWorld();
        world.Server.Forges = true;

        world.Run(30);

        Assert.Equal(TurnState.Allocating, world.Client.State);
        Assert.Null(world.Client.Relayed);
        world.Run(30);
        Assert.Equal("The TURN server does not answer.", world.Client.Error);
    }

    [Fact]
    public void Asks_for_an_IPv6_relay_when_told_to()
    {
        var world = new TurnWorld(relayIPv6: true);

        world.Run(1);

        Assert.False(world.Client.Relayed!.Value.IsIPv4);
        Assert.False(world.Client.EnsurePeer(TurnWorld.Bob, world.Now));
        Assert.True(world.Client.EnsurePeer(new TransportAddress((UInt128)0x20010DB8 << 96 | 2, 9), world.Now));
    }

    [Fact]
    public void A_relay_of_another_family_than_asked_for_is_no_answer()
    {
        var world = new TurnWorld(relayIPv6: true);
        world.Server.IgnoresFamily = true;

        world.Run(1);

        Assert.Equal(TurnState.Failed, world.Client.State);
        Assert.Equal("The TURN server sent an answer that makes no sense.", world.Client.Error);
    }

    [Fact]
    public void Close_gives_the_allocation_back()
    {
        var world = new TurnWorld();
        world.Run(1);
        Assert.Equal(1, world.Server.Allocations);

        world.Client.Close(world.Now);
        world.Client.Close(world.Now);
        world.Run(100);

        Assert.Equal(TurnState.Closed, world.Client.State);
        Assert.Equal(0, world.Server.Allocations);
        Assert.Equal(3, world.Sent.Count);
        Assert.False(world.Client.EnsurePeer(TurnWorld.Bob, world.Now));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void A_user_name_that_cannot_be_sent_fails_at_once(string? name)
    {
        var world = new TurnWorld();

        var client = new TurnClient(
            TurnWorld.There, name ?? new string('x', 509), "p", RandomSource.Seeded(1), TimeSpan.Zero, world);
        client.HandleTimeout(TimeSpan.Zero);

        Assert.Equal(TurnState.Failed, client.State);
        Assert.Empty(world.Sent);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(10u)]
    [InlineData(uint.MaxValue)]
    public void A_strange_lifetime_neither_floods_nor_forgets(uint lifetime)
    {
        var world = new TurnWorld();
        world.Server.Lifetime = lifetime;

        world.Run(3600);

        Assert.InRange(world.Server.Requests.GetValueOrDefault(StunMethod.Refresh), 1, 3700);
    }
}
