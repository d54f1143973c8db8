using Parley.Terminal.Join.Drawing;

namespace Parley.Terminal.Join.View;

/// <summary>The few colours of the meeting's screen.</summary>
internal static class Colors
{
    public static readonly Ink Bar = Ink.Rgb(0x1f, 0x29, 0x37);
    public static readonly Ink OnBar = Ink.Rgb(0xe5, 0xe7, 0xeb);
    public static readonly Ink Good = Ink.Rgb(0x4a, 0xde, 0x80);
    public static readonly Ink Bad = Ink.Rgb(0xf8, 0x71, 0x71);
    public static readonly Ink Warning = Ink.Rgb(0xfb, 0xbf, 0x24);
    public static readonly Ink Quiet = Ink.Rgb(0x9c, 0xa3, 0xaf);
    public static readonly Ink SpeakingBar = Ink.Rgb(0x16, 0x65, 0x34);
    public static readonly Ink NoPicture = Ink.Rgb(0x11, 0x18, 0x27);

    private static readonly Ink[] Names =
    [
        Ink.Rgb(0x60, 0xa5, 0xfa), Ink.Rgb(0xf4, 0x72, 0xb6), Ink.Rgb(0x34, 0xd3, 0x99), Ink.Rgb(0xfb, 0x92, 0x3c),
        Ink.Rgb(0xa7, 0x8b, 0xfa), Ink.Rgb(0x22, 0xd3, 0xee), Ink.Rgb(0xfa, 0xcc, 0x15), Ink.Rgb(0xa3, 0xe6, 0x35),
    ];

    /// <summary>The same for the same participant in every run and on every machine.</summary>
    public static Ink OfName(string participantId)
    {
        // FNV-1a.
        var hash = 2166136261u;
        foreach (var c in participantId) hash = (hash ^ c) * 16777619u;
        return Names[hash % (uint)Names.Length];
    }
}
