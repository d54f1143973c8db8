using Parley.Terminal.Join.Drawing;

namespace Parley.Terminal.Join.Media;

/// <summary>Turns what ffmpeg says into one sentence that tells what to do.</summary>
internal static class MediaComplaint
{
    /// <summary>What is said of it.</summary>
    private static readonly (string Says, string Means)[] Known =
    [
        ("Invalid data found", "is no file with {0} that ffmpeg can read"),
        ("matches no streams", "has no {0} in it"),
        ("does not contain any stream", "has no {0} in it"),
        ("Device or resource busy", "is in use by another program: close that first"),
        ("Permission denied", "may not be used by you: ask for the rights to it (on Linux the groups audio and video)"),
        ("Operation not permitted", "may not be used by you: allow it for this terminal in the system's settings"),
        ("Cannot get card index", "is not there"),
        ("Connection refused", "cannot be opened: the sound server does not answer"),
        ("No such file or directory", "is not there"),
        ("No such device", "is not there"),
        ("No such entity", "is not there"),
        ("No such process", "cannot be opened: there is no sound server, or no device of this name"),
        ("Could not find", "is not there"),
        ("Unknown input format", "needs a device type that this ffmpeg was built without"),
    ];

    /// <summary>The sentence.</summary>
    /// <param name="name">The device or file as the user named it.</param>
    /// <param name="kind">"sound" or "pictures".</param>
    /// <param name="complaint">The first lines of the program's standard error; may be empty.</param>
    public static string Sentence(string name, string kind, string complaint)
    {
        var shown = $"\"{Glyphs.Clean(name)}\"";
        foreach (var (says, means) in Known)
        {
            if (complaint.Contains(says, StringComparison.OrdinalIgnoreCase)) return $"{shown} {means.Replace("{0}", kind, StringComparison.Ordinal)}";
        }

        var line = FirstLine(complaint);
        return line.Length == 0 ? $"{shown} gave no {kind}" : $"{shown} cannot be used: ffmpeg says \"{Glyphs.Fit(line, 160)}\"";
    }

    /// <summary>Without the part of ffmpeg that speaks: "[v4l2 @ 0x…] ".</summary>
    private static string FirstLine(string complaint)
    {
        var line = complaint.Split('\n').Select(said => said.Trim()).FirstOrDefault(said => said.Length > 0) ?? "";
        return line.StartsWith('[') && line.IndexOf("] ", StringComparison.Ordinal) is > 0 and var end ? line[(end + 2)..] : line;
    }
}
