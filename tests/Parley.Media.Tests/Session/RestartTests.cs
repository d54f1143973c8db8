using Parley.Media.Ice;
using Parley.Media.Session;

namespace Parley.Media.Tests.Session;

/// <summary>ICE restarts under a connection that lives on (RFC 8445 §9).</summary>
public sealed class RestartTests
{
    private static readonly TransportAddress NewPlace = TransportAddress.FromIPv4(0xC0000263, 4_000);

    private readonly TestEngine _engine = new();
    private readonly Room _room;
    private readonly TestPeer _one;
    private readonly TestPeer _two;

    public RestartTests()
    {
        _room = _engine.Engine.OpenRoom();
        _one = new TestPeer(_engine, _room, 1);
        _two = new TestPeer(_engine, _room, 2);
        _one.Watch(_two);
        _two.Watch(_one);
        _one.Film(7_000, key: true);
        _two.Film(8_000, key: true);
        _one.Read();
        _two.Read();
    }

    [Fact]
    public void Media_goes_on_by_the_old_way_until_the_new_one_is_nominated_and_then_by_the_new_one()
    {
        var oldPlace = _one.Address;
        var oldCheck = _one.MakeCheck();
        _one.RestartIce(77);

        // Both ways, and the old credentials still keep the consent.
        _engine.Receive(oldCheck, oldPlace);
        _two.Film(8_001);
        _one.Film(7_001);
        Assert.Equal(1, _one.Read().CountOf(_one.Slot(0)));
        Assert.Equal(1, _two.Read().CountOf(_two.Slot(0)));

        // A check alone does not move it.
        _engine.Receive(_one.MakeCheck(nominate: false), NewPlace);
        _two.Film(8_002);
        Assert.Equal(1, _one.Read().CountOf(_one.Slot(0)));

        _one.Address = NewPlace;
        _one.Check();
        Assert.Equal(NewPlace, _one.Connection.Remote);
        var before = _engine.BytesTo(oldPlace);
        _two.Film(8_003);
        _one.Film(7_002);
        Assert.Equal(1, _one.Read().CountOf(_one.Slot(0)));
        Assert.Equal(1, _two.Read().CountOf(_two.Slot(0)));
        Assert.Equal(before, _engine.BytesTo(oldPlace));

        // What was on its way while it moved is still taken; checks with the old credentials are for nobody.
        _one.Film(7_003, from: oldPlace);
        Assert.Equal(1, _two.Read().CountOf(_two.Slot(0)));
        _engine.Receive(oldCheck, oldPlace);
        Assert.Equal(1, _engine.Dropped(DropReason.Stun));
        Assert.Equal(before, _engine.BytesTo(oldPlace));
        Assert.DoesNotContain(_engine.States, told => told.Connection == _one.Connection && told.State != IceState.Connected);
    }

    [Fact]
    public void A_failed_connection_is_tried_again_with_its_keys_and_its_view()
    {
        for (var i = 0; i < 4; i++)
        {
            _engine.Run(TimeSpan.FromSeconds(10));
            _two.Check();
        }

        Assert.Equal(IceState.Failed, _one.Connection.Ice.State);
        _one.RestartIce(77);
        _two.Film(8_001);
        Assert.Equal(0, _one.Read().CountOf(_one.Slot(0)));

        _one.Address = NewPlace;
        _one.Check();
        _two.Film(8_002, key: true);
        _one.Film(7_001, key: true);
        Assert.Equal(1, _one.Read().CountOf(_one.Slot(0)));
        Assert.Equal(1, _two.Read().CountOf(_two.Slot(0)));
        Assert.Equal(
            [IceState.Connected, IceState.Disconnected, IceState.Failed, IceState.New, IceState.Connected],
            _engine.States.Where(told => told.Connection == _one.Connection).Select(told => told.State));
    }

    [Fact]
    public void When_the_old_way_dies_during_a_restart_nothing_more_is_sent_there()
    {
        _engine.Run(TimeSpan.FromSeconds(25));
        _two.Check();
        _one.RestartIce(77);
        _engine.Run(TimeSpan.FromSeconds(6));
        Assert.Equal(IceState.New, _one.Connection.Ice.State);
        Assert.Null(_one.Connection.Remote);
        var before = _engine.BytesTo(_one.Address);
        _two.Film(8_001, key: true);
        Assert.Equal(before, _engine.BytesTo(_one.Address));

        _one.Address = NewPlace;
        _one.Check();
        _two.Film(8_002, key: true);
        Assert.Equal(1, _one.Read().CountOf(_one.Slot(0)));
    }

    [Fact]
    public void However_often_it_restarts_the_engine_knows_two_names_of_it_at_most_and_none_when_it_is_gone()
    {
        var first = _one.MakeCheck();
        var checks = new List<byte[]>();
        for (var i = 0; i < 50; i++)
        {
            _one.RestartIce(100 + i);
            checks.Add(_one.MakeCheck(nominate: false));
        }

        // The one that selected the address, and the last.
        foreach (var check in checks) _engine.Receive(check, _one.Address);
        Assert.Equal(49, _engine.Dropped(DropReason.Stun));
        _engine.Receive(first, _one.Address);
        Assert.Equal(49, _engine.Dropped(DropReason.Stun));

        _room.Remove(_one.Connection);
        _engine.Receive(first, _one.Address);
        _engine.Receive(checks[^1], _one.Address);
        Assert.Equal(51, _engine.Dropped(DropReason.Stun));
        _one.RestartIce(99);
        _engine.Receive(_one.MakeCheck(), _one.Address);
        Assert.Equal(52, _engine.Dropped(DropReason.Stun));
    }
}
