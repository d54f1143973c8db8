namespace Parley.Terminal.Join.Drawing;

/// <summary>
/// The upper 240 of xterm's 256 colours, which every terminal shows alike: 16–231 are a cube whose steps are 0, 95, 135, 175,
/// 215, 255; 232–255 are greys from 8 to 238 in steps of 10. The first 16 are the user's own and not used for pictures.
/// </summary>
internal static class Palette256
{
    private const int CubeStart = 16;
    private const int GreyStart = 232;
    private const int Greys = 24;

    public static byte Nearest(byte red, byte green, byte blue)
    {
        var (r, g, b) = (Step(red), Step(green), Step(blue));
        var cube = Distance(red - Level(r), green - Level(g), blue - Level(b));
        var grey = Math.Clamp((red + green + blue - 24 + 15) / 30, 0, Greys - 1);
        var level = 8 + (10 * grey);
        return Distance(red - level, green - level, blue - level) < cube
            ? (byte)(GreyStart + grey)
            : (byte)(CubeStart + (36 * r) + (6 * g) + b);
    }

    /// <summary>The colour with this index, 16–255.</summary>
    public static (byte Red, byte Green, byte Blue) Color(byte index)
    {
        if (index >= GreyStart)
        {
            var level = (byte)(8 + (10 * (index - GreyStart)));
            return (level, level, level);
        }

        var cube = Math.Max(index - CubeStart, 0);
        return ((byte)Level(cube / 36), (byte)Level(cube / 6 % 6), (byte)Level(cube % 6));
    }

    private static int Level(int step) => step == 0 ? 0 : 55 + (40 * step);

    private static int Step(int value) => value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40;

    private static int Distance(int red, int green, int blue) => (red * red) + (green * green) + (blue * blue);
}
