using Parley.Media.Ice;
using Parley.Media.Session;

namespace Parley.Media.Tests.Session;

/// <summary>Who may send from where, and where anything is sent (RFC 8445, RFC 7675).</summary>
public sealed class AddressTests
{
    private static readonly TransportAddress Stranger = TransportAddress.FromIPv4(0xC0000263, 4_000);

    private readonly TestEngine _engine = new();
    private readonly Room _room;
    private readonly TestPeer _one;
    private readonly TestPeer _two;

    public AddressTests()
    {
        _room = _engine.Engine.OpenRoom();
        _one = new TestPeer(_engine, _room, 1);
        _two = new TestPeer(_engine, _room, 2);
    }

    [Fact]
    public void A_check_with_a_wrong_key_is_counted_and_not_answered_with_one_byte()
    {
        for (var i = 0; i < 100; i++) _engine.Receive(_one.MakeCheck(password: "0000000000000000000000"), Stranger);
        Assert.Equal(0, _engine.BytesTo(Stranger));
        Assert.Equal(100, _engine.Dropped(DropReason.Stun));
    }

    [Fact]
    public void A_check_with_a_wrong_key_is_counted_even_from_an_address_that_proved_itself()
    {
        _engine.Receive(_one.MakeCheck(password: "0000000000000000000000"), _one.Address);
        Assert.Equal(1, _engine.Dropped(DropReason.Stun));
    }

    [Fact]
    public void A_check_for_nobody_is_counted_and_not_answered()
    {
        _engine.Receive(_one.MakeCheck(username: "nobody:there"), Stranger);
        Assert.Equal(0, _engine.BytesTo(Stranger));
        Assert.Equal(1, _engine.Dropped(DropReason.Stun));
    }

    [Fact]
    public void A_refusal_is_never_longer_than_what_it_refuses()
    {
        var check = _one.MakeCheck(username: $"{_one.Connection.Ice.Local.Ufrag}:else");
        _engine.Receive(check, Stranger);
        Assert.InRange(_engine.BytesTo(Stranger), 1, check.Length);
        Assert.Equal(1, _engine.Dropped(DropReason.Stun));
    }

    [Fact]
    public void Media_from_an_address_that_nobody_proved_is_dropped()
    {
        _one.Film(7_000, key: true, from: Stranger);
        Assert.Equal(1, _engine.Dropped(DropReason.UnknownAddress));
    }

    [Fact]
    public void Media_from_another_participants_address_is_dropped_as_forged()
    {
        _two.Watch(_one);
        _one.Film(7_000, key: true, from: _two.Address);
        Assert.Equal(1, _engine.Dropped(DropReason.Srtp));
        Assert.Empty(_engine.Shown);
    }

    [Fact]
    public void An_address_belongs_to_who_proved_it_last()
    {
        // A NAT gave the first one's port to the second.
        _two.Watch(_one);
        _two.Check(_one.Address);
        _one.Film(7_000, key: true);
        Assert.Equal(1, _engine.Dropped(DropReason.Srtp));

        _one.Check();
        _one.Film(7_001, key: true);
        Assert.Single(_engine.Shown);
    }

    /// <summary>A forged check must not move an address, or anyone who knows a ufrag could cut another's media off.</summary>
    [Fact]
    public void A_wrong_key_does_not_win_an_address_back()
    {
        _one.Watch(_two);
        _two.Check(_one.Address);
        _engine.Receive(_one.MakeCheck(password: "0000000000000000000000"), _one.Address);
        _two.Film(7_000, key: true, from: _one.Address);

        Assert.Single(_engine.Shown);
        Assert.Equal(0, _engine.Dropped(DropReason.Srtp));
    }

    [Fact]
    public void A_peer_that_moves_is_followed()
    {
        _one.Watch(_two);
        _one.Address = Stranger;
        _one.Check();
        _two.Film(7_000, key: true);
        Assert.Equal(1, _one.Read().CountOf(_one.Slot(0)));
    }

    /// <summary>The same address and port over UDP, over a connection, and over the next connection are three.</summary>
    [Fact]
    public void What_was_proved_over_one_TCP_connection_holds_for_no_other()
    {
        _two.Watch(_one);
        var first = Stranger with { Connection = 1 };
        _one.Check(first);
        Assert.Equal(first, _one.Connection.Remote);
        Assert.True(_engine.Engine.IsProven(first));
        _one.Film(7_000, key: true, from: first);
        Assert.Single(_engine.Shown);

        foreach (var other in new[] { Stranger, Stranger with { Connection = 2 } })
        {
            Assert.False(_engine.Engine.IsProven(other));
            _one.Film(7_001, from: other);
        }

        Assert.Equal(2, _engine.Dropped(DropReason.UnknownAddress));
    }

    [Fact]
    public void When_its_TCP_connection_ends_a_peer_is_disconnected_until_it_nominates_another()
    {
        _one.Watch(_two);
        _one.Address = Stranger with { Connection = 1 };
        _one.Check();
        _engine.Engine.HandleClosed(_one.Address);
        Assert.False(_engine.Engine.IsProven(_one.Address));
        Assert.Null(_one.Connection.Remote);
        Assert.Equal((_one.Connection, IceState.Disconnected), _engine.States[^1]);
        _two.Film(7_000, key: true);
        _one.Film(7_000, key: true);
        Assert.Equal(1, _engine.Dropped(DropReason.UnknownAddress));

        _one.Address = Stranger with { Connection = 2 };
        _one.Check();
        Assert.Equal((_one.Connection, IceState.Connected), _engine.States[^1]);
        _two.Film(7_001, key: true);
        Assert.Equal(1, _one.Read().CountOf(_one.Slot(0)));
    }

    [Fact]
    public void When_its_TCP_connection_ends_and_no_other_comes_a_peer_fails_as_its_consent_runs_out()
    {
        _one.Address = Stranger with { Connection = 1 };
        _one.Check();
        _engine.Engine.HandleClosed(_one.Address);
        _engine.Engine.HandleClosed(_one.Address);
        _engine.Run(IceLiteAgent.ConsentLifetime);
        Assert.Equal((_one.Connection, IceState.Failed), _engine.States.Last(told => told.Connection == _one.Connection));
    }

    /// <summary>A browser tries all ways it has and drops those it does not choose.</summary>
    [Fact]
    public void The_end_of_a_TCP_connection_that_was_not_chosen_is_nothing()
    {
        var spare = Stranger with { Connection = 1 };
        _engine.Receive(_one.MakeCheck(nominate: false), spare);
        var told = _engine.States.Count;
        _engine.Engine.HandleClosed(spare);
        Assert.Equal(_one.Address, _one.Connection.Remote);
        Assert.Equal(told, _engine.States.Count);
    }

    [Fact]
    public void One_connection_cannot_fill_the_table_of_addresses()
    {
        for (var i = 0; i < 1_000; i++) _one.Check(TransportAddress.FromIPv4(0x0B000000, (ushort)(i + 1)));
        Assert.InRange(_one.Connection.Addresses.Count, 1, 16);
        _room.Remove(_one.Connection);
        for (var i = 0; i < 1_000; i++) _engine.Receive([0x80, 0x60, 0, 1], TransportAddress.FromIPv4(0x0B000000, (ushort)(i + 1)));
        Assert.Equal(1_000, _engine.Dropped(DropReason.UnknownAddress));
    }

    /// <summary>When consent is over nothing may be sent to that address any more (RFC 7675 §5.1).</summary>
    [Fact]
    public void Nothing_is_sent_when_consent_is_over()
    {
        _one.Watch(_two);
        for (var i = 0; i < 4; i++)
        {
            _engine.Run(TimeSpan.FromSeconds(10));
            _two.Check();
            _two.Film(7_000 + i, key: true);
        }

        Assert.Equal(IceState.Failed, _one.Connection.Ice.State);
        Assert.Null(_one.Connection.Remote);
        var before = _engine.BytesTo(_one.Address);
        _two.Film(7_010, key: true);
        _engine.Run(TimeSpan.FromSeconds(5));
        _room.Audio.Tick(_engine.Now);
        Assert.Equal(before, _engine.BytesTo(_one.Address));
    }

    [Fact]
    public void Who_never_appears_fails_and_is_told_once()
    {
        var late = new TestPeer(_engine, _room, 3, connect: false);
        _engine.Run(IceLiteAgent.ConnectTimeout + TimeSpan.FromSeconds(5));
        Assert.Single(_engine.States, state => state == (late.Connection, IceState.Failed));
        late.Check();
        Assert.Equal(0, _engine.BytesTo(late.Address));
    }
}
