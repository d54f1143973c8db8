using System.Globalization;
using Parley.Client;
using Parley.Client.Audio;
using Parley.Terminal.Join.Drawing;

namespace Parley.Terminal.Join.Media;

/// <summary>What a name given to --mic or --camera means.</summary>
internal enum SourceKind
{
    None,
    Tone,
    Pattern,
    File,
    Device,
}

/// <summary>Reads such names.</summary>
internal static class DeviceNames
{
    /// <summary>What a microphone's name means; a tone's frequency in hertz with it.</summary>
    /// <exception cref="ParleyException">It means nothing, or a file that is not there.</exception>
    public static (SourceKind Kind, double Frequency) Microphone(string name)
    {
        if (name == "none") return (SourceKind.None, 0);
        if (!name.StartsWith("tone:", StringComparison.Ordinal)) return (FileOrDevice(name), 0);
        if (double.TryParse(name.AsSpan(5), NumberStyles.Float, CultureInfo.InvariantCulture, out var frequency) && frequency is >= 20 and <= 20_000)
            return (SourceKind.Tone, frequency);
        throw new ParleyException(ParleyError.Invalid, $"\"{Glyphs.Clean(name)}\" is no tone: give its frequency in hertz, as in tone:440");
    }

    /// <summary>What a camera's name means.</summary>
    /// <exception cref="ParleyException">A file that is not there.</exception>
    public static SourceKind Camera(string name) => name switch
    {
        "none" => SourceKind.None,
        "pattern" => SourceKind.Pattern,
        _ => FileOrDevice(name),
    };

    /// <summary>Whether a microphone's file needs no ffmpeg.</summary>
    public static bool IsWav(string name) => Path.GetExtension(name).Equals(".wav", StringComparison.OrdinalIgnoreCase);

    private static SourceKind FileOrDevice(string name)
    {
        if (name.StartsWith("/dev/", StringComparison.Ordinal)) return SourceKind.Device;
        if (Directory.Exists(name)) throw new ParleyException(ParleyError.Media, $"\"{Glyphs.Clean(name)}\" is a folder: give a file in it");
        if (File.Exists(name)) return SourceKind.File;

        // ALSA's and PulseAudio's names have dots and colons, but no slashes, and none ends like a media file.
        var looksLikeFile = name.Contains('/') || name.Contains('\\') || Path.GetExtension(name).ToLowerInvariant() is
            ".wav" or ".mp3" or ".ogg" or ".oga" or ".opus" or ".flac" or ".m4a" or ".aac" or ".mp4" or ".mkv" or ".webm" or ".mov" or ".avi" or ".ivf";
        return looksLikeFile ? throw new ParleyException(ParleyError.Media, $"There is no file \"{Glyphs.Clean(name)}\"") : SourceKind.Device;
    }
}
