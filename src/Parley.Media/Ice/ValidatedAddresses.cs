namespace Parley.Media.Ice;

/// <summary>
/// The addresses whose checks were authentic, each with the time of its last one. Bounded: a remote side that checks from
/// ever new ports pushes out those silent for longest, never the selected one.
/// </summary>
internal sealed class ValidatedAddresses
{
    /// <summary>How many are kept; a browser has a few interfaces, and each NAT mapping is one.</summary>
    public const int Capacity = 16;

    private readonly TransportAddress[] _addresses = new TransportAddress[Capacity];
    private readonly TimeSpan[] _lastChecks = new TimeSpan[Capacity];

    public int Count { get; private set; }

    public bool Contains(TransportAddress address) => IndexOf(address) >= 0;

    /// <summary>Notes an authentic check.</summary>
    public void Touch(TransportAddress address, TransportAddress? selected, TimeSpan now)
    {
        var at = IndexOf(address);
        if (at < 0)
        {
            at = Count < Capacity ? Count++ : Oldest(selected);
            _addresses[at] = address;
        }

        _lastChecks[at] = now;
    }

    /// <summary>Forgets those whose last check is at or before the time.</summary>
    public void Expire(TimeSpan lastCheckAtOrBefore)
    {
        for (var i = Count - 1; i >= 0; i--)
        {
            if (_lastChecks[i] <= lastCheckAtOrBefore)
            {
                RemoveAt(i);
            }
        }
    }

    /// <summary>Forgets one, if it is there.</summary>
    public void Remove(TransportAddress address)
    {
        if (IndexOf(address) is >= 0 and var at)
        {
            RemoveAt(at);
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => Count = 0;

    private void RemoveAt(int at)
    {
        Count--;
        _addresses[at] = _addresses[Count];
        _lastChecks[at] = _lastChecks[Count];
    }

    private int IndexOf(TransportAddress address) => Array.IndexOf(_addresses, address, 0, Count);

    private int Oldest(TransportAddress? selected)
    {
        var oldest = -1;
        for (var i = 0; i < Count; i++)
        {
            if (_addresses[i] != selected && (oldest < 0 || _lastChecks[i] < _lastChecks[oldest]))
            {
                oldest = i;
            }
        }

        return oldest;
    }
}
