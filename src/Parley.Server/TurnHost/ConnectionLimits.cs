using Parley.Media;
using Parley.Media.Turn;

namespace Parley.Server.TurnHost;

/// <summary>How many connections there are, and of whom; for any thread.</summary>
internal sealed class ConnectionLimits(int most, int mostPerAddress)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, int> _byAddress = [];
    private int _count;

    /// <summary>Connections at this moment.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes one in; false when there are too many.</summary>
    public bool TryAdd(TransportAddress client)
    {
        var network = SourceNetwork.Of(client);
        lock (_lock)
        {
            var present = _byAddress.GetValueOrDefault(network);
            if (_count >= most || present >= mostPerAddress) return false;
            _byAddress[network] = present + 1;
            _count++;
            return true;
        }
    }

    /// <summary>One is over.</summary>
    public void Remove(TransportAddress client)
    {
        var network = SourceNetwork.Of(client);
        lock (_lock)
        {
            _count--;
            if (--_byAddress[network] == 0) _byAddress.Remove(network);
        }
    }
}
