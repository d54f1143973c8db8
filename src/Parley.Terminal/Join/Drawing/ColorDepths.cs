namespace Parley.Terminal.Join.Drawing;

/// <summary>Finds out how many colours a terminal shows, by the variables that terminals set.</summary>
internal static class ColorDepths
{
    /// <summary>Asks the environment.</summary>
    /// <param name="variable">The value of an environment variable, or null.</param>
    public static ColorDepth Find(Func<string, string?> variable)
    {
        // https://no-color.org: whatever its value, unless it is empty.
        if (!string.IsNullOrEmpty(variable("NO_COLOR"))) return ColorDepth.None;
        if (variable("COLORTERM") is "truecolor" or "24bit") return ColorDepth.True;
        var term = variable("TERM") ?? "";
        if (term.EndsWith("-direct", StringComparison.Ordinal)) return ColorDepth.True;
        // The Windows console has 24 bits and sets neither variable.
        if (term.Length == 0 && variable("WT_SESSION") is not null) return ColorDepth.True;
        return ColorDepth.Palette;
    }
}
