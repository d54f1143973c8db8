namespace Parley.Terminal.Join.Media;

/// <summary>How a machine takes and plays sound, as ffmpeg names it.</summary>
internal enum SoundSystem
{
    None,

    /// <summary>PulseAudio, or PipeWire in its place.</summary>
    Pulse,

    Alsa,

    /// <summary>macOS.</summary>
    AvFoundation,

    /// <summary>Windows.</summary>
    DirectShow,
}

/// <summary>Finds out which.</summary>
internal static class SoundSystems
{
    public static SoundSystem Find()
    {
        if (OperatingSystem.IsMacOS()) return SoundSystem.AvFoundation;
        if (OperatingSystem.IsWindows()) return SoundSystem.DirectShow;
        if (HasPulse()) return SoundSystem.Pulse;
        return HasAlsaPlayback() ? SoundSystem.Alsa : SoundSystem.None;
    }

    private static bool HasPulse()
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("PULSE_SERVER"))) return true;
        var runtime = Environment.GetEnvironmentVariable("PULSE_RUNTIME_PATH")
            ?? (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } folder ? Path.Combine(folder, "pulse") : null);
        return (runtime is not null && File.Exists(Path.Combine(runtime, "native"))) || File.Exists("/var/run/pulse/native");
    }

    private static bool HasAlsaPlayback() => Directory.Exists("/dev/snd") && Directory.EnumerateFiles("/dev/snd", "pcm*p").Any();
}
