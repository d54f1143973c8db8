namespace Parley.Client.Transport;

/// <summary>
/// The deadlines of a loop's clients, the earliest first: an indexed binary heap, so that a deadline moves in O(log n) and
/// nothing is allocated once it has grown. For the loop's thread alone.
/// </summary>
internal sealed class TimerHeap
{
    private MediaLoopRegistration[] _heap = new MediaLoopRegistration[16];

    /// <summary>How many have a deadline.</summary>
    public int Count { get; private set; }

    /// <summary>The earliest deadline; <see cref="TimeSpan.MaxValue"/> when there is none.</summary>
    public TimeSpan Next => Count > 0 ? _heap[0].Deadline : TimeSpan.MaxValue;

    /// <summary>Gives a registration a deadline, in place of what it has; <see cref="TimeSpan.MaxValue"/> is none.</summary>
    public void Set(MediaLoopRegistration registration, TimeSpan deadline)
    {
        if (deadline == TimeSpan.MaxValue)
        {
            Remove(registration);
            return;
        }

        if (registration.TimerIndex < 0)
        {
            if (Count == _heap.Length) Array.Resize(ref _heap, Count * 2);
            registration.Deadline = deadline;
            Place(registration, Count++);
            Rise(registration);
            return;
        }

        var earlier = deadline < registration.Deadline;
        registration.Deadline = deadline;
        if (earlier) Rise(registration);
        else Sink(registration);
    }

    /// <summary>Takes a registration out, if it is in.</summary>
    public void Remove(MediaLoopRegistration registration)
    {
        var index = registration.TimerIndex;
        if (index < 0) return;
        registration.TimerIndex = -1;
        var last = _heap[--Count];
        _heap[Count] = null!;
        if (last == registration) return;
        Place(last, index);
        Rise(last);
        Sink(last);
    }

    /// <summary>Takes the earliest out if it is due.</summary>
    public bool TryTakeDue(TimeSpan now, out MediaLoopRegistration due)
    {
        due = null!;
        if (Next > now || Count == 0) return false;
        due = _heap[0];
        Remove(due);
        return true;
    }

    private void Rise(MediaLoopRegistration registration)
    {
        while (registration.TimerIndex > 0)
        {
            var index = registration.TimerIndex;
            var parent = _heap[(index - 1) / 2];
            if (parent.Deadline <= registration.Deadline) return;
            Place(registration, parent.TimerIndex);
            Place(parent, index);
        }
    }

    private void Sink(MediaLoopRegistration registration)
    {
        while (true)
        {
            var index = registration.TimerIndex;
            var child = index * 2 + 1;
            if (child >= Count) return;
            if (child + 1 < Count && _heap[child + 1].Deadline < _heap[child].Deadline) child++;
            if (_heap[child].Deadline >= registration.Deadline) return;
            Place(_heap[child], index);
            Place(registration, child);
        }
    }

    private void Place(MediaLoopRegistration registration, int index) =>
        (_heap[index], registration.TimerIndex) = (registration, index);
}
