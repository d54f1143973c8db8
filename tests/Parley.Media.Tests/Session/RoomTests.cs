using Parley.Media.Session;
using Parley.Media.Tests.Forwarding;

namespace Parley.Media.Tests.Session;

/// <summary>Who can reach whom, and coming and going.</summary>
public sealed class RoomTests
{
    private readonly TestEngine _engine = new();
    private readonly Room _room;

    public RoomTests() => _room = _engine.Engine.OpenRoom();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_wish_reaches_into_another_room(bool cameraFirst)
    {
        var elsewhere = _engine.Engine.OpenRoom();
        var (here, there) = (new TestPeer(_engine, _room, 1), new TestPeer(_engine, elsewhere, 2));
        if (!cameraFirst) here.Watch(there);
        there.Film(7_000, key: true);
        if (cameraFirst) here.Watch(there);
        for (var i = 1; i < 10; i++) there.Film(7_000 + i, key: true);

        Assert.Empty(here.Read().Rtp);
        Assert.Empty(_engine.Shown);
    }

    [Fact]
    public void A_wish_is_kept_until_its_source_begins()
    {
        var (viewer, sender) = (new TestPeer(_engine, _room, 1), new TestPeer(_engine, _room, 2));
        viewer.Watch(sender);
        sender.Film(7_000, key: true);
        Assert.Equal(1, viewer.Read().CountOf(viewer.Slot(0)));
        Assert.Equal((viewer.Connection, "s0", sender.Connection, VideoKind.Camera), Assert.Single(_engine.Shown));
    }

    [Fact]
    public void A_camera_that_is_not_wished_for_is_not_sent()
    {
        var (viewer, sender) = (new TestPeer(_engine, _room, 1), new TestPeer(_engine, _room, 2));
        sender.Film(7_000, key: true);
        sender.Film(7_001, key: true, ssrc: sender.Screen, mid: "2");
        viewer.Watch(sender);
        sender.Film(7_002, key: true, ssrc: sender.Screen);
        Assert.Empty(viewer.Read().Rtp);
    }

    [Fact]
    public void A_new_offer_only_adds_slots()
    {
        var (viewer, sender) = (new TestPeer(_engine, _room, 1, slots: 1), new TestPeer(_engine, _room, 2));
        viewer.Watch(sender);
        sender.Film(7_000, key: true);
        viewer.Connection.Apply(viewer.Media(TestPeer.MaxSlots));
        sender.Film(7_001);
        Assert.Equal(2, viewer.Read().CountOf(viewer.Slot(0)));

        viewer.Watch(sender, sender);
        sender.Film(7_002, key: true);
        var received = viewer.Read();
        Assert.Equal((1, 1), (received.CountOf(viewer.Slot(0)), received.CountOf(viewer.Slot(1))));
        Assert.True(viewer.Connection.HasSlot("s2"));
        Assert.False(viewer.Connection.HasSlot("s3"));
    }

    [Fact]
    public void Who_leaves_is_seen_by_nobody_and_the_others_go_on()
    {
        var people = Enumerable.Range(1, 3).Select(i => new TestPeer(_engine, _room, i)).ToArray();
        foreach (var person in people) person.Watch([.. people.Where(other => other != person)]);
        foreach (var person in people) person.Film(7_000, key: true);
        _engine.Shown.Clear();
        _room.Remove(people[0].Connection);
        _room.Remove(people[0].Connection);

        Assert.Equal(
            [(people[1].Connection, "s0", null), (people[2].Connection, "s0", null)],
            _engine.Shown.OrderBy(shown => shown.Viewer == people[1].Connection ? 0 : 1).Select(shown => (shown.Viewer, shown.Mid, shown.Source)));
        foreach (var person in people) person.Read();
        people[0].Film(7_001);
        people[0].Check();
        people[1].Film(7_001);
        Assert.Equal(1, people[2].Read().CountOf(people[2].Slot(1)));
        Assert.Empty(people[0].Read().Rtp);
        Assert.Equal(1, _engine.Dropped(DropReason.UnknownAddress));
        Assert.Equal(1, _engine.Dropped(DropReason.Stun));
        _engine.Run(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_wish_for_who_has_left_pauses_the_slot()
    {
        var (viewer, first, second) = (new TestPeer(_engine, _room, 1), new TestPeer(_engine, _room, 2), new TestPeer(_engine, _room, 3));
        viewer.Watch(first);
        first.Film(7_000, key: true);
        second.Film(7_000, key: true);
        _room.Remove(second.Connection);
        viewer.Watch(second);
        Assert.Equal((viewer.Connection, "s0", null, VideoKind.Camera), _engine.Shown[^1]);
        first.Film(7_001);
        Assert.Equal(1, viewer.Read().CountOf(viewer.Slot(0)));
    }

    [Fact]
    public void A_video_that_is_off_is_dropped_and_a_screen_is_not()
    {
        var (viewer, sender) = (new TestPeer(_engine, _room, 1), new TestPeer(_engine, _room, 2));
        viewer.Connection.SetView([new SlotWish("s0", sender.Connection, VideoKind.Camera), new SlotWish("s1", sender.Connection, VideoKind.Screen)]);
        sender.Connection.SetSending(audio: true, camera: false, screen: true);
        sender.Film(7_000, key: true);
        sender.Film(7_000, key: true, ssrc: sender.Screen, mid: "2");
        var received = viewer.Read();
        Assert.Equal((0, 1), (received.CountOf(viewer.Slot(0)), received.CountOf(viewer.Slot(1))));

        sender.Connection.SetSending(audio: true, camera: true, screen: true);
        sender.Film(7_001);
        Assert.Equal(1, sender.Read().KeyframeRequestsFor(sender.Camera));
        sender.Film(7_002, key: true);
        Assert.Equal(1, viewer.Read().CountOf(viewer.Slot(0)));
    }

    [Fact]
    public void Everything_asked_of_a_connection_that_has_ended_is_nothing()
    {
        var peer = new TestPeer(_engine, _room, 1);
        _room.Close();
        peer.SetKeys();
        peer.Connection.Apply(peer.Media(TestPeer.MaxSlots));
        peer.Watch(peer);
        peer.Connection.SetSending(audio: true, camera: true, screen: true);
        peer.Connection.Dispose();
        peer.Film(7_000, key: true);
        _engine.Run(TimeSpan.FromMinutes(1));
        _room.Audio.Tick(_engine.Now);
        _room.Audio.Dispose();
        Assert.Empty(_engine.Shown);
        Assert.Empty(_room.Connections);
    }

    [Fact]
    public void Every_page_of_packets_goes_back_when_a_room_closes()
    {
        var people = Enumerable.Range(1, 3).Select(i => new TestPeer(_engine, _room, i)).ToArray();
        foreach (var person in people) person.Watch(people);
        for (var i = 0; i < 50; i++)
        {
            foreach (var person in people)
            {
                person.Film(7_000 + i, key: i == 0);
                person.Film(7_000 + i, key: i == 0, ssrc: person.Number % 2 == 0 ? person.Screen : 90u + (uint)(i / 10), mid: "2");
            }
        }

        // A page at least for each camera and each screen.
        Assert.True(_engine.Engine.PacketPages.InUse >= 6);
        _room.Close();
        Assert.Equal(0, _engine.Engine.PacketPages.InUse);
    }
}
