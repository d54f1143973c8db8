using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Parley.Server.Meetings;

/// <summary>Creator secrets and resume tokens: 256 random bits as base64url, of which only the SHA-256 is kept.</summary>
public static class Secret
{
    /// <summary>Longer than any secret we gave; more is not worth hashing.</summary>
    private const int LongestPresented = 128;

    /// <returns>43 characters.</returns>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <returns>32 bytes.</returns>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Whether this is the secret with that hash; takes as long for a wrong one as for the right one.</summary>
    public static bool Matches(string? presented, ReadOnlySpan<byte> hash) =>
        presented is { Length: > 0 and <= LongestPresented } && CryptographicOperations.FixedTimeEquals(Hash(presented), hash);
}
