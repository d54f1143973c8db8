using System.Runtime.InteropServices;

namespace Parley.Media.Srtp;

/// <summary>
/// The entry points of OpenSSL's libcrypto, for what the platform's own wrapper does too slowly. It is the library that
/// .NET itself uses on Linux; where it is not, there is no instance.
/// </summary>
/// <remarks>
/// What is called for each packet takes below a microsecond, never blocks and never calls back, so the garbage collector may as well wait
/// for it (SuppressGCTransition).
/// </remarks>
internal sealed unsafe class LibCrypto
{
    /// <summary>EVP_CTRL_AEAD_GET_TAG and EVP_CTRL_AEAD_SET_TAG of openssl/evp.h.</summary>
    public const int GetTag = 0x10, SetTag = 0x11;

    private static readonly Lazy<LibCrypto?> Loaded = new(Load);

    public readonly delegate* unmanaged<nint> Aes128Gcm;
    public readonly delegate* unmanaged<nint> Aes128Ctr;
    public readonly delegate* unmanaged<nint> ContextNew;
    public readonly delegate* unmanaged<nint, void> ContextFree;
    public readonly delegate* unmanaged[SuppressGCTransition]<nint, int, int, byte*, int> ContextControl;
    public readonly delegate* unmanaged[SuppressGCTransition]<nint, nint, nint, byte*, byte*, int, int> CipherInit;
    public readonly delegate* unmanaged[SuppressGCTransition]<nint, byte*, int*, byte*, int, int> CipherUpdate;
    public readonly delegate* unmanaged[SuppressGCTransition]<nint, byte*, int*, int> CipherFinal;
    public readonly delegate* unmanaged[SuppressGCTransition]<Sha1State*, int> Sha1Init;
    public readonly delegate* unmanaged[SuppressGCTransition]<Sha1State*, byte*, nuint, int> Sha1Update;
    public readonly delegate* unmanaged[SuppressGCTransition]<byte*, Sha1State*, int> Sha1Final;

    private LibCrypto(nint library)
    {
        Aes128Gcm = (delegate* unmanaged<nint>)Export(library, "EVP_aes_128_gcm");
        Aes128Ctr = (delegate* unmanaged<nint>)Export(library, "EVP_aes_128_ctr");
        ContextNew = (delegate* unmanaged<nint>)Export(library, "EVP_CIPHER_CTX_new");
        ContextFree = (delegate* unmanaged<nint, void>)Export(library, "EVP_CIPHER_CTX_free");
        ContextControl = (delegate* unmanaged[SuppressGCTransition]<nint, int, int, byte*, int>)Export(library, "EVP_CIPHER_CTX_ctrl");
        CipherInit = (delegate* unmanaged[SuppressGCTransition]<nint, nint, nint, byte*, byte*, int, int>)Export(library, "EVP_CipherInit_ex");
        CipherUpdate = (delegate* unmanaged[SuppressGCTransition]<nint, byte*, int*, byte*, int, int>)Export(library, "EVP_CipherUpdate");
        CipherFinal = (delegate* unmanaged[SuppressGCTransition]<nint, byte*, int*, int>)Export(library, "EVP_CipherFinal_ex");
        Sha1Init = (delegate* unmanaged[SuppressGCTransition]<Sha1State*, int>)Export(library, "SHA1_Init");
        Sha1Update = (delegate* unmanaged[SuppressGCTransition]<Sha1State*, byte*, nuint, int>)Export(library, "SHA1_Update");
        Sha1Final = (delegate* unmanaged[SuppressGCTransition]<byte*, Sha1State*, int>)Export(library, "SHA1_Final");
    }

    /// <summary>The library; null on other systems, and where it is not.</summary>
    public static LibCrypto? Instance => Loaded.Value;

    private static LibCrypto? Load()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libcrypto.so.3", out var library)) return null;
        try
        {
            return new LibCrypto(library);
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    private static nint Export(nint library, string name) => NativeLibrary.GetExport(library, name);

    /// <summary>SHA_CTX of openssl/sha.h: five words of hash, two of length, sixteen of data, and how many of those there are.</summary>
    public struct Sha1State
    {
#pragma warning disable CA1823, IDE0044, IDE0051 // Only libcrypto looks into it.
        private fixed uint _words[24];
#pragma warning restore CA1823, IDE0044, IDE0051
    }
}
