namespace Parley.Media.Mixing;

/// <summary>
/// Says that something came in one of a meeting's inboxes since the last look, so that a mixer with nothing to do need not look into
/// each of them.
/// </summary>
public sealed class ArrivalFlag
{
    private bool _isRaised;

    /// <summary>Network thread: after a packet was written.</summary>
    public void Raise() => Volatile.Write(ref _isRaised, true);

    /// <summary>Mixer thread: whether it was raised; down from then on. What was written before is seen after it.</summary>
    public bool Take() => Volatile.Read(ref _isRaised) && Interlocked.Exchange(ref _isRaised, false);
}
