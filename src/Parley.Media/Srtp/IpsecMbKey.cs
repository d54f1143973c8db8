using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Parley.Media.Srtp;

/// <summary>An AES-GCM key as <see cref="IpsecMb"/> wants it. It never changes, so all streams of a direction may share it, from any thread.</summary>
internal sealed unsafe class IpsecMbKey : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <param name="library">Who expands it.</param>
    /// <param name="key">16 bytes.</param>
    public IpsecMbKey(IpsecMb library, ReadOnlySpan<byte> key) : base(ownsHandle: true)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, 16);
        var data = NativeMemory.AlignedAlloc(IpsecMb.KeyDataLength, IpsecMb.KeyDataAlignment);
        SetHandle((nint)data);
        fixed (byte* first = key) library.Expand(first, data);
    }

    /// <summary>The key's data, by who keeps this alive until the call is over.</summary>
    public void* Data => (void*)handle;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.Clear((void*)handle, IpsecMb.KeyDataLength);
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
