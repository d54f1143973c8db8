using CsCheck;
using Parley.Client.Transport;

namespace Parley.Client.Tests.Transport;

public sealed class TimerHeapTests
{
    private static readonly Gen<(int Who, int Deadline)[]> Moves =
        Gen.Select(Gen.Int[0, 30], Gen.Int[-3, 40]).Array[0, 200];

    [Fact]
    public void Gives_whatever_was_set_last_in_order_of_time() => Moves.Sample(moves =>
    {
        using var loop = new MediaLoop("test");
        var registrations = Registrations(loop, 31);
        var heap = new TimerHeap();
        var model = new Dictionary<MediaLoopRegistration, int>();
        foreach (var (who, deadline) in moves)
        {
            // Below 0 stands for three ways of having none.
            switch (deadline)
            {
                case -1:
                    heap.Remove(registrations[who]);
                    model.Remove(registrations[who]);
                    break;
                case -2:
                    heap.Set(registrations[who], TimeSpan.MaxValue);
                    model.Remove(registrations[who]);
                    break;
                case -3 when heap.TryTakeDue(TimeSpan.FromSeconds(20), out var due):
                    Assert.Equal(model.Values.Min(), model[due]);
                    Assert.InRange(model[due], 0, 20);
                    model.Remove(due);
                    break;
                case -3:
                    Assert.DoesNotContain(model.Values, left => left <= 20);
                    break;
                default:
                    heap.Set(registrations[who], TimeSpan.FromSeconds(deadline));
                    model[registrations[who]] = deadline;
                    break;
            }

            Assert.Equal(model.Count, heap.Count);
            Assert.Equal(model.Count == 0 ? TimeSpan.MaxValue : TimeSpan.FromSeconds(model.Values.Min()), heap.Next);
        }

        var taken = new List<int>();
        while (heap.TryTakeDue(TimeSpan.FromSeconds(1_000), out var next)) taken.Add(model[next]);
        Assert.Equal(model.Values.Order(), taken);
        Assert.All(registrations, registration => Assert.Equal(-1, registration.TimerIndex));
    }, iter: 200);

    [Fact]
    public void Moving_deadlines_allocates_nothing()
    {
        using var loop = new MediaLoop("test");
        var registrations = Registrations(loop, 500);
        var heap = new TimerHeap();
        var before = 0L;
        for (var round = 0; round < 20; round++)
        {
            if (round == 10) before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < registrations.Length; i++)
            {
                heap.Set(registrations[i], TimeSpan.FromTicks(i * 7_919 % (997 + round)));
            }

            while (heap.TryTakeDue(TimeSpan.FromTicks(500), out _))
            {
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static MediaLoopRegistration[] Registrations(MediaLoop loop, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new MediaLoopRegistration(loop, new RecordingClient(), isPunctual: false))];
}
