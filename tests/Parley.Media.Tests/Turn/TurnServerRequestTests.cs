using CsCheck;
using Parley.Media.Stun;
using Parley.Media.Turn;
using static Parley.Media.Tests.Turn.TurnServerWorld;

namespace Parley.Media.Tests.Turn;

public sealed class TurnServerRequestTests
{
    private const StunAttribute DontFragment = (StunAttribute)0x001A;

    [Fact]
    public void Tells_a_client_its_own_address()
    {
        var world = new TurnServerWorld();
        var answer = world.Exchange(world.Bare(StunMethod.Binding, null))!;
        Assert.Equal((0, (TransportAddress?)Client), (answer.Code, answer.Mapped));

        var fingerprinted = world.Exchange(world.Bare(StunMethod.Binding, (ref request) => request.WriteFingerprint()));
        Assert.Equal(Client, fingerprinted!.Mapped);
    }

    [Fact]
    public void Challenges_and_then_allocates()
    {
        var world = new TurnServerWorld();
        var challenge = world.Exchange(world.Bare(StunMethod.Allocate, (ref request) => request.WriteRequestedTransport(17)))!;
        Assert.Equal((401, "parley", false), (challenge.Code, challenge.RealmText, challenge.IsSigned));
        Assert.NotNull(challenge.Nonce);
        Assert.Empty(world.Ports);

        var answer = world.Allocate()!;

        Assert.Equal((0, true), (answer.Code, answer.IsSigned));
        Assert.Equal((Relay, Client, 600u), (answer.Relayed!.Value, answer.Mapped!.Value, answer.Lifetime!.Value));
        Assert.True(world.Server.HasAllocation(world.Flow));
    }

    [Fact]
    public void The_same_request_again_gets_the_same_allocation_and_another_one_none()
    {
        var world = new TurnServerWorld();
        var id = new byte[12];
        var first = world.Allocate(id)!;
        var again = world.Allocate(id)!;
        Assert.Equal(first.Bytes, again.Bytes);
        Assert.Single(world.Ports);
        Assert.Equal(437, world.Allocate()!.Code);
    }

    [Theory]
    [InlineData(null, 600)]
    [InlineData(1u, 600)]
    [InlineData(1200u, 1200)]
    [InlineData(uint.MaxValue, 3600)]
    public void Lifetimes_are_ten_minutes_to_an_hour(uint? asked, uint granted)
    {
        var world = new TurnServerWorld();
        Assert.Equal(granted, world.Allocate(lifetime: asked)!.Lifetime);
        Assert.Equal(granted, world.Refresh(asked)!.Lifetime);
    }

    [Fact]
    public void An_allocation_ends_when_it_is_not_refreshed_and_its_port_is_closed()
    {
        var world = new TurnServerWorld();
        Assert.Equal(TimeSpan.MaxValue, world.Server.NextDeadline);
        world.Allocate();
        world.Now += TimeSpan.FromSeconds(599);
        world.Server.HandleTimeout(world.Now);
        Assert.Equal(600u, world.Refresh()!.Lifetime);
        world.Now += TimeSpan.FromSeconds(599);
        world.Server.HandleTimeout(world.Now);
        Assert.Equal(0, world.Ports[0].Closed);
        world.Now += TimeSpan.FromSeconds(1);
        world.Server.HandleTimeout(world.Now);
        Assert.Equal((1, 0), (world.Ports[0].Closed, world.Server.Allocations));
        Assert.Equal(TimeSpan.MaxValue, world.Server.NextDeadline);
        Assert.Equal(437, world.Refresh()!.Code);
    }

    [Fact]
    public void A_refresh_of_0_ends_it_at_once()
    {
        var world = new TurnServerWorld();
        world.Allocate();
        Assert.Equal((0, 0u), (world.Refresh(0)!.Code, world.Refresh(0) is { Code: 437 } ? 0u : 1u));
        Assert.Equal((1, 0), (world.Ports[0].Closed, world.Server.Allocations));
        Assert.Equal(0, world.Allocate()!.Code);
    }

    [Fact]
    public void The_end_of_a_stream_is_the_end_of_its_allocation()
    {
        var world = new TurnServerWorld { Flow = new TurnFlow(Client, 7) };
        world.Allocate();
        world.Server.CloseClient(world.Flow with { Connection = 8 });
        Assert.Equal(0, world.Ports[0].Closed);
        world.Server.CloseClient(world.Flow);
        Assert.Equal((1, 0), (world.Ports[0].Closed, world.Server.Allocations));
    }

    [Fact]
    public void Two_connections_of_one_address_are_two_clients()
    {
        var world = new TurnServerWorld();
        world.Allocate();
        world.Flow = new TurnFlow(Client, 1);
        Assert.Equal(0, world.Allocate()!.Code);
        Assert.Equal(2, world.Server.Allocations);
    }

    [Fact]
    public void Refuses_what_it_does_not_relay_over()
    {
        var world = new TurnServerWorld();
        Assert.Equal(400, world.Ask(StunMethod.Allocate)!.Code);
        var tcp = world.Ask(StunMethod.Allocate, (ref request) => request.WriteRequestedTransport(6))!;
        Assert.Equal((442, true), (tcp.Code, tcp.IsSigned));
        Assert.Equal(0, world.Server.Allocations);
    }

    [Fact]
    public void Names_the_attributes_it_does_not_know()
    {
        var world = new TurnServerWorld();
        var answer = world.Ask(StunMethod.Allocate, (ref request) =>
        {
            request.WriteRequestedTransport(17);
            request.Write(DontFragment, []);
        })!;
        Assert.Equal((420, "001A", true), (answer.Code, answer.Unknown, answer.IsSigned));

        // To who has not said who he is, that is not worth a word: 401 comes first (RFC 8489 §6.3).
        var bare = world.Exchange(world.Bare(StunMethod.Allocate, (ref request) => request.Write(DontFragment, [])))!;
        Assert.Equal(401, bare.Code);
    }

    [Theory]
    [InlineData("00", null, 0)]
    [InlineData("80", null, 508)]
    [InlineData(null, "0102030405060708", 508)]
    [InlineData("00", "0102030405060708", 400)]
    public void Gives_even_ports_and_sets_none_aside(string? evenPort, string? token, int code)
    {
        var world = new TurnServerWorld();
        world.Allocate();
        world.Flow = new TurnFlow(Bob);
        var answer = world.Ask(StunMethod.Allocate, (ref request) =>
        {
            request.WriteRequestedTransport(17);
            if (evenPort is not null) request.Write(StunAttribute.EvenPort, Convert.FromHexString(evenPort));
            if (token is not null) request.Write(StunAttribute.ReservationToken, Convert.FromHexString(token));
        })!;
        Assert.Equal(code, answer.Code);
        Assert.Equal(code == 0 ? Relay with { Port = 50002 } : null, answer.Relayed);
    }

    [Theory]
    [InlineData((byte)1, true, 0)]
    [InlineData((byte)2, true, 0)]
    [InlineData((byte)2, false, 440)]
    [InlineData((byte)3, true, 440)]
    public void Gives_the_family_asked_for(byte family, bool hasIPv6, int code)
    {
        var world = new TurnServerWorld { HasIPv6 = hasIPv6 };
        var answer = world.Ask(StunMethod.Allocate, (ref request) =>
        {
            request.WriteRequestedTransport(17);
            request.WriteRequestedAddressFamily(family);
        })!;
        Assert.Equal(code, answer.Code);
        if (code == 0) Assert.Equal(family == 1, answer.Relayed!.Value.IsIPv4);
    }

    [Fact]
    public void A_refresh_for_the_other_family_is_refused()
    {
        var world = new TurnServerWorld();
        world.Allocate();
        Assert.Equal(443, world.Ask(StunMethod.Refresh, (ref request) => request.WriteRequestedAddressFamily(2))!.Code);
        Assert.Equal(0, world.Ask(StunMethod.Refresh, (ref request) => request.WriteRequestedAddressFamily(1))!.Code);
    }

    [Fact]
    public void Wrong_credentials_get_nothing()
    {
        var world = new TurnServerWorld();
        var right = world.Credentials;
        foreach (var wrong in new[]
        {
            right with { Password = "guess" },
            right with { Username = "4000000000:ada" },
            right with { Username = "ada" },
            right with { Username = ":" },
            right with { Username = "-1:ada" },
            right with { Username = "18446744073709551616:ada" },
            right with { Username = new string('a', 500) },
            new TurnSecret("another secret"u8).Issue(User, Origin),
            world.Secret.Issue(User, Origin - TimeSpan.FromHours(24)),
        })
        {
            world.Credentials = wrong;
            var answer = world.Allocate()!;
            Assert.Equal((401, false), (answer.Code, answer.IsSigned));
            Assert.NotNull(answer.Nonce);
        }

        Assert.Empty(world.Ports);
        Assert.Equal(9, world.Server.Counters.Refused(TurnRefusal.Unauthorized));
    }

    [Fact]
    public void Credentials_expire_for_new_allocations_and_the_old_one_lives_on()
    {
        var world = new TurnServerWorld();
        world.Credentials = world.Secret.Issue(User, Origin + world.Now, TurnSecret.MinLifetime);
        world.Allocate(lifetime: 3600);
        world.Now += TurnSecret.MinLifetime - TimeSpan.FromSeconds(1);
        world.Flow = new TurnFlow(Client with { Port = 40001 });
        Assert.Equal(0, world.Allocate()!.Code);
        world.Now += TimeSpan.FromSeconds(1);
        world.Flow = new TurnFlow(Client with { Port = 40002 });
        Assert.Equal(401, world.Allocate()!.Code);
        world.Flow = new TurnFlow(Client);
        Assert.Equal(0, world.Refresh()!.Code);
        Assert.Equal(0, world.Permit(Bob)!.Code);
    }

    [Fact]
    public void A_nonce_grows_old_and_serves_only_who_got_it()
    {
        var world = new TurnServerWorld();
        world.Allocate(lifetime: 3600);
        var nonce = world.Exchange(world.Bare(StunMethod.Refresh, null))!.Nonce!;
        world.Now += TurnNonces.Lifetime;
        Assert.Equal(0, world.Exchange(world.Request(StunMethod.Refresh, null, nonce))!.Code);
        world.Now += TimeSpan.FromSeconds(1);
        var stale = world.Exchange(world.Request(StunMethod.Refresh, null, nonce))!;
        Assert.Equal((438, "parley", false), (stale.Code, stale.RealmText, stale.IsSigned));
        Assert.Equal(0, world.Exchange(world.Request(StunMethod.Refresh, null, stale.Nonce!))!.Code);

        world.Flow = new TurnFlow(Client with { Port = 40001 });
        Assert.Equal(438, world.Exchange(world.Request(StunMethod.Refresh, null, stale.Nonce!))!.Code);
        world.Flow = new TurnFlow(Client, 1);
        Assert.Equal(438, world.Exchange(world.Request(StunMethod.Refresh, null, stale.Nonce!))!.Code);
    }

    [Fact]
    public void Every_forged_nonce_is_stale()
    {
        var world = new TurnServerWorld(new TurnServerOptions { AnswersPerSecond = 1_000_000 });
        var nonce = world.Exchange(world.Bare(StunMethod.Allocate, null))!.Nonce!;
        Gen.Int[0, nonce.Length - 1].Select(Gen.Byte).Sample((at, changed) =>
        {
            var forged = nonce.ToArray();
            if (forged[at] == changed) return;
            forged[at] = changed;
            Assert.Equal(438, world.Exchange(world.Request(StunMethod.Refresh, null, forged))!.Code);
        }, threads: 1);
        foreach (var length in new[] { 0, 1, 15, 17, 500 })
        {
            Assert.Equal(438, world.Exchange(world.Request(StunMethod.Refresh, null, new byte[length]))!.Code);
        }
    }

    [Fact]
    public void Half_of_the_credentials_is_a_bad_request()
    {
        var world = new TurnServerWorld();
        var request = new StunWriter(new byte[512], StunClass.Request, StunMethod.Allocate, new byte[12]);
        request.WriteRealm("parley"u8);
        request.WriteIntegrity("key"u8);
        Assert.Equal(400, world.Exchange(request.Written.ToArray())!.Code);
    }

    [Fact]
    public void Another_user_cannot_use_an_allocation()
    {
        var world = new TurnServerWorld();
        var ada = world.Credentials;
        world.Allocate();
        world.Credentials = world.Secret.Issue("eve", Origin);
        var answer = world.Refresh(0)!;
        Assert.Equal((441, true), (answer.Code, answer.IsSigned));
        Assert.Equal(441, world.Permit(Bob)!.Code);
        Assert.Equal(441, world.Bind(0x4000, Bob)!.Code);
        Assert.Equal(437, world.Allocate()!.Code);
        world.Credentials = ada;
        Assert.Equal(0, world.Refresh()!.Code);
    }

    [Fact]
    public void A_user_and_an_address_have_their_quota_and_get_it_back()
    {
        var world = new TurnServerWorld(new TurnServerOptions { AllocationsPerUser = 2, AllocationsPerAddress = 3 });
        int Next(string user, ushort port)
        {
            world.Credentials = world.Secret.Issue(user, Origin);
            world.Flow = new TurnFlow(Client with { Port = port });
            return world.Allocate()!.Code;
        }

        Assert.Equal([0, 0, 486, 0, 486], [Next("ada", 1), Next("ada", 2), Next("ada", 3), Next("bob", 3), Next("eve", 4)]);
        world.Refresh();
        world.Server.CloseClient(new TurnFlow(Client with { Port = 1 }));
        Assert.Equal(0, Next("ada", 4));
        Assert.Equal(486, Next("ada", 5));
        Assert.Equal(2, world.Ports.Count(port => port.Address.Port is 50000 or 50003));
    }

    [Fact]
    public void New_credentials_of_the_same_user_are_no_new_quota()
    {
        var world = new TurnServerWorld(new TurnServerOptions { AllocationsPerUser = 1 });
        world.Allocate();
        world.Credentials = world.Secret.Issue(User, Origin, TimeSpan.FromHours(1));
        world.Flow = new TurnFlow(Client with { Port = 40001 });
        Assert.Equal(486, world.Allocate()!.Code);
    }

    [Fact]
    public void A_full_server_says_so()
    {
        var world = new TurnServerWorld(new TurnServerOptions { Allocations = 1 }) { HasPorts = false };
        Assert.Equal(508, world.Allocate()!.Code);
        world.HasPorts = true;
        Assert.Equal(0, world.Allocate()!.Code);
        world.Flow = new TurnFlow(Client with { Port = 40001 });
        Assert.Equal(508, world.Allocate()!.Code);
        Assert.Equal(2, world.Server.Counters.Refused(TurnRefusal.Capacity));
    }

    [Fact]
    public void Who_has_proved_nothing_gets_little_and_not_often()
    {
        var world = new TurnServerWorld(new TurnServerOptions { AnswersPerSecond = 2 });
        var bare = world.Bare(StunMethod.Allocate, (ref request) => request.WriteRequestedTransport(17));
        int Answered() => Enumerable.Range(0, 100).Count(_ => world.Exchange(bare) is not null);

        // With the headers of IPv4 and UDP, what comes is less than twice what went.
        Assert.InRange(world.Exchange(bare)!.Bytes.Length + 28, 0, (bare.Length + 28) * 2);
        Assert.Equal(9, Answered());
        Assert.Equal(100 - 9, world.Server.Counters.Refused(TurnRefusal.Throttled));
        world.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(2, Answered());

        // Nobody else pays for it, and in a stream nobody can pretend another's address.
        world.Flow = new TurnFlow(Bob);
        Assert.Equal(10, Answered());
        world.Flow = new TurnFlow(Client, 1);
        Assert.Equal(100, Answered());
    }

    [Fact]
    public void Binding_requests_count_like_all_that_prove_nothing()
    {
        var world = new TurnServerWorld(new TurnServerOptions { AnswersPerSecond = 2 });
        var request = world.Bare(StunMethod.Binding, null);
        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => world.Exchange(request) is not null));
    }

    [Fact]
    public void An_unproven_answer_is_never_more_than_twice_the_request()
    {
        (from method in Gen.Int[0, 3].Select(i => new[] { StunMethod.Allocate, StunMethod.Refresh, StunMethod.Binding, StunMethod.ChannelBind }[i])
         from unknown in Gen.UShort[0x7000, 0x7FFF].Array[0, 12]
         from fingerprint in Gen.Bool
         select (method, unknown, fingerprint)).Sample(asked =>
        {
            var world = new TurnServerWorld();
            var request = world.Bare(asked.method, (ref request) =>
            {
                foreach (var type in asked.unknown) request.Write((StunAttribute)type, []);
                if (asked.fingerprint) request.WriteFingerprint();
            });
            var answer = world.Exchange(request)!;
            Assert.InRange(answer.Bytes.Length + 28, 0, (request.Length + 28) * 2);
        });
    }

    [Fact]
    public void What_is_no_request_is_not_answered()
    {
        var world = new TurnServerWorld();
        Assert.Null(world.Exchange(world.Bare((StunMethod)0x0A, null)));
        var response = new StunWriter(new byte[64], StunClass.SuccessResponse, StunMethod.Allocate, new byte[12]);
        Assert.Null(world.Exchange(response.Written.ToArray()));
        var indication = new StunWriter(new byte[64], StunClass.Indication, StunMethod.Data, new byte[12]);
        Assert.Null(world.Exchange(indication.Written.ToArray()));
        Assert.Equal(3, world.Server.Counters.Refused(TurnRefusal.Malformed));
        world.Server.HandleMessage(world.Flow, new byte[1501], world.Now);
        Assert.Equal(1, world.Server.Counters.Refused(TurnRefusal.TooLong));
        Gen.Byte.Array[0, 200].Sample(bytes => Assert.Null(world.Exchange(bytes)), threads: 1);
    }

    [Fact]
    public void Closing_closes_every_port()
    {
        var world = new TurnServerWorld();
        world.Allocate();
        world.Flow = new TurnFlow(Bob);
        world.Allocate();
        world.Server.Close();
        Assert.All(world.Ports, port => Assert.Equal(1, port.Closed));
        Assert.Equal(0, world.Server.Allocations);
    }
}
