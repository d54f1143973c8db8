namespace Parley.Media.Turn;

/// <summary>Counts allocations by user and by client address.</summary>
internal sealed class TurnQuota(TurnServerOptions options)
{
    private readonly Dictionary<string, int> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<UInt128, int> _sources = [];

    /// <summary>Takes one for both; false when either has all it may have, and then takes none.</summary>
    public bool TryTake(string user, TransportAddress client)
    {
        var source = SourceNetwork.Of(client);
        if (_users.GetValueOrDefault(user) >= options.AllocationsPerUser
            || _sources.GetValueOrDefault(source) >= options.AllocationsPerAddress)
        {
            return false;
        }

        _users[user] = _users.GetValueOrDefault(user) + 1;
        _sources[source] = _sources.GetValueOrDefault(source) + 1;
        return true;
    }

    /// <summary>Gives one back.</summary>
    public void Return(string user, TransportAddress client)
    {
        Return(_users, user);
        Return(_sources, SourceNetwork.Of(client));
    }

    private static void Return<T>(Dictionary<T, int> counts, T key)
        where T : notnull
    {
        if (--counts[key] == 0)
        {
            counts.Remove(key);
        }
    }
}
