using System.Runtime.InteropServices;

namespace Parley.Client.Video;

/// <summary>
/// The entry points of libvpx. Its file has another name with each of its releases, and the version its calls want named is
/// that of the headers a program was compiled with. We have none: the version is found by asking, and what is read and written in
/// its structures is checked against what it fills in itself, so a release that moves a field is refused, not corrupted.
/// </summary>
internal sealed unsafe class VpxLibrary
{
    // vpx_codec_err_t, vpx/vpx_codec.h.
    internal const int Ok = 0;
    internal const int AbiMismatch = 3;

    // vpx/vp8cx.h and vpx/vp8dx.h.
    internal const int SetCpuUsed = 13;
    internal const int SetStaticThreshold = 17;
    internal const int SetMaxIntraBitratePercent = 26;
    internal const int GetFrameCorrupted = 257;

    private const int HighestAbiVersion = 255;

    private static readonly Lazy<VpxLibrary> Loaded = new(() => Load(FileNames()));

    internal readonly delegate* unmanaged<byte*, byte*, VpxEncoderConfig*, CLong, int, int> EncoderInit;
    internal readonly delegate* unmanaged<byte*, VpxEncoderConfig*, int> EncoderConfigSet;
    internal readonly delegate* unmanaged<byte*, VpxImage*, long, CULong, CLong, CULong, int> Encode;
    internal readonly delegate* unmanaged<byte*, nint*, VpxPacket*> GetPacket;
    internal readonly delegate* unmanaged<byte*, byte*, void*, CLong, int, int> DecoderInit;
    internal readonly delegate* unmanaged<byte*, byte*, uint, void*, CLong, int> Decode;
    internal readonly delegate* unmanaged<byte*, nint*, VpxImage*> GetFrame;
    internal readonly delegate* unmanaged<byte*, int> Destroy;
    internal readonly delegate* unmanaged<VpxImage*, int, uint, uint, uint, byte*, VpxImage*> WrapImage;
    internal readonly byte* Vp8Encoder;
    internal readonly byte* Vp8Decoder;

    private readonly delegate* unmanaged<byte*, VpxEncoderConfig*, uint, int> _defaultConfig;
    private readonly nint _control;

    private VpxLibrary(nint library)
    {
        Version = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)Export(library, "vpx_codec_version_str"))()) ?? "";
        EncoderInit = (delegate* unmanaged<byte*, byte*, VpxEncoderConfig*, CLong, int, int>)Export(library, "vpx_codec_enc_init_ver");
        EncoderConfigSet = (delegate* unmanaged<byte*, VpxEncoderConfig*, int>)Export(library, "vpx_codec_enc_config_set");
        Encode = (delegate* unmanaged<byte*, VpxImage*, long, CULong, CLong, CULong, int>)Export(library, "vpx_codec_encode");
        GetPacket = (delegate* unmanaged<byte*, nint*, VpxPacket*>)Export(library, "vpx_codec_get_cx_data");
        DecoderInit = (delegate* unmanaged<byte*, byte*, void*, CLong, int, int>)Export(library, "vpx_codec_dec_init_ver");
        Decode = (delegate* unmanaged<byte*, byte*, uint, void*, CLong, int>)Export(library, "vpx_codec_decode");
        GetFrame = (delegate* unmanaged<byte*, nint*, VpxImage*>)Export(library, "vpx_codec_get_frame");
        Destroy = (delegate* unmanaged<byte*, int>)Export(library, "vpx_codec_destroy");
        WrapImage = (delegate* unmanaged<VpxImage*, int, uint, uint, uint, byte*, VpxImage*>)Export(library, "vpx_img_wrap");
        Vp8Encoder = ((delegate* unmanaged<byte*>)Export(library, "vpx_codec_vp8_cx"))();
        Vp8Decoder = ((delegate* unmanaged<byte*>)Export(library, "vpx_codec_vp8_dx"))();
        _defaultConfig = (delegate* unmanaged<byte*, VpxEncoderConfig*, uint, int>)Export(library, "vpx_codec_enc_config_default");
        _control = Export(library, "vpx_codec_control_");

        // Without a context the version is all that these calls look at.
        EncoderAbi = FindAbi(version => EncoderInit(null, null, null, default, version));
        DecoderAbi = FindAbi(version => DecoderInit(null, null, null, default, version));
        CheckLayout();
    }

    /// <summary>The library, loaded at the first use.</summary>
    /// <exception cref="ParleyException">It is missing, or another than is known here.</exception>
    public static VpxLibrary Instance => Loaded.Value;

    /// <summary>What the library calls itself, for example <c>v1.12.0</c>.</summary>
    public string Version { get; }

    /// <summary>The version that <see cref="EncoderInit"/> wants.</summary>
    public int EncoderAbi { get; }

    /// <summary>The version that <see cref="DecoderInit"/> wants.</summary>
    public int DecoderAbi { get; }

    internal static VpxLibrary Load(params ReadOnlySpan<string> fileNames)
    {
        if (!Environment.Is64BitProcess) throw new ParleyException(ParleyError.Media, "Video needs a 64-bit system.");
        foreach (var name in fileNames)
        {
            if (NativeLibrary.TryLoad(name, out var library)) return new VpxLibrary(library);
        }

        throw new ParleyException(
            ParleyError.Media,
            "The VP8 codec library was not found: install libvpx ('apt-get install libvpx7' on Debian 12 and Ubuntu 22.04, libvpx9 on "
            + "later ones, 'dnf install libvpx' on Fedora, 'apk add libvpx' on Alpine, 'brew install libvpx' on macOS; on Windows put "
            + "vpx.dll beside the program).");
    }

    /// <summary>Fills in the defaults of the VP8 encoder.</summary>
    /// <param name="config">Memory of <see cref="VpxEncoderConfig.Reserved"/> bytes.</param>
    internal int DefaultConfig(VpxEncoderConfig* config) => _defaultConfig(Vp8Encoder, config, 0);

    internal int Control(byte* context, int request, nint value)
    {
        // The controls are variadic: see OpusLibrary, which has the same.
        if (OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64)
        {
            return ((delegate* unmanaged<byte*, int, nint, nint, nint, nint, nint, nint, nint, int>)_control)(
                context, request, 0, 0, 0, 0, 0, 0, value);
        }

        return ((delegate* unmanaged<byte*, int, nint, int>)_control)(context, request, value);
    }

    internal ParleyException Failure(string what, int error) =>
        new(ParleyError.Media, $"libvpx {Version} failed to {what} (error {error}).");

    private int FindAbi(Func<int, int> probe)
    {
        for (var version = 1; version <= HighestAbiVersion; version++)
        {
            if (probe(version) != AbiMismatch) return version;
        }

        throw Unknown();
    }

    private void CheckLayout()
    {
        var memory = (byte*)NativeMemory.AllocZeroed(VpxEncoderConfig.Reserved + VpxImage.Reserved);
        try
        {
            // The defaults have not changed since there is VP8: each field we write must hold its own, or it is another field.
            var config = (VpxEncoderConfig*)memory;
            var isConfigKnown = DefaultConfig(config) == Ok
                && config->Width == 320 && config->Height == 240
                && config->TimebaseNumerator == 1 && config->TimebaseDenominator == 30
                && config->TargetBitrate == 256
                && config->MinQuantizer == 4 && config->MaxQuantizer == 63
                && config->UndershootPercent == 100 && config->OvershootPercent == 100
                && config->BufferSize == 6000 && config->BufferInitialSize == 4000 && config->BufferOptimalSize == 5000
                && config->KeyframeMode == 1 && config->KeyframeMinDistance == 0 && config->KeyframeMaxDistance == 128;

            var image = (VpxImage*)(memory + VpxEncoderConfig.Reserved);
            var wrapped = WrapImage(image, VpxImage.I420, 34, 18, 1, memory);
            var isImageKnown = wrapped == image && image->Format == VpxImage.I420
                && image->DisplayWidth == 34 && image->DisplayHeight == 18
                && image->Y == memory && image->U == memory + (34 * 18) && image->V == memory + (34 * 18) + (17 * 9)
                && image->StrideY == 34 && image->StrideU == 17 && image->StrideV == 17;
            if (!isConfigKnown || !isImageKnown) throw Unknown();
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }

    private ParleyException Unknown() =>
        new(ParleyError.Media, $"libvpx {Version} is a release this program does not know: install libvpx 1.8 to 1.16.");

    private static nint Export(nint library, string name) =>
        NativeLibrary.TryGetExport(library, name, out var address)
            ? address
            : throw new ParleyException(ParleyError.Media, $"The libvpx that was found has no {name}: install one with VP8.");

    private static string[] FileNames() =>
        OperatingSystem.IsWindows() ? ["vpx.dll", "libvpx-1.dll", "libvpx.dll"]
        : OperatingSystem.IsMacOS() ? ["libvpx.dylib", "/opt/homebrew/lib/libvpx.dylib", "/usr/local/lib/libvpx.dylib"]
        : [
            "libvpx.so.7", "libvpx.so.8", "libvpx.so.9", "libvpx.so.10", "libvpx.so.11", "libvpx.so.12", "libvpx.so.6", "libvpx.so"];
}
