using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Parley.Media.Turn;

/// <summary>
/// The secret that credentials are made from, in the way all TURN servers share (draft-uberti-behave-turn-rest): the user name is an
/// expiry and who it is for, the password base64(HMAC-SHA1(secret, user name)). Nothing is kept for those issued.
/// </summary>
public sealed class TurnSecret
{
    /// <summary>How long credentials last unless one says otherwise.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(12);

    /// <summary>The shortest lifetime.</summary>
    public static readonly TimeSpan MinLifetime = TimeSpan.FromMinutes(5);

    /// <summary>The longest lifetime.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(24);

    internal const int KeyLength = 16;

    /// <summary>The longest user name that is looked at.</summary>
    internal const int MaxUsernameLength = 256;

    /// <summary>base64 of 20 bytes.</summary>
    private const int PasswordLength = 28;

    private readonly byte[] _secret;

    /// <param name="secret">Best 32 random bytes or more.</param>
    public TurnSecret(ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfZero(secret.Length);
        _secret = secret.ToArray();
    }

    /// <summary>One of 32 random bytes.</summary>
    public static TurnSecret Create(RandomSource random)
    {
        Span<byte> secret = stackalloc byte[32];
        random.Fill(secret);
        return new TurnSecret(secret);
    }

    /// <summary>Makes credentials.</summary>
    /// <param name="user">Whom they are for: 1–200 bytes in UTF-8.</param>
    /// <param name="utcNow">The time.</param>
    /// <param name="lifetime">From <see cref="MinLifetime"/> to <see cref="MaxLifetime"/>; null for the default.</param>
    public TurnUserCredentials Issue(string user, DateTimeOffset utcNow, TimeSpan? lifetime = null)
    {
        var lasts = lifetime ?? DefaultLifetime;
        ArgumentOutOfRangeException.ThrowIfLessThan(lasts, MinLifetime);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lasts, MaxLifetime);
        ArgumentOutOfRangeException.ThrowIfZero(user.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(user), 200, nameof(user));
        var username = string.Create(CultureInfo.InvariantCulture, $"{(utcNow + lasts).ToUnixTimeSeconds()}:{user}");
        Span<byte> password = stackalloc byte[PasswordLength];
        WritePassword(Encoding.UTF8.GetBytes(username), password);
        return new TurnUserCredentials(username, Encoding.ASCII.GetString(password));
    }

    /// <summary>Splits a user name; false when it is none of ours.</summary>
    /// <param name="username">In UTF-8.</param>
    /// <param name="expiresAt">Unix time in seconds.</param>
    /// <param name="user">Whom it is for.</param>
    internal static bool TryParse(ReadOnlySpan<byte> username, out long expiresAt, out ReadOnlySpan<byte> user)
    {
        user = default;
        if (username.Length > MaxUsernameLength
            || !Utf8Parser.TryParse(username, out expiresAt, out var digits)
            || digits > 12 || username[0] is (byte)'-' or (byte)'+'
            || digits >= username.Length - 1 || username[digits] != (byte)':')
        {
            expiresAt = 0;
            return false;
        }

        user = username[(digits + 1)..];
        return true;
    }

    /// <summary>The long-term key of a user (RFC 8489 §9.2.2): the MD5 of name, realm and password.</summary>
    /// <param name="username">At most <see cref="MaxUsernameLength"/> bytes.</param>
    /// <param name="realm">At most 128 bytes.</param>
    /// <param name="key">16 bytes to write.</param>
    internal void MakeKey(ReadOnlySpan<byte> username, ReadOnlySpan<byte> realm, Span<byte> key)
    {
        Span<byte> text = stackalloc byte[username.Length + 1 + realm.Length + 1 + PasswordLength];
        username.CopyTo(text);
        text[username.Length] = (byte)':';
        realm.CopyTo(text[(username.Length + 1)..]);
        text[username.Length + 1 + realm.Length] = (byte)':';
        WritePassword(username, text[^PasswordLength..]);
#pragma warning disable CA5351 // RFC 8489 §9.2.2 makes the key with MD5, and browsers know no other.
        MD5.HashData(text, key);
#pragma warning restore CA5351
        CryptographicOperations.ZeroMemory(text);
    }

    private void WritePassword(ReadOnlySpan<byte> username, Span<byte> password)
    {
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // What every TURN server and every issuer of such credentials uses.
        HMACSHA1.HashData(_secret, username, mac);
#pragma warning restore CA5350
        Base64.EncodeToUtf8(mac, password, out _, out _);
    }
}
