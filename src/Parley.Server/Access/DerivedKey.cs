using System.Security.Cryptography;
using System.Text;

namespace Parley.Server.Access;

/// <summary>
/// What is kept of a secret that a person chose: a random salt and its PBKDF2 (RFC 8018 §5.2). Unlike a secret of 256 bits it is short
/// enough to be guessed from a plain hash.
/// </summary>
/// <param name="iterations">What each guess costs, those of who has stolen the hash and ours.</param>
internal sealed class DerivedKey(int iterations)
{
    private const int SaltLength = 16;
    private const int KeyLength = 32;

    /// <returns>48 bytes: salt and key.</returns>
    public byte[] Hash(string secret)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return [.. salt, .. Derive(secret, salt)];
    }

    /// <summary>Whether this is the secret with that hash; takes as long for a wrong one as for the right one.</summary>
    public bool Matches(string secret, ReadOnlySpan<byte> hash) =>
        hash.Length == SaltLength + KeyLength && CryptographicOperations.FixedTimeEquals(Derive(secret, hash[..SaltLength]), hash[SaltLength..]);

    private byte[] Derive(string secret, ReadOnlySpan<byte> salt) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(secret), salt, iterations, HashAlgorithmName.SHA256, KeyLength);
}
