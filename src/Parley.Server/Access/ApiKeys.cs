using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Parley.Protocol;
using Parley.Server.Meetings;
using Parley.Server.Records;
using Parley.Server.Signalling;

namespace Parley.Server.Access;

/// <summary>
/// The keys of programs: <c>parley_ID_SECRET</c>, of which the id finds the key and the hash of all of it proves it. All are in memory, so that a request costs no
/// look-up, and on disk before they count.
/// </summary>
internal sealed class ApiKeys(IRecordTables tables, ParleyOptions options, TimeProvider time) : IDisposable
{
    public const int Most = 200;

    private const string Start = "parley_", IdCharacters = "abcdefghjkmnpqrstvwxyz23456789";
    private const int IdLength = 8;

    /// <summary>Exact enough to see which key nobody needs any more, and no write for every request.</summary>
    private static readonly TimeSpan UseGrain = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, KnownKey> _keys = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changing = new(1);

    /// <summary>Whether this looks like one of ours: no other secret of Parley's does.</summary>
    public static bool IsKey(string secret) => secret.StartsWith(Start, StringComparison.Ordinal);

    public IReadOnlyList<ApiKey> List() => [.. _keys.Values.Select(key => key.Seen).OrderBy(key => key.CreatedAt).ThenBy(key => key.Id, StringComparer.Ordinal)];

    public async Task LoadAsync()
    {
        foreach (var row in await tables.ReadAsync(db => db.ApiKeys.ToListAsync())) Keep(row);
    }

    /// <returns>Who shows this key, or null when it is wrong, revoked or expired.</returns>
    public Caller? Find(string presented)
    {
        if (presented.Length < Start.Length + IdLength || !_keys.TryGetValue(presented.Substring(Start.Length, IdLength), out var key)) return null;
        var now = time.GetUtcNow();
        if (!Secret.Matches(presented, key.Row.Hash) || now >= key.Row.ExpiresAt) return null;
        if (key.TryUse(now, UseGrain)) _ = NoteUseAsync(key.Row.Id, now);
        return key.Caller;
    }

    /// <param name="name">Clean.</param>
    public async Task<Reply<ApiKeyCreated>> CreateAsync(string name, Scopes scopes, DateTimeOffset? expiresAt)
    {
        await _changing.WaitAsync();
        try
        {
            if (_keys.Count >= Most) return Refusal.RequestInvalid($"There are {Most} keys already. Revoke one that nobody uses.").As<ApiKeyCreated>();
            var id = RandomNumberGenerator.GetString(IdCharacters, IdLength);
            var key = Start + id + "_" + Secret.Create();
            var row = new ApiKeyRow { Id = id, Name = name, Hash = Secret.Hash(key), Scopes = (int)scopes, CreatedAt = time.GetUtcNow(), ExpiresAt = expiresAt };
            await tables.WriteAsync(db => db.ApiKeys.Add(row));
            return new Reply<ApiKeyCreated>(new ApiKeyCreated(key, Keep(row).Seen), null);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <returns>Whether there was one.</returns>
    public async Task<bool> RevokeAsync(string id)
    {
        await _changing.WaitAsync();
        try
        {
            if (!_keys.ContainsKey(id)) return false;
            await tables.WriteAsync(db => db.ApiKeys.Where(key => key.Id == id).ExecuteDelete());
            return _keys.TryRemove(id, out _);
        }
        finally
        {
            _changing.Release();
        }
    }

    public void Dispose() => _changing.Dispose();

    private KnownKey Keep(ApiKeyRow row)
    {
        var caller = new Caller(row.Id, row.Name, ScopeNames.OfKept(row.Scopes), new TokenBucket(options.Rates.Keys, time), new TokenBucket(options.Rates.Chat, time));
        return _keys[row.Id] = new KnownKey(row, caller);
    }

    private async Task NoteUseAsync(string id, DateTimeOffset at)
    {
        try
        {
            await tables.WriteAsync(db => db.ApiKeys.Where(key => key.Id == id).ExecuteUpdate(key => key.SetProperty(k => k.LastUsedAt, at)));
        }
        catch (RecordsUnavailableException)
        {
            // The request does not depend on it, and the log has said that nothing can be written.
        }
    }

    private sealed class KnownKey(ApiKeyRow row, Caller caller)
    {
        private long _usedAt = row.LastUsedAt?.ToUnixTimeMilliseconds() ?? 0;

        public ApiKeyRow Row => row;

        public Caller Caller => caller;

        public ApiKey Seen
        {
            get
            {
                var used = Interlocked.Read(ref _usedAt);
                return new ApiKey(
                    row.Id, row.Name, Start + row.Id, ScopeNames.Split(caller.Scopes), row.CreatedAt, row.ExpiresAt,
                    used == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(used));
            }
        }

        /// <returns>Whether the time of use is worth writing.</returns>
        public bool TryUse(DateTimeOffset at, TimeSpan grain)
        {
            var (before, now) = (Interlocked.Read(ref _usedAt), at.ToUnixTimeMilliseconds());
            return now - before >= grain.TotalMilliseconds && Interlocked.CompareExchange(ref _usedAt, now, before) == before;
        }
    }
}
