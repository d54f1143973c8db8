using System.Security.Cryptography;

namespace Parley.Media.Srtp;

/// <summary>
/// The session keys of one direction, derived once from its master key (RFC 3711 §4.3, RFC 7714 §11; key derivation rate
/// 0, as DTLS-SRTP has it). Immutable, so every stream of the direction may share them from any thread.
/// </summary>
public sealed class SrtpSessionKeys
{
    /// <summary>Derives the six keys of a direction.</summary>
    public SrtpSessionKeys(SrtpMasterKey master)
        : this(
            master.Profile,
            SrtpCipherKeys.Derive(master, SrtpKeyLabel.RtpEncryption),
            SrtpCipherKeys.Derive(master, SrtpKeyLabel.RtcpEncryption))
    {
    }

    /// <summary>From session keys as they are: the vectors of RFC 7714 start here.</summary>
    internal SrtpSessionKeys(SrtpProfile profile, SrtpCipherKeys rtp, SrtpCipherKeys rtcp)
    {
        Profile = profile;
        Rtp = rtp;
        Rtcp = rtcp;
    }

    /// <summary>The profile the keys are for.</summary>
    public SrtpProfile Profile { get; }

    internal SrtpCipherKeys Rtp { get; }

    internal SrtpCipherKeys Rtcp { get; }

    /// <summary>A cipher for SRTP. A cipher is for one thread at a time, so each stream makes its own.</summary>
    internal ISrtpCipher CreateRtpCipher() => SrtpCiphers.ForRtp(Profile, Rtp);

    /// <summary>A cipher for SRTCP.</summary>
    internal ISrtpCipher CreateRtcpCipher() => SrtpCiphers.ForRtcp(Profile, Rtcp);
}

/// <summary>The key derivation labels of RFC 3711 §4.3.1–4.3.2.</summary>
internal enum SrtpKeyLabel : byte
{
    RtpEncryption = 0,
    RtpAuthentication = 1,
    RtpSalt = 2,
    RtcpEncryption = 3,
    RtcpAuthentication = 4,
    RtcpSalt = 5,
}

/// <summary>What one cipher is keyed with. <see cref="Auth"/> is empty where the cipher itself authenticates.</summary>
internal sealed class SrtpCipherKeys(byte[] key, byte[] auth, byte[] salt)
{
    private IpsecMbKey? _expanded;

    public byte[] Key { get; } = key;

    public byte[] Auth { get; } = auth;

    public byte[] Salt { get; } = salt;

    /// <summary>The key expanded for intel-ipsec-mb, once for all streams.</summary>
    public IpsecMbKey Expanded(IpsecMb library) => LazyInitializer.EnsureInitialized(ref _expanded, () => new IpsecMbKey(library, Key));

    /// <summary>Encryption, authentication and salt lie next to each other in the labels: <paramref name="first"/> names the set.</summary>
    public static SrtpCipherKeys Derive(SrtpMasterKey master, SrtpKeyLabel first) => new(
        Derive(master, first, master.Profile.KeyLength),
        Derive(master, first + 1, master.Profile.AuthKeyLength),
        Derive(master, first + 2, master.Profile.SaltLength));

    /// <summary>
    /// AES counter mode over zeros, its IV the master salt XOR the label (RFC 3711 §4.3.1, §4.3.3). A 12-byte salt is
    /// followed by zeros, as if it had 14 (RFC 7714 §11).
    /// </summary>
    internal static byte[] Derive(SrtpMasterKey master, SrtpKeyLabel label, int length)
    {
        Span<byte> iv = stackalloc byte[AesCounterMode.BlockLength];
        iv.Clear();
        master.Salt.CopyTo(iv);
        iv[7] ^= (byte)label;

        var derived = new byte[length];
        using var prf = new AesCounterMode(master.Key);
        prf.Apply(iv, derived);
        CryptographicOperations.ZeroMemory(iv);
        return derived;
    }
}
