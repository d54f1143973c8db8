using CsCheck;
using Parley.Media.Rtp;

namespace Parley.Media.Tests.Rtp;

public sealed class NackGeneratorTests
{
    private static readonly TimeSpan Rtt = Ms(50);

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static ushort[] Collect(NackGenerator generator, TimeSpan now, int room = 1000)
    {
        Span<ushort> lost = stackalloc ushort[room];
        return lost[..generator.CollectDue(now, Rtt, lost)].ToArray();
    }

    [Fact]
    public void Asks_for_a_gap_after_the_reordering_tolerance()
    {
        var generator = new NackGenerator();
        generator.OnPacket(100, Ms(0));
        Assert.Equal(TimeSpan.MaxValue, generator.NextDeadline);
        generator.OnPacket(103, Ms(10));

        Assert.Equal(Ms(10) + NackGenerator.ReorderingTolerance, generator.NextDeadline);
        Assert.Empty(Collect(generator, generator.NextDeadline - TimeSpan.FromTicks(1)));
        Assert.Equal([101, 102], Collect(generator, generator.NextDeadline));
    }

    [Fact]
    public void A_reordered_packet_is_not_asked_for()
    {
        var generator = new NackGenerator();
        generator.OnPacket(100, Ms(0));
        generator.OnPacket(102, Ms(1));
        Assert.True(generator.OnPacket(101, Ms(2)));

        Assert.Equal(TimeSpan.MaxValue, generator.NextDeadline);
        Assert.Empty(Collect(generator, Ms(1000)));
        Assert.False(generator.OnPacket(101, Ms(3)));
    }

    [Fact]
    public void Asks_again_after_a_round_trip_and_gives_up_after_ten_tries()
    {
        var generator = new NackGenerator();
        generator.OnPacket(100, Ms(0));
        generator.OnPacket(102, Ms(0));
        for (var i = 0; i < NackGenerator.MaxTries; i++)
        {
            var due = generator.NextDeadline;
            Assert.Equal(NackGenerator.ReorderingTolerance + i * Rtt, due);
            Assert.Equal([101], Collect(generator, due));
            Assert.Empty(Collect(generator, due));
        }

        Assert.Empty(Collect(generator, generator.NextDeadline));
        Assert.Equal(TimeSpan.MaxValue, generator.NextDeadline);
        Assert.Equal(0, generator.MissingCount);
        Assert.Equal(1, generator.GivenUp);
        Assert.False(generator.TakeKeyFrameNeeded());
    }

    [Fact]
    public void A_short_round_trip_does_not_make_it_ask_faster_than_the_minimum()
    {
        var generator = new NackGenerator();
        generator.OnPacket(100, Ms(0));
        generator.OnPacket(102, Ms(0));
        Span<ushort> lost = stackalloc ushort[10];
        var due = generator.NextDeadline;
        generator.CollectDue(due, TimeSpan.Zero, lost);

        Assert.Equal(due + NackGenerator.MinimumRetryInterval, generator.NextDeadline);
    }

    [Fact]
    public void What_does_not_fit_stays_due()
    {
        var generator = new NackGenerator();
        generator.OnPacket(100, Ms(0));
        generator.OnPacket(105, Ms(0));

        Assert.Equal([101, 102], Collect(generator, Ms(5), room: 2));
        Assert.True(generator.NextDeadline <= Ms(5));
        Assert.Equal([103, 104], Collect(generator, Ms(5), room: 2));
        Assert.Empty(Collect(generator, Ms(5), room: 2));
    }

    [Fact]
    public void Too_large_a_gap_needs_a_key_frame_instead()
    {
        var generator = new NackGenerator(capacity: 10);
        generator.OnPacket(100, Ms(0));
        generator.OnPacket(103, Ms(0));
        generator.OnPacket(112, Ms(0));
        Assert.Equal(10, generator.MissingCount);
        Assert.False(generator.TakeKeyFrameNeeded());

        generator.OnPacket(114, Ms(0));
        Assert.True(generator.TakeKeyFrameNeeded());
        Assert.False(generator.TakeKeyFrameNeeded());
        Assert.Equal(0, generator.MissingCount);
        Assert.Equal(11, generator.GivenUp);
        Assert.Equal(TimeSpan.MaxValue, generator.NextDeadline);

        generator.OnPacket(116, Ms(1));
        Assert.Equal([115], Collect(generator, Ms(100)));
    }

    [Fact]
    public void A_jump_of_any_size_costs_no_more_than_the_capacity()
    {
        var generator = new NackGenerator();
        generator.OnPacket(0, Ms(0));
        generator.OnPacket(long.MaxValue / 2, Ms(0));

        Assert.True(generator.TakeKeyFrameNeeded());
        Assert.Equal(0, generator.MissingCount);
    }

    [Fact]
    public void A_key_frame_makes_what_is_before_it_unwanted()
    {
        var generator = new NackGenerator();
        generator.OnPacket(100, Ms(0));
        generator.OnPacket(105, Ms(0));
        generator.OnPacket(108, Ms(0));
        generator.ForgetBefore(105);

        Assert.Equal([106, 107], Collect(generator, Ms(5)));
        generator.ForgetBefore(107);
        Assert.Equal(1, generator.MissingCount);
        generator.ForgetBefore(1000);
        Assert.Equal(TimeSpan.MaxValue, generator.NextDeadline);
    }

    [Fact]
    public void Asks_for_what_was_never_received_and_for_nothing_else()
    {
        // A stream of 300 packets, each dropped or delayed as the generator of the test says, against a plain set. Every
        // request must be for a packet sent before, not yet received; at the end exactly the dropped ones were asked for.
        var fates = Gen.Frequency((8, Gen.Const(0)), (1, Gen.Const(-1)), (2, Gen.Int[1, 60]));
        Gen.Select(Gen.UShort, fates.Array[300, 300]).Sample((first, fate) =>
        {
            fate[0] = 0;
            fate[^1] = 0;
            var start = 65536L + first;
            var arrivals = Enumerable.Range(0, fate.Length)
                .Where(i => fate[i] >= 0)
                .Select(i => (Sequence: start + i, At: Ms(i * 2 + fate[i])))
                .OrderBy(a => a.At)
                .ToList();
            var unwrapper = new SequenceUnwrapper();
            var generator = new NackGenerator();
            var received = new HashSet<ushort>();
            var asked = new HashSet<ushort>();
            var ends = arrivals[^1].At + TimeSpan.FromSeconds(2);
            var highest = 0L;
            var next = 0;
            for (var now = TimeSpan.Zero; now <= ends; now += Ms(1))
            {
                for (; next < arrivals.Count && arrivals[next].At <= now; next++)
                {
                    var sequence = (ushort)arrivals[next].Sequence;
                    generator.OnPacket(unwrapper.Unwrap(sequence), now);
                    received.Add(sequence);
                    highest = Math.Max(highest, arrivals[next].Sequence);
                }

                foreach (var sequence in Collect(generator, now))
                {
                    Assert.DoesNotContain(sequence, received);
                    Assert.True(SequenceNumbers.IsNewer((ushort)highest, sequence));
                    asked.Add(sequence);
                }
            }

            var dropped = Enumerable.Range(0, fate.Length).Where(i => fate[i] < 0).Select(i => (ushort)(start + i));
            Assert.All(dropped, sequence => Assert.Contains(sequence, asked));
            Assert.Equal(0, generator.MissingCount);
            Assert.Equal(fate.Count(f => f < 0), generator.GivenUp);
        });
    }
}
