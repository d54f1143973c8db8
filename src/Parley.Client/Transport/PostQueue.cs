namespace Parley.Client.Transport;

/// <summary>What other threads want done on a loop's; in order, and without allocation once it has grown.</summary>
internal sealed class PostQueue
{
    private readonly Lock _lock = new();
    private List<Posted> _waiting = [];
    private List<Posted> _taken = [];
    private bool _ended;

    /// <summary>From any thread; false after the end.</summary>
    public bool TryAdd(Posted posted)
    {
        lock (_lock)
        {
            if (_ended) return false;
            _waiting.Add(posted);
            return true;
        }
    }

    /// <summary>For the loop's thread: all that waits now, which is its own until it calls again.</summary>
    public List<Posted> Take()
    {
        _taken.Clear();
        lock (_lock) (_waiting, _taken) = (_taken, _waiting);
        return _taken;
    }

    /// <summary>Takes nothing any more; what waits may still be taken.</summary>
    public void End()
    {
        lock (_lock) _ended = true;
    }

    /// <param name="Owner">Whose it is: dropped when it has been closed. Null: nobody's.</param>
    /// <param name="Action">Null: only the owner's deadline is to be read.</param>
    internal readonly record struct Posted(MediaLoopRegistration? Owner, Action? Action);
}
