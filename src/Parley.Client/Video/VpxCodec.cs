using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Parley.Client.Video;

/// <summary>
/// Owns one libvpx codec: its context, and beside it room for an encoder's settings and for an image, all in one block. The context
/// is 56 bytes in release 1.12; none of its fields is touched here.
/// </summary>
internal sealed unsafe class VpxCodec : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int ContextReserved = 4096;

    private bool _isOpen;

    public VpxCodec()
        : base(ownsHandle: true)
    {
        SetHandle((nint)NativeMemory.AllocZeroed(ContextReserved + VpxEncoderConfig.Reserved + VpxImage.Reserved));
    }

    public byte* Context => (byte*)handle;

    public VpxEncoderConfig* Config => (VpxEncoderConfig*)(handle + ContextReserved);

    public VpxImage* Image => (VpxImage*)(handle + ContextReserved + VpxEncoderConfig.Reserved);

    /// <summary>Opens an encoder with what <see cref="Config"/> holds.</summary>
    public int OpenEncoder()
    {
        var library = VpxLibrary.Instance;
        var error = library.EncoderInit(Context, library.Vp8Encoder, Config, default, library.EncoderAbi);
        _isOpen = error == VpxLibrary.Ok;
        return error;
    }

    /// <summary>Opens a decoder.</summary>
    public int OpenDecoder()
    {
        var library = VpxLibrary.Instance;
        var error = library.DecoderInit(Context, library.Vp8Decoder, null, default, library.DecoderAbi);
        _isOpen = error == VpxLibrary.Ok;
        return error;
    }

    protected override bool ReleaseHandle()
    {
        if (_isOpen) VpxLibrary.Instance.Destroy(Context);
        NativeMemory.Free((void*)handle);
        return true;
    }
}
