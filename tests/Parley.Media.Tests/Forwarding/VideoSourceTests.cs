using Parley.Media.Rtp;

namespace Parley.Media.Tests.Forwarding;

public sealed class VideoSourceTests
{
    [Fact]
    public void Every_page_of_packets_goes_back_when_the_source_ends()
    {
        var camera = new FakeCamera(1);
        var viewer = new SlotHarness();
        viewer.Slot.Show(camera.Source);
        for (var i = 0; i < 100; i++) camera.Film(TimeSpan.FromMilliseconds(33 * i), key: i == 0, packets: 3);

        Assert.NotEqual(0, camera.Memory.InUse);
        camera.Source.End();
        Assert.Equal(0, camera.Memory.InUse);
    }

    [Fact]
    public void Asks_again_for_what_is_missing_but_for_nothing_before_a_keyframe()
    {
        var camera = new FakeCamera(1);
        var now = TimeSpan.Zero;
        camera.Film(now, key: true);
        camera.Skip(2);
        camera.Film(now);
        Assert.Equal(NackGenerator.ReorderingTolerance, camera.Encoding.NextDeadline);
        Span<ushort> lost = stackalloc ushort[8];
        now = camera.Encoding.NextDeadline;
        Assert.Equal(2, camera.Encoding.CollectNacks(now, TimeSpan.FromMilliseconds(50), lost));
        Assert.Equal((ushort)(camera.Sequence - 3), lost[0]);

        camera.Skip(3);
        camera.Film(now, key: true);
        Assert.Equal(TimeSpan.MaxValue, camera.Encoding.NextDeadline);
    }

    [Fact]
    public void A_source_that_is_off_is_not_asked_for_anything()
    {
        var camera = new FakeCamera(1);
        camera.Film(TimeSpan.Zero, key: true);
        camera.Source.Enabled = false;
        camera.Skip(5);
        camera.Film(TimeSpan.Zero);
        camera.Source.WantKeyframe();

        Assert.Equal(TimeSpan.MaxValue, camera.Encoding.NextDeadline);
        Assert.False(camera.Encoding.TryTakeKeyframeRequest(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Reports_what_was_lost_on_the_way_up_even_while_it_is_off()
    {
        var camera = new FakeCamera(7);
        camera.Film(TimeSpan.Zero, key: true);
        camera.Source.Enabled = false;
        camera.Skip(2);
        camera.Film(TimeSpan.Zero);

        Assert.True(camera.Encoding.HasNews);
        var block = camera.Encoding.BuildReportBlock(TimeSpan.Zero);
        Assert.Equal((7u, 2, (byte)(2 * 256 / 6)), (block.Ssrc, block.CumulativeLost, block.FractionLost));
        Assert.False(camera.Encoding.HasNews);
    }
}
