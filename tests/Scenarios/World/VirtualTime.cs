namespace Parley.Scenarios.World;

/// <summary>A clock that jumps from event to event; events of the same time run in the order they were asked for.</summary>
internal sealed class VirtualTime
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private long _order;

    public TimeSpan Now { get; private set; }

    public void At(TimeSpan at, Action action) => _events.Enqueue(action, (at < Now ? Now : at, _order++));

    public void Every(TimeSpan interval, TimeSpan first, Action action) => At(first, () =>
    {
        action();
        Every(interval, first + interval, action);
    });

    /// <summary>Runs everything up to and including this time; <paramref name="deadline"/> is the engine's own next wish.</summary>
    public void RunUntil(TimeSpan end, Func<TimeSpan> deadline, Action onDeadline)
    {
        while (true)
        {
            var next = _events.TryPeek(out _, out var key) ? key.At : TimeSpan.MaxValue;
            var due = deadline();
            if (next > end && due > end) break;
            if (due < next)
            {
                Now = due < Now ? Now : due;
                onDeadline();
                continue;
            }

            Now = next;
            _events.Dequeue()();
        }

        Now = end;
    }
}
