using System.Runtime.InteropServices;

namespace Parley.Media.Mixing;

/// <summary>
/// The entry points of libopus. They are bound by hand rather than with LibraryImport because its file has another name on
/// each system, and an assembly may have only one DllImportResolver.
/// </summary>
public sealed unsafe class OpusLibrary
{
    internal const int ApplicationVoip = 2048;
    internal const int SetBitrate = 4002;
    internal const int SetComplexity = 4010;
    internal const int SetInbandFec = 4012;
    internal const int SetPacketLossPercent = 4014;
    internal const int SetSignal = 4024;
    internal const int SignalAuto = -1000;
    internal const int SignalMusic = 3002;
    internal const int ResetState = 4028;

    private static readonly Lazy<OpusLibrary> Loaded = new(() => Load(FileNames()));

    internal readonly delegate* unmanaged<int, int, int*, nint> DecoderCreate;
    internal readonly delegate* unmanaged<nint, void> DecoderDestroy;
    internal readonly delegate* unmanaged<nint, byte*, int, float*, int, int, int> DecodeFloat;
    internal readonly delegate* unmanaged<int, int, int, int*, nint> EncoderCreate;
    internal readonly delegate* unmanaged<nint, void> EncoderDestroy;
    internal readonly delegate* unmanaged<int, int> EncoderGetSize;
    internal readonly delegate* unmanaged<nint, float*, int, byte*, int, int> EncodeFloat;
    internal readonly delegate* unmanaged<byte*, int, int, int> PacketGetSampleCount;

    private readonly nint _decoderControl;
    private readonly nint _encoderControl;

    private OpusLibrary(nint library)
    {
        DecoderCreate = (delegate* unmanaged<int, int, int*, nint>)Export(library, "opus_decoder_create");
        DecoderDestroy = (delegate* unmanaged<nint, void>)Export(library, "opus_decoder_destroy");
        DecodeFloat = (delegate* unmanaged<nint, byte*, int, float*, int, int, int>)Export(library, "opus_decode_float");
        EncoderCreate = (delegate* unmanaged<int, int, int, int*, nint>)Export(library, "opus_encoder_create");
        EncoderDestroy = (delegate* unmanaged<nint, void>)Export(library, "opus_encoder_destroy");
        EncoderGetSize = (delegate* unmanaged<int, int>)Export(library, "opus_encoder_get_size");
        EncodeFloat = (delegate* unmanaged<nint, float*, int, byte*, int, int>)Export(library, "opus_encode_float");
        PacketGetSampleCount = (delegate* unmanaged<byte*, int, int, int>)Export(library, "opus_packet_get_nb_samples");
        _decoderControl = Export(library, "opus_decoder_ctl");
        _encoderControl = Export(library, "opus_encoder_ctl");
        Version = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)Export(library, "opus_get_version_string"))()) ?? "";
    }

    /// <summary>What the library calls itself, for example <c>libopus 1.3.1</c>.</summary>
    public string Version { get; }

    /// <summary>The library, loaded at the first use. Touch it when the host starts, so that a missing one is said then.</summary>
    /// <exception cref="DllNotFoundException">It is not installed; the message names the package to install.</exception>
    public static OpusLibrary Instance => Loaded.Value;

    internal static OpusLibrary Load(params ReadOnlySpan<string> fileNames)
    {
        foreach (var name in fileNames)
        {
            if (NativeLibrary.TryLoad(name, out var library)) return new OpusLibrary(library);
        }

        throw new DllNotFoundException(
            $"The Opus codec library was not found (tried {string.Join(", ", fileNames.ToArray())}). Install it: "
            + "'apt-get install libopus0' on Debian and Ubuntu, 'dnf install opus' on Fedora, 'apk add opus' on Alpine, "
            + "'brew install opus' on macOS; on Windows put opus.dll beside the program.");
    }

    internal int DecoderControl(nint decoder, int request, int value = 0) => Control(_decoderControl, decoder, request, value);

    internal int EncoderControl(nint encoder, int request, int value = 0) => Control(_encoderControl, encoder, request, value);

    private static int Control(nint function, nint state, int request, int value)
    {
        // The controls are variadic. Apple's arm64 convention passes variadic arguments on the stack, so six fillers push
        // the value there; everywhere else a variadic integer goes where a named one would.
        if (OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64)
        {
            return ((delegate* unmanaged<nint, int, nint, nint, nint, nint, nint, nint, int, int>)function)(
                state, request, 0, 0, 0, 0, 0, 0, value);
        }

        return ((delegate* unmanaged<nint, int, int, int>)function)(state, request, value);
    }

    private static nint Export(nint library, string name) => NativeLibrary.GetExport(library, name);

    private static string[] FileNames() =>
        OperatingSystem.IsWindows() ? ["opus.dll", "libopus-0.dll", "libopus.dll"]
        : OperatingSystem.IsMacOS()
            ? ["libopus.0.dylib", "/opt/homebrew/lib/libopus.0.dylib", "/usr/local/lib/libopus.0.dylib"]
        : ["libopus.so.0", "libopus.so"];
}
