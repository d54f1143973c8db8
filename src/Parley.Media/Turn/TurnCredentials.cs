using System.Security.Cryptography;
using System.Text;
using Parley.Media.Stun;

namespace Parley.Media.Turn;

/// <summary>
/// Long-term credentials (RFC 8489 §9.2): name and password, and the realm and nonce a server challenges with. The
/// precis profile of names (§9.2.2) is the caller's: what we get is used as it is.
/// </summary>
internal sealed class TurnCredentials(string username, string password)
{
    private const int MaxUsernameLength = 508;

    // RFC 8489 §14.9–10: fewer than 128 characters, "which can be as long as 509 bytes" for what a sender makes.
    private const int MaxQuotedLength = 509;

    private readonly byte[] _username = Encoding.UTF8.GetBytes(username);
    private byte[] _realm = [];
    private byte[] _nonce = [];
    private byte[]? _key;

    /// <summary>Whether name and password can be used at all.</summary>
    public bool AreUsable => _username.Length is > 0 and <= MaxUsernameLength;

    /// <summary>Whether the server has challenged us: requests carry credentials from then on.</summary>
    public bool AreChallenged => _key is not null;

    /// <summary>Takes realm and nonce of a 401 or 438 answer; false when there is none to take.</summary>
    public bool TryTakeChallenge(in StunMessage answer)
    {
        if (!answer.TryGetNonce(out var nonce) || nonce.Length > MaxQuotedLength)
        {
            return false;
        }

        if (answer.TryGetRealm(out var realm))
        {
            if (realm.Length > MaxQuotedLength)
            {
                return false;
            }

            if (_key is null || !realm.SequenceEqual(_realm))
            {
                _realm = realm.ToArray();
                _key = MakeKey();
            }
        }

        _nonce = nonce.ToArray();
        return AreChallenged;
    }

    /// <summary>Ends a request: credentials when the server wants them, and a fingerprint.</summary>
    public void Seal(ref StunWriter request)
    {
        if (_key is not null)
        {
            request.WriteUsername(_username);
            request.WriteRealm(_realm);
            request.WriteNonce(_nonce);
            request.WriteIntegrity(_key);
        }

        request.WriteFingerprint();
    }

    /// <summary>Whether an answer's integrity is right.</summary>
    public bool Verify(in StunMessage answer) => _key is not null && answer.VerifyIntegrity(_key);

    /// <summary>Forgets the challenge: another server has its own.</summary>
    public void Forget() => (_realm, _nonce, _key) = ([], [], null);

    private byte[] MakeKey()
    {
        var secret = Encoding.UTF8.GetBytes(password);
        byte[] text = [.. _username, (byte)':', .. _realm, (byte)':', .. secret];
#pragma warning disable CA5351 // RFC 8489 §9.2.2 makes the key with MD5, and every TURN server expects it.
        var key = MD5.HashData(text);
#pragma warning restore CA5351
        CryptographicOperations.ZeroMemory(secret);
        CryptographicOperations.ZeroMemory(text);
        return key;
    }
}
