using System.Security.Cryptography;
using Parley.Server.Meetings;
using Parley.Server.Records;

namespace Parley.Server.Access;

/// <summary>
/// The admin's password: that of the settings (<c>Parley:Admin:Password</c>), or else one that is made at the first start, said once on the console, and of
/// which a derived key is kept.
/// </summary>
internal sealed class AdminPassword(IRecordTables tables, AdminOptions options) : IDisposable
{
    public const int Shortest = 12, Longest = 200;

    private const string Row = "adminPassword";

    /// <summary>Some 100 ms, as OWASP's password storage sheet advises for PBKDF2 with SHA-256.</summary>
    private static readonly DerivedKey s_key = new(iterations: 600_000);

    /// <summary>However many guess at once, they take one core at most.</summary>
    private readonly SemaphoreSlim _oneAtATime = new(1);

    private readonly byte[]? _set = options.Password.Length > 0 ? Secret.Hash(options.Password) : null;
    private volatile byte[]? _kept;

    /// <summary>It is in the settings, and only there it can be changed.</summary>
    public bool IsSet => _set is not null;

    /// <summary>Reads what is kept, and makes a password where there is none.</summary>
    /// <returns>The new password, to be said once, or null.</returns>
    public async Task<string?> LoadAsync()
    {
        if (IsSet) return null;
        _kept = await tables.ReadSecretAsync(Row);
        return _kept is null ? await RenewAsync() : null;
    }

    /// <summary>Makes a new one in the place of the old.</summary>
    public async Task<string> RenewAsync()
    {
        // Five groups of five out of thirty: 122 bits that can be typed.
        var password = string.Join('-', Enumerable.Range(0, 5).Select(_ => RandomNumberGenerator.GetString("abcdefghjkmnpqrstvwxyz23456789", 5)));
        await ChangeAsync(password);
        return password;
    }

    public async Task ChangeAsync(string password)
    {
        var hash = s_key.Hash(password);
        await tables.WriteSecretAsync(Row, hash);
        _kept = hash;
    }

    /// <summary>Takes as long for a wrong one as for the right one.</summary>
    public async Task<bool> MatchesAsync(string? presented, CancellationToken cancellation)
    {
        if (presented is not { Length: > 0 and <= Longest }) return false;
        if (_set is not null) return CryptographicOperations.FixedTimeEquals(Secret.Hash(presented), _set);
        if (_kept is not { } kept) return false;
        await _oneAtATime.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => s_key.Matches(presented, kept), CancellationToken.None);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();
}
