namespace Parley.Browser.Harness;

/// <summary>The picture of peer.js in C#: 8×5 cells that say whose it is and when it was taken.</summary>
internal static class Barcode
{
    public const int Width = 320;
    public const int Height = 180;

    private const int Columns = 8;
    private const int Rows = 5;
    private const int CellWidth = Width / Columns;
    private const int CellHeight = Height / Rows;
    private const int ClockBits = 20;
    private const long ClockPeriod = 1 << ClockBits;
    private const byte Black = 16;
    private const byte White = 235;

    /// <summary>The first row is always this: without it a grey or frozen surface could pass for data.</summary>
    private const uint Mark = 0b1010_0110;

    /// <summary>The clock in it: the same in a browser on this machine.</summary>
    public static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Draws it into the luma plane of a picture; its chroma stays grey.</summary>
    public static void Draw(Span<byte> luma, int stride, int number, long unixMilliseconds)
    {
        var data = (uint)number << ClockBits | (uint)(unixMilliseconds % ClockPeriod);
        var bits = (ulong)Mark << 32 | (ulong)data << 8 | Crc8(data);
        for (var cell = 0; cell < Columns * Rows; cell++)
        {
            var light = (bits >> (Columns * Rows - 1 - cell) & 1) != 0 ? White : Black;
            var top = cell / Columns * CellHeight;
            for (var y = top; y < top + CellHeight; y++) luma.Slice(y * stride + cell % Columns * CellWidth, CellWidth).Fill(light);
        }
    }

    /// <summary>Reads it back from a luma plane of any size; null when no valid one is there.</summary>
    public static (int Number, long AgeMs)? Read(ReadOnlySpan<byte> luma, int stride, int width, int height, long unixMilliseconds)
    {
        ulong bits = 0;
        for (var cell = 0; cell < Columns * Rows; cell++)
        {
            // The middle quarter of a cell: its edges blur.
            int left = width * (cell % Columns * 4 + 1) / (Columns * 4), right = width * (cell % Columns * 4 + 3) / (Columns * 4);
            int top = height * (cell / Columns * 4 + 1) / (Rows * 4), bottom = height * (cell / Columns * 4 + 3) / (Rows * 4);
            long sum = 0;
            for (var y = top; y < bottom; y++)
            {
                for (var x = left; x < right; x++) sum += luma[y * stride + x];
            }

            var light = sum / Math.Max(1, (right - left) * (bottom - top));
            if (light is > 85 and < 165) return null;
            bits = bits << 1 | (light > 125 ? 1u : 0u);
        }

        var data = (uint)(bits >> 8);
        data &= (1u << (ClockBits + 4)) - 1;
        if (bits >> 32 != Mark || (byte)bits != Crc8(data)) return null;
        var clock = data % ClockPeriod;
        return ((int)(data >> ClockBits), (unixMilliseconds % ClockPeriod - clock + ClockPeriod) % ClockPeriod);
    }

    private static byte Crc8(uint data)
    {
        uint crc = 0xFF;
        for (var i = ClockBits + 4 - 1; i >= 0; i--)
        {
            var carry = (crc >> 7 ^ data >> i) & 1;
            crc = crc << 1 & 0xFF;
            if (carry != 0) crc ^= 0x07;
        }

        return (byte)crc;
    }
}
