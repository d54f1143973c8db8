using System.Globalization;
using Parley.Client;
using Parley.Client.Audio;

namespace Parley.Terminal.Join.Media;

/// <summary>
/// The arguments of ffmpeg and ffplay for each device and file. Names are arguments of their own, never part of a command line; one
/// that begins with "-" is a file only as "./-…", so no name is an option.
/// </summary>
internal static class MediaArguments
{
    private static readonly string[] Quietly = ["-hide_banner", "-nostdin", "-loglevel", "error"];

    /// <summary>Mono, 48 kHz, 32-bit floats.</summary>
    private static readonly string[] Pcm =
        ["-f", "f32le", "-ar", AudioFormat.SampleRate.ToString(CultureInfo.InvariantCulture), "-ac", "1"];

    /// <summary>ffmpeg: a file's sound, as fast as it is read.</summary>
    public static IReadOnlyList<string> SoundFile(string path) => [.. Quietly, "-i", AsFile(path), "-map", "0:a:0", "-vn", .. Pcm, "pipe:1"];

    /// <summary>ffmpeg: a microphone.</summary>
    /// <exception cref="ParleyException">There is no sound system to have it.</exception>
    public static IReadOnlyList<string> Microphone(SoundSystem system, string device) =>
        [.. Quietly, .. Low, .. MicrophoneInput(system, device), "-vn", .. Pcm, "-flush_packets", "1", "pipe:1"];

    /// <summary>ffmpeg: a file's pictures at their pace, over and over.</summary>
    public static IReadOnlyList<string> VideoFile(string path, int width, int height, int fps) =>
        [.. Quietly, "-re", "-stream_loop", "-1", "-i", AsFile(path), "-map", "0:v:0", "-an", .. Raw(width, height, fps)];

    /// <summary>ffmpeg: a camera.</summary>
    /// <param name="system">Tells the operating system.</param>
    /// <param name="device">/dev/video0, or a name or number of macOS or Windows.</param>
    /// <param name="width">Pixels, even.</param>
    /// <param name="height">Pixels, even.</param>
    /// <param name="fps">Pictures per second.</param>
    public static IReadOnlyList<string> Camera(SoundSystem system, string device, int width, int height, int fps)
    {
        var rate = fps.ToString(CultureInfo.InvariantCulture);
        string[] input = system switch
        {
            // macOS cameras know few rates; 30 is one of them everywhere.
            SoundSystem.AvFoundation => ["-f", "avfoundation", "-framerate", "30", "-i", device + ":none"],
            SoundSystem.DirectShow => ["-f", "dshow", "-i", "video=" + device],
            _ => ["-f", "v4l2", "-framerate", rate, "-video_size", Size(width, height), "-i", AsFile(device)],
        };
        return [.. Quietly, .. Low, .. input, "-an", .. Raw(width, height, fps)];
    }

    /// <summary>What plays on a device: the program, and its arguments. It reads PCM from its standard input.</summary>
    /// <exception cref="ParleyException">The program is missing, or cannot choose a device here.</exception>
    public static (string Program, IReadOnlyList<string> Arguments) Speaker(MediaTools tools, string device)
    {
        const string Why = "Sound to a loudspeaker";
        var isDefault = device == "default";
        string[] input = ["-hide_banner", "-loglevel", "error", "-probesize", "32", "-analyzeduration", "0", .. Pcm[..^2]];
        string[] from = ["-ac", "1", "-i", "pipe:0"];
        switch (tools.Sound)
        {
            case SoundSystem.Pulse:
                string[] sink = isDefault ? [] : ["-device", device];
                return (tools.NeedFfmpeg(Why), [.. input, .. from, "-f", "pulse", "-buffer_duration", "80", "-name", "Parley", .. sink, "Parley"]);
            case SoundSystem.Alsa:
                return (tools.NeedFfmpeg(Why), [.. input, .. from, "-f", "alsa", device]);
            case SoundSystem.None:
                throw new ParleyException(ParleyError.Media, "There is no sound system here to play on: join with --speaker none");
            default:
                if (!isDefault) throw new ParleyException(ParleyError.Media, "Here sound is played on the default device only: join with --speaker default or none");
                // ffplay's option for one channel was renamed in 5.1 and the old name removed in 7.
                return (tools.NeedFfplay(Why), [.. input, "-ch_layout", "mono", "-nodisp", "-autoexit", "-fflags", "nobuffer", "-i", "pipe:0"]);
        }
    }

    private static readonly string[] Low = ["-fflags", "nobuffer", "-thread_queue_size", "64"];

    private static string[] MicrophoneInput(SoundSystem system, string device) => system switch
    {
        SoundSystem.AvFoundation => ["-f", "avfoundation", "-i", ":" + device],
        SoundSystem.DirectShow => ["-f", "dshow", "-audio_buffer_size", "40", "-i", "audio=" + device],
        _ when device.StartsWith("hw:", StringComparison.Ordinal) || device.StartsWith("plughw:", StringComparison.Ordinal)
            || system == SoundSystem.Alsa => ["-f", "alsa", "-i", device],
        SoundSystem.Pulse => ["-f", "pulse", "-name", "Parley", "-fragment_size", "3840", "-i", device],
        _ => throw new ParleyException(ParleyError.Media, $"There is no sound system here that could have a microphone \"{device}\": join with --mic none"),
    };

    /// <summary>Pictures of exactly this size, the whole of each within, at this rate.</summary>
    private static string[] Raw(int width, int height, int fps)
    {
        var (w, h) = (width.ToString(CultureInfo.InvariantCulture), height.ToString(CultureInfo.InvariantCulture));
        var fit = $"fps={fps.ToString(CultureInfo.InvariantCulture)},scale={w}:{h}:force_original_aspect_ratio=decrease,pad={w}:{h}:-1:-1,setsar=1";
        return ["-vf", fit, "-f", "rawvideo", "-pix_fmt", "yuv420p", "pipe:1"];
    }

    private static string Size(int width, int height) => string.Create(CultureInfo.InvariantCulture, $"{width}x{height}");

    /// <summary>Never an option, and never another protocol: ffmpeg reads "http:…" and "concat:…" too.</summary>
    private static string AsFile(string path) => "file:" + path;
}
