namespace Parley.Client.Video;

/// <summary>Paints the test picture, in any size.</summary>
internal static class PatternPainter
{
    private const int DigitColumns = 3;
    private const int DigitRows = 5;

    /// <summary>White, yellow, cyan, green, magenta, red, blue, black at 75 %, in BT.601.</summary>
    private static readonly (byte Y, byte U, byte V)[] Bars =
    [
        (180, 128, 128), (162, 44, 142), (131, 156, 44), (112, 72, 58), (84, 184, 198), (65, 100, 212), (35, 212, 114), (16, 128, 128),
    ];

    /// <summary>0–9 and a colon: three columns by five rows, the upper left in the highest bit.</summary>
    private static readonly ushort[] Glyphs =
    [
        0b111_101_101_101_111, 0b010_110_010_010_111, 0b111_001_111_100_111, 0b111_001_111_001_111, 0b101_101_111_001_001,
        0b111_100_111_001_111, 0b111_100_111_101_111, 0b111_001_010_010_010, 0b111_101_111_101_111, 0b111_101_111_001_111,
        0b000_010_000_010_000,
    ];

    public static void Paint(I420Frame picture, long number, TimeSpan captureTime)
    {
        var barsHeight = picture.Height * 2 / 3;
        for (var i = 0; i < Bars.Length; i++)
        {
            var (left, right) = (picture.Width * i / Bars.Length, picture.Width * (i + 1) / Bars.Length);
            picture.Fill(left, 0, right - left, barsHeight, Bars[i].Y, Bars[i].U, Bars[i].V);
        }

        picture.Fill(0, barsHeight, picture.Width, picture.Height - barsHeight, 16, 128, 128);
        PaintBox(picture, number, barsHeight);
        PaintClock(picture, number, captureTime, barsHeight);
    }

    private static void PaintBox(I420Frame picture, long number, int barsHeight)
    {
        var side = Math.Max(2, picture.Height / 6);
        var left = Bounce(number * Math.Max(2, picture.Width / 80), picture.Width - side);
        var top = Bounce(number * Math.Max(2, picture.Height / 90), barsHeight - side);
        picture.Fill(left, top, side, side, 235, 128, 128);
        picture.Fill(left + (side / 4), top + (side / 4), side / 2, side / 2, 81, 90, 240);
    }

    /// <summary>There and back between 0 and a length.</summary>
    private static int Bounce(long way, int length)
    {
        if (length <= 0) return 0;
        var at = (int)(way % (2L * length));
        return at < length ? at : (2 * length) - at;
    }

    private static void PaintClock(I420Frame picture, long number, TimeSpan captureTime, int top)
    {
        // mm:ss:nnnn, the pictures counted in the last four: each digit takes four columns.
        const int Digits = 10;
        var block = Math.Min(picture.Width / (4 * Digits), (picture.Height - top) / (DigitRows + 2));
        if (block == 0) return;
        var seconds = (long)captureTime.TotalSeconds;
        Span<byte> glyphs =
        [
            Digit(seconds / 600 % 6), Digit(seconds / 60), 10, Digit(seconds / 10 % 6), Digit(seconds), 10,
            Digit(number / 1000), Digit(number / 100), Digit(number / 10), Digit(number),
        ];
        var left = (picture.Width - (4 * Digits * block)) / 2;
        top += (picture.Height - top - (DigitRows * block)) / 2;
        for (var i = 0; i < glyphs.Length; i++)
        {
            for (var bit = 0; bit < DigitColumns * DigitRows; bit++)
            {
                if ((Glyphs[glyphs[i]] >> ((DigitColumns * DigitRows) - 1 - bit) & 1) == 0) continue;
                picture.Fill(
                    left + (((4 * i) + (bit % DigitColumns)) * block), top + (bit / DigitColumns * block), block, block, 235, 128, 128);
            }
        }
    }

    private static byte Digit(long value) => (byte)(value % 10);
}
