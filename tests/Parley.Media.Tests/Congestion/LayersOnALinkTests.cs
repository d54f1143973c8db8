using Parley.Media.Congestion;

namespace Parley.Media.Tests.Congestion;

/// <summary>Estimator and allocator together: what is sent are layers, in steps (issue 5, done when 4).</summary>
public sealed class LayersOnALinkTests(ITestOutputHelper output)
{
    private static readonly long[] Camera = [70_000, 100_000, 140_000, 270_000, 350_000, 450_000, 1_000_000, 1_300_000, 1_700_000];

    private readonly List<(TimeSpan At, int Rung)> _rungs = [];

    private ClosedLoop Meeting(long capacity, int seed)
    {
        var allocator = new BitrateAllocator();
        var allocations = new SlotAllocation[1];
        var slots = new[] { new SlotDemand(1, SlotImportance.Speaker, 1280 * 720, new LayerLadder(Camera), 8) };
        var loop = new ClosedLoop(capacity, seed) { Estimator = { Wanted = Camera[^1] } };
        var meeting = loop;
        loop.Media = target =>
        {
            allocator.Allocate(target, slots, allocations, meeting.Now);
            var rung = allocations[0].Rung;
            if (_rungs.Count == 0 || _rungs[^1].Rung != rung)
            {
                _rungs.Add((meeting.Now, rung));
                output.WriteLine($"{meeting.Now.TotalSeconds,6:F2} s: rung {rung}, target {target / 1000} kb/s");
            }

            return rung < 0 ? 0 : Camera[rung];
        };
        return loop;
    }

    private int ChangesSince(TimeSpan time) => _rungs.Count(r => r.At >= time);

    [Theory]
    [InlineData(1, 15)]
    [InlineData(2, 30)]
    [InlineData(3, 60)]
    public void The_right_layer_is_sent_two_seconds_after_a_drop_and_ten_after_its_end_and_it_does_not_swing(int seed, int narrowFor)
    {
        var loop = Meeting(2_500_000, seed);
        loop.Run(5);
        Assert.Equal(8, _rungs[^1].Rung);
        loop.Down.Rate = 300_000;
        loop.Run(2);
        Assert.InRange(_rungs[^1].Rung, 0, 3);
        loop.Run(3);
        var calm = loop.Now;
        loop.Run(narrowFor - 5);
        Assert.InRange(_rungs[^1].Rung, 1, 3);
        Assert.InRange(ChangesSince(calm), 0, 1 + narrowFor / 6);
        loop.Down.Rate = 2_500_000;
        loop.Run(10);
        Assert.InRange(_rungs[^1].Rung, 7, 8);
        calm = loop.Now;
        loop.Run(60);
        Assert.Equal(8, _rungs[^1].Rung);
        Assert.InRange(ChangesSince(calm), 0, 1);
    }

    [Theory]
    [InlineData(0.1, 0)]
    [InlineData(0.02, 0)]
    [InlineData(0, 15)]
    public void A_bad_radio_does_not_make_it_swing(double loss, int jitter)
    {
        var loop = Meeting(3_000_000, 1);
        loop.Down.Loss = loop.Up.Loss = loss;
        loop.Down.Jitter = TimeSpan.FromMilliseconds(jitter);
        loop.Run(30);
        var calm = loop.Now;
        Assert.InRange(_rungs[^1].Rung, 6, 8);
        loop.Run(120);

        Assert.InRange(_rungs.Where(r => r.At >= calm).Select(r => r.Rung).DefaultIfEmpty(8).Min(), 5, 8);
        Assert.InRange(ChangesSince(calm), 0, 8);
    }
}
