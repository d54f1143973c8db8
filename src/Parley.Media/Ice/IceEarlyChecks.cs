namespace Parley.Media.Ice;

/// <summary>
/// Authentic checks from before the remote credentials were known (RFC 8445 §7.3): answered at once, checked back later.
/// Bounded: of a peer that checks from more places, the first count.
/// </summary>
internal sealed class IceEarlyChecks
{
    public const int Capacity = 16;

    private readonly List<IceEarlyCheck> _checks = new(Capacity);

    public void Note(IceEarlyCheck check)
    {
        for (var i = 0; i < _checks.Count; i++)
        {
            if (_checks[i].Local == check.Local && _checks[i].From == check.From)
            {
                _checks[i] = check with { Nominates = check.Nominates || _checks[i].Nominates };
                return;
            }
        }

        if (_checks.Count < Capacity)
        {
            _checks.Add(check);
        }
    }

    /// <summary>Gives them out, in the order they came.</summary>
    public IceEarlyCheck[] Take()
    {
        var checks = _checks.ToArray();
        _checks.Clear();
        return checks;
    }

    public void Remove(int local) => _checks.RemoveAll(check => check.Local == local);
}

/// <summary>What an authentic check said.</summary>
internal readonly record struct IceEarlyCheck(int Local, TransportAddress From, uint? Priority, bool Nominates);
