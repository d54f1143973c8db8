namespace Parley.Media.Mixing;

/// <summary>
/// Says that something came in one of a meeting's inboxes since the last look, so that a mixer with nothing to do need not look into
/// each of them, and its thread may sleep.
/// </summary>
public sealed class ArrivalFlag
{
    private Action? _onRaised;
    private bool _isRaised;

    /// <summary>Called when the flag goes up, on the thread that raises it: it returns at once and takes no lock that a tick holds.</summary>
    public Action? OnRaised
    {
        set => Volatile.Write(ref _onRaised, value);
    }

    /// <summary>Whether it is up.</summary>
    public bool IsRaised => Volatile.Read(ref _isRaised);

    /// <summary>Network thread: after a packet was written.</summary>
    public void Raise()
    {
        // A whole fence each time: the packet is seen by who takes the flag down, and who sleeps is seen to sleep by who puts it up.
        if (!Interlocked.Exchange(ref _isRaised, true)) Volatile.Read(ref _onRaised)?.Invoke();
    }

    /// <summary>Mixer thread: whether it was raised; down from then on. What was written before is seen after it.</summary>
    public bool Take() => Volatile.Read(ref _isRaised) && Interlocked.Exchange(ref _isRaised, false);
}
