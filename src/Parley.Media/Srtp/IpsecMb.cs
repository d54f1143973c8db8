using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Parley.Media.Srtp;

/// <summary>
/// The entry points of Intel's intel-ipsec-mb (Debian's libipsec-mb1): a packet's AES-GCM in one call, on the widest vectors the processor
/// has. Where it or the processor is another, there is no instance.
/// </summary>
/// <remarks>A call takes below a microsecond, never blocks and never calls back (SuppressGCTransition).</remarks>
internal sealed unsafe class IpsecMb
{
    /// <summary>A <c>gcm_key_data</c> of intel-ipsec-mb.h is 1,008 bytes; what comes after is for a newer one of the same soname.</summary>
    public const int KeyDataLength = 1_536;

    /// <summary>How a <c>gcm_key_data</c> must lie.</summary>
    public const int KeyDataAlignment = 64;

    /// <summary>A <c>gcm_context_data</c>: 88 bytes, rounded up likewise.</summary>
    public const int ContextLength = 128;

    private static readonly Lazy<IpsecMb?> Loaded = new(Load);

    /// <summary>(key, key data): expands a key.</summary>
    public readonly delegate* unmanaged<byte*, void*, void> Expand;

    /// <summary>(key data, context, out, in, length, 12-byte IV, associated data, its length, tag, its length).</summary>
    public readonly delegate* unmanaged[SuppressGCTransition]<void*, void*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void> Encrypt;

    /// <summary>As <see cref="Encrypt"/>; the tag is what it should have been.</summary>
    public readonly delegate* unmanaged[SuppressGCTransition]<void*, void*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void> Decrypt;

    private IpsecMb(nint library, string vectors)
    {
        Expand = (delegate* unmanaged<byte*, void*, void>)NativeLibrary.GetExport(library, $"aes_gcm_pre_128_{vectors}");
        Encrypt = (delegate* unmanaged[SuppressGCTransition]<void*, void*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void>)
            NativeLibrary.GetExport(library, $"aes_gcm_enc_128_{vectors}");
        Decrypt = (delegate* unmanaged[SuppressGCTransition]<void*, void*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void>)
            NativeLibrary.GetExport(library, $"aes_gcm_dec_128_{vectors}");
    }

    /// <summary>The library; null where it is not, or the processor has no use for it.</summary>
    public static IpsecMb? Instance => Loaded.Value;

    private static IpsecMb? Load()
    {
        if (!OperatingSystem.IsLinux() || Vectors() is not { } vectors || !NativeLibrary.TryLoad("libIPSec_MB.so.1", out var library)) return null;
        try
        {
            return new IpsecMb(library, vectors);
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>What the library calls the processor's vectors; null when it has nothing for them that libcrypto has not.</summary>
    private static string? Vectors()
    {
        if (!X86Base.X64.IsSupported || !Aes.IsSupported || !Pclmulqdq.IsSupported || !Avx2.IsSupported) return null;
        const int Vaes = 1 << 9;
        var hasVaes = X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 0).Ecx & Vaes) != 0;
        return hasVaes && Pclmulqdq.V512.IsSupported && Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported ? "vaes_avx512" : "avx_gen4";
    }
}
