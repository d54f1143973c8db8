using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>How the meetings that ended last came to their end, so that a crowd at a closed door costs no disk.</summary>
internal sealed class EndedMeetings
{
    private const int Capacity = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ProtocolError> _why = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public void Add(string id, ProtocolError why)
    {
        lock (_lock)
        {
            if (!_why.TryAdd(id, why)) return;
            _order.Enqueue(id);
            if (_order.Count > Capacity) _why.Remove(_order.Dequeue());
        }
    }

    /// <summary>Its place in the order stays, which does no harm: an id is never given twice.</summary>
    public void Remove(string id)
    {
        lock (_lock) _why.Remove(id);
    }

    public ProtocolError? Find(string id)
    {
        lock (_lock) return _why.GetValueOrDefault(id);
    }
}
