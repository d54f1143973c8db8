using Parley.Client;

namespace Parley.Terminal.Join.Media;

/// <summary>The programs that devices and files go through, and what this machine has of sound.</summary>
/// <param name="Ffmpeg">Where it is, or null.</param>
/// <param name="Ffplay">Likewise.</param>
/// <param name="Sound">How sound gets in and out.</param>
internal sealed record MediaTools(string? Ffmpeg, string? Ffplay, SoundSystem Sound)
{
    private const string HowToInstall = "install the package ffmpeg (apt install ffmpeg, brew install ffmpeg, winget install ffmpeg)";

    public static MediaTools Find() => new(OnPath("ffmpeg"), OnPath("ffplay"), SoundSystems.Find());

    /// <exception cref="ParleyException">It is missing; the message says how to get it.</exception>
    public string NeedFfmpeg(string why) => Ffmpeg ?? throw Missing("ffmpeg", why);

    /// <exception cref="ParleyException">Likewise.</exception>
    public string NeedFfplay(string why) => Ffplay ?? throw Missing("ffplay", why);

    private static ParleyException Missing(string program, string why) =>
        new(ParleyError.Media, $"{why} goes through {program}, which is not there: {HowToInstall}");

    private static string? OnPath(string program)
    {
        if (OperatingSystem.IsWindows()) program += ".exe";
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var path = Path.Combine(folder, program);
            if (File.Exists(path) && IsExecutable(path)) return path;
        }

        return null;
    }

    private static bool IsExecutable(string path) =>
        OperatingSystem.IsWindows()
        || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
