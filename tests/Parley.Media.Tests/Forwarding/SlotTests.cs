using Parley.Media.Congestion;
using Parley.Media.Forwarding;
using Parley.Media.Rtp;

namespace Parley.Media.Tests.Forwarding;

public sealed class SlotTests
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(33);

    private readonly FakeCamera _one = new(1, 65_530, uint.MaxValue - 4_000, 32_765);
    private readonly FakeCamera _two = new(2, 100_000, 5);
    private readonly SlotHarness _viewer = new();
    private TimeSpan _now;

    [Fact]
    public void A_source_takes_over_only_with_a_keyframe()
    {
        _viewer.Slot.Show(_one.Source);
        Film(_one);
        Assert.Empty(_viewer.Received);
        Assert.Null(_viewer.Slot.Shown);

        Film(_one, key: true);
        Assert.Equal(2, _viewer.Received.Count);
        Assert.Same(_one.Source, _viewer.Slot.Shown);
        Assert.Equal([_one.Source], _viewer.Told);
    }

    [Fact]
    public void The_source_before_goes_on_until_the_keyframe_of_the_next()
    {
        _viewer.Slot.Show(_one.Source);
        Film(_one, key: true);
        _viewer.Slot.Show(_two.Source);
        Film(_two);
        Film(_one);
        Assert.Equal(4, _viewer.Received.Count);
        Assert.Equal([_one.Source], _viewer.Told);

        Film(_two, key: true);
        Film(_one);
        Film(_two);
        Assert.Equal(8, _viewer.Received.Count);
        Assert.Equal([_one.Source, _two.Source], _viewer.Told);
        _viewer.AssertNoHole();
    }

    [Fact]
    public void Until_the_keyframe_comes_it_is_asked_for_again_and_again()
    {
        _viewer.Slot.Show(_one.Source);
        var asked = 0;
        for (var i = 0; i < 40; i++)
        {
            Film(_one);
            if (_one.Encoding.TryTakeKeyframeRequest(_now)) asked++;
        }

        Assert.InRange(asked, 4, 5);
        Film(_one, key: true);
        _now += TimeSpan.FromSeconds(1);
        Assert.False(_one.Encoding.TryTakeKeyframeRequest(_now));
    }

    [Fact]
    public void What_overtook_the_start_of_the_keyframe_follows_it_at_once()
    {
        _viewer.Slot.Show(_one.Source);
        var keyframe = _one.Frame(key: true, packets: 5);
        var next = _one.Frame(key: false);
        _one.Deliver(keyframe[1..], _now);
        _one.Deliver(next, _now);
        Assert.Empty(_viewer.Received);

        _one.Deliver(keyframe[..1], _now);
        Assert.Equal(7, _viewer.Received.Count);
        _viewer.AssertNoHole();
        Film(_one);
        _viewer.AssertNoHole();
        Assert.Equal(9, _viewer.Received.Count);
    }

    [Fact]
    public void A_paused_slot_sends_nothing_and_says_so_once()
    {
        _viewer.Slot.Show(_one.Source);
        Film(_one, key: true);
        _viewer.Slot.Show(null);
        _viewer.Slot.Show(null);
        Film(_one, key: true);
        Assert.Equal(2, _viewer.Received.Count);
        Assert.Equal([_one.Source, null], _viewer.Told);

        _viewer.Slot.Show(_one.Source);
        Film(_one);
        Assert.Equal(2, _viewer.Received.Count);
        Film(_one, key: true);
        Assert.Equal(4, _viewer.Received.Count);
        _viewer.AssertNoHole();
    }

    [Fact]
    public void Showing_again_what_is_shown_changes_nothing()
    {
        _viewer.Slot.Show(_one.Source);
        _viewer.Slot.Show(_one.Source);
        Film(_one, key: true);
        _viewer.Slot.Show(_one.Source);
        Film(_one);
        _viewer.Slot.Show(_two.Source);
        _viewer.Slot.Show(_one.Source);
        Film(_two, key: true);
        Film(_one);

        Assert.Equal(6, _viewer.Received.Count);
        Assert.Equal([_one.Source], _viewer.Told);
        _viewer.AssertNoHole();
    }

    [Fact]
    public void Before_there_are_keys_nothing_goes_out_and_the_keyframe_is_not_spent()
    {
        var viewer = new SlotHarness(open: false);
        viewer.Slot.Show(_one.Source);
        Film(_one, key: true);
        Assert.Equal(0, viewer.Datagrams);
        Assert.False(viewer.Retransmit(5, _now));

        viewer.Down.Open(viewer.Keys);
        Film(_one);
        Assert.True(_one.Encoding.TryTakeKeyframeRequest(_now));
        Film(_one, key: true);
        Assert.Equal(2, viewer.Received.Count);
    }

    [Fact]
    public void Retransmits_the_same_bytes_and_not_more_than_the_budget()
    {
        _viewer.Slot.Show(_one.Source);
        Film(_one, key: true);
        var sequence = _viewer.Sequences[0];
        var sent = 0;
        for (var i = 0; i < 5_000; i++) sent += _viewer.Retransmit(sequence, _now) ? 1 : 0;
        Assert.Equal(500, sent);
        Assert.Equal(2, _viewer.Received.Count);
        Assert.Equal(502, _viewer.Datagrams);
        Assert.Equal(2u, _viewer.Slot.PacketCount);

        _now += TimeSpan.FromSeconds(1);
        Assert.True(_viewer.Retransmit(sequence, _now));
        Assert.False(_viewer.Retransmit((ushort)(sequence + 100), _now));
        Assert.False(_viewer.Retransmit((ushort)(sequence - 1), _now));
    }

    [Fact]
    public void A_source_that_was_off_comes_back_with_a_keyframe_and_without_a_hole()
    {
        _viewer.Slot.Show(_one.Source);
        Film(_one, key: true);
        _one.Source.Enabled = false;
        Film(_one);
        Assert.False(_one.Encoding.TryTakeKeyframeRequest(_now));
        _one.Source.Enabled = true;
        Film(_one);
        Assert.Equal(2, _viewer.Received.Count);
        Assert.True(_one.Encoding.TryTakeKeyframeRequest(_now));

        Film(_one, key: true);
        Film(_one);
        Assert.Equal(6, _viewer.Received.Count);
        _viewer.AssertNoHole();
        Assert.Equal([_one.Source], _viewer.Told);
    }

    /// <summary>What was dropped while the source was off is missing, whatever the slot was asked to show meanwhile.</summary>
    [Fact]
    public void A_source_that_was_off_needs_a_keyframe_even_when_another_is_awaited()
    {
        _viewer.Slot.Show(_one.Source);
        Film(_one, key: true);
        _viewer.Slot.Show(_two.Source);
        _one.Source.Enabled = false;
        Film(_one);
        _one.Source.Enabled = true;
        Film(_one);
        Assert.Equal(2, _viewer.Received.Count);

        Film(_one, key: true);
        Assert.Equal(4, _viewer.Received.Count);
        Film(_two, key: true);
        Assert.Equal([_one.Source, _two.Source], _viewer.Told);
        _viewer.AssertNoHole();
    }

    [Fact]
    public void A_change_of_mind_does_not_spare_the_keyframe()
    {
        _viewer.Slot.Show(_one.Source);
        Film(_one, key: true);
        _one.Source.Enabled = false;
        Film(_one);
        _one.Source.Enabled = true;
        _viewer.Slot.Show(_two.Source);
        Film(_one);
        _viewer.Slot.Show(_one.Source);
        Film(_one);
        Assert.Equal(2, _viewer.Received.Count);

        Film(_one, key: true);
        _viewer.AssertNoHole();
        Assert.Equal(4, _viewer.Received.Count);
    }

    /// <summary>A hole that no retransmission can fill: a viewer's SRTP would lose count of a sender that jumps (RFC 3711 §3.3.1).</summary>
    [Theory]
    [InlineData(600)]
    [InlineData(30_000)]
    public void A_jump_of_the_source_is_not_passed_on(int packets)
    {
        _viewer.Slot.Show(_one.Source);
        Film(_one, key: true);
        for (var i = 0; i < 5; i++)
        {
            _one.Skip(packets);
            Film(_one);
        }

        Assert.Equal(2, _viewer.Received.Count);
        Assert.True(_one.Encoding.TryTakeKeyframeRequest(_now));
        Film(_one, key: true);
        Assert.Equal(4, _viewer.Received.Count);
        _viewer.AssertNoHole();
    }

    [Fact]
    public void A_hole_that_can_be_filled_is_passed_on_and_filled()
    {
        _viewer.Slot.Show(_one.Source);
        Film(_one, key: true);
        var lost = _one.Frame(key: false, packets: 200);
        Film(_one);
        Assert.Equal(4, _viewer.Received.Count);

        _one.Deliver(lost, _now);
        Assert.Equal(204, _viewer.Received.Count);
        Assert.Equal(204, _viewer.Sequences.Distinct().Count());
        var first = _viewer.Sequences[0];
        Assert.Equal(203, _viewer.Sequences.Max(sequence => (ushort)(sequence - first)));
    }

    [Fact]
    public void A_source_that_ends_leaves_every_slot_that_shows_or_awaits_it()
    {
        var others = Enumerable.Range(0, 4).Select(_ => new SlotHarness()).ToList();
        foreach (var other in others) other.Slot.Show(_one.Source);
        Film(_one, key: true);
        _viewer.Slot.Show(_two.Source);
        Film(_two, key: true);
        _viewer.Slot.Show(_one.Source);
        _one.Source.End();

        foreach (var other in others)
        {
            Assert.Null(other.Slot.Shown);
            Assert.Equal([_one.Source, null], other.Told);
            Assert.False(other.Retransmit(other.Sequences[0], _now));
        }

        Assert.Same(_two.Source, _viewer.Slot.Shown);
        Film(_two);
        Assert.Equal(4, _viewer.Received.Count);
        Assert.Equal([_two.Source], _viewer.Told);
    }

    [Fact]
    public void A_keyframe_far_behind_what_has_come_since_is_nobodys_beginning()
    {
        _viewer.Slot.Show(_one.Source);
        var keyframe = _one.Frame(key: true);
        _one.Skip(30_000);
        Film(_one);
        _one.Deliver(keyframe, _now);

        Assert.Empty(_viewer.Received);
    }

    [Fact]
    public void Repairs_have_half_of_what_the_path_bears_and_no_more_than_half_a_second_of_it_is_saved()
    {
        _viewer.Down.Estimate(5, new BandwidthOptions(30_000, 30_000, 1_000_000));
        _viewer.Slot.Show(_one.Source);
        _now = TimeSpan.FromSeconds(10);
        Film(_one, key: true);
        var sequence = _viewer.Sequences[0];
        var budget = 0.5 * 30_000 / 8 * 0.5;
        var most = (int)(budget / _viewer.Slot.Stream.LengthOf(_viewer.Slot.Stream.TryFindSent(sequence, out var sent) ? sent : 0, _now)) + 1;

        Assert.Equal(most, Enumerable.Range(0, 500).Count(_ => _viewer.Retransmit(sequence, _now)));

        _now += TimeSpan.FromMilliseconds(400);
        Assert.True(_viewer.Retransmit(sequence, _now));
    }

    [Fact]
    public void On_a_narrow_path_nothing_from_before_the_last_keyframe_is_repaired()
    {
        _viewer.Slot.Show(_one.Source);
        Film(_one, key: true);
        var before = _viewer.Sequences[0];
        _viewer.Slot.Show(_two.Source);
        Film(_two, key: true);
        Assert.True(_viewer.Retransmit(before, _now));

        _viewer.Slot.Told = (SlotLevel.Reduced, SlotLimit.Bandwidth);
        Assert.False(_viewer.Retransmit(before, _now));
        Assert.True(_viewer.Retransmit(_viewer.Sequences[^1], _now));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(long.MaxValue, true)]
    public void What_costs_more_than_the_path_bears_stops_until_the_smaller_one_takes_over(long bears, bool goesOn)
    {
        var large = new FakeCamera(3, source: _one.Source, number: 1);
        _viewer.Slot.Show(_one.Source);
        Film(_one, key: true);
        Film(large, key: true);
        Assert.Same(large.Encoding, _viewer.Slot.Current);
        _viewer.Slot.Told = (SlotLevel.Reduced, SlotLimit.Bandwidth);
        _viewer.Slot.Aim(_one.Encoding, 0, bears, _now);
        var received = _viewer.Received.Count;

        Film(large);
        Assert.Equal(goesOn, _viewer.Received.Count > received);
        Assert.Equal(goesOn, _viewer.Retransmit(_viewer.Sequences[^1], _now));

        Film(_one, key: true);
        Assert.Same(_one.Encoding, _viewer.Slot.Current);
        Assert.True(_viewer.Retransmit(_viewer.Sequences[^1], _now));
    }

    private void Film(FakeCamera camera, bool key = false)
    {
        _now += Frame;
        camera.Film(_now, key);
    }
}
