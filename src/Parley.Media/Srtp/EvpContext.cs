using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Parley.Media.Srtp;

/// <summary>Owns an EVP_CIPHER_CTX of libcrypto.</summary>
internal sealed unsafe class EvpContext : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly LibCrypto _library;

    public EvpContext(LibCrypto library) : base(ownsHandle: true)
    {
        _library = library;
        SetHandle(library.ContextNew());
        if (IsInvalid) throw new CryptographicException("libcrypto has no memory for a cipher.");
    }

    /// <summary>
    /// The context for one call, by who keeps this alive until it is over. A cipher is for one thread at a time, so nobody closes it
    /// meanwhile, and counting references would cost as much as a tenth of the call.
    /// </summary>
    public nint Use()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return handle;
    }

    protected override bool ReleaseHandle()
    {
        _library.ContextFree(handle);
        return true;
    }
}
