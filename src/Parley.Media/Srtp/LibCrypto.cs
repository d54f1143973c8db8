using System.Runtime.InteropServices;

namespace Parley.Media.Srtp;

/// <summary>
/// The entry points of OpenSSL's libcrypto (EVP), for what the platform's own wrapper does too slowly. It is the library that
/// .NET itself uses on Linux; where it is not, there is no instance.
/// </summary>
internal sealed unsafe class LibCrypto
{
    /// <summary>EVP_CTRL_AEAD_GET_TAG and EVP_CTRL_AEAD_SET_TAG of openssl/evp.h.</summary>
    public const int GetTag = 0x10, SetTag = 0x11;

    private static readonly Lazy<LibCrypto?> Loaded = new(Load);

    public readonly delegate* unmanaged<nint> Aes128Gcm;
    public readonly delegate* unmanaged<nint> ContextNew;
    public readonly delegate* unmanaged<nint, void> ContextFree;
    public readonly delegate* unmanaged<nint, int, int, byte*, int> ContextControl;
    public readonly delegate* unmanaged<nint, nint, nint, byte*, byte*, int, int> CipherInit;
    public readonly delegate* unmanaged<nint, byte*, int*, byte*, int, int> CipherUpdate;
    public readonly delegate* unmanaged<nint, byte*, int*, int> CipherFinal;

    private LibCrypto(nint library)
    {
        Aes128Gcm = (delegate* unmanaged<nint>)Export(library, "EVP_aes_128_gcm");
        ContextNew = (delegate* unmanaged<nint>)Export(library, "EVP_CIPHER_CTX_new");
        ContextFree = (delegate* unmanaged<nint, void>)Export(library, "EVP_CIPHER_CTX_free");
        ContextControl = (delegate* unmanaged<nint, int, int, byte*, int>)Export(library, "EVP_CIPHER_CTX_ctrl");
        CipherInit = (delegate* unmanaged<nint, nint, nint, byte*, byte*, int, int>)Export(library, "EVP_CipherInit_ex");
        CipherUpdate = (delegate* unmanaged<nint, byte*, int*, byte*, int, int>)Export(library, "EVP_CipherUpdate");
        CipherFinal = (delegate* unmanaged<nint, byte*, int*, int>)Export(library, "EVP_CipherFinal_ex");
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
}
