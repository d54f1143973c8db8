using Parley.Terminal.Join.Drawing;

namespace Parley.Terminal.Tests.Join.Drawing;

public sealed class CellBufferTests
{
    [Fact]
    public void A_wide_character_loses_both_halves_when_one_is_drawn_over()
    {
        var screen = new CellBuffer(6, 1);
        screen.Write(0, 0, "日本");
        screen.Write(1, 0, "x");
        screen.Write(2, 0, "y");

        Assert.Equal(" xy ", string.Concat(Enumerable.Range(0, 4).Select(x => screen[x, 0].Rune)));
    }

    [Fact]
    public void Half_a_wide_character_is_not_drawn_at_the_border()
    {
        var screen = new CellBuffer(3, 1);
        screen.Write(0, 0, "ab日");

        Assert.Equal(Cell.Blank, screen[2, 0]);
    }

    [Fact]
    public void A_half_block_shows_two_pixels()
    {
        // Two columns, three rows: red over green, blue over white, and a last row without a lower half.
        byte[] rgb = [255, 0, 0, 0, 0, 255, 0, 255, 0, 255, 255, 255, 9, 9, 9, 0, 0, 0];
        var screen = new CellBuffer(4, 3);

        HalfBlocks.Draw(screen, 1, 1, rgb, 2, 3);

        Assert.Equal(new Cell(new('▀'), null, Ink.Rgb(255, 0, 0), Ink.Rgb(0, 255, 0), CellStyle.Plain), screen[1, 1]);
        Assert.Equal(new Cell(new('▀'), null, Ink.Rgb(0, 0, 255), Ink.Rgb(255, 255, 255), CellStyle.Plain), screen[2, 1]);
        Assert.Equal(new Cell(new('▀'), null, Ink.Rgb(9, 9, 9), Ink.Rgb(0, 0, 0), CellStyle.Plain), screen[1, 2]);
        Assert.Equal(new Cell(new('▀'), null, Ink.Rgb(0, 0, 0), Ink.Rgb(0, 0, 0), CellStyle.Plain), screen[2, 2]);
        Assert.Equal(Cell.Blank, screen[0, 0]);
        Assert.Equal(Cell.Blank, screen[3, 1]);
    }

    [Theory]
    [InlineData(0, 0, 0, 16)]
    [InlineData(255, 255, 255, 231)]
    [InlineData(255, 0, 0, 196)]
    [InlineData(95, 135, 175, 67)]
    [InlineData(128, 128, 128, 244)]
    [InlineData(8, 8, 8, 232)]
    public void A_terminal_of_256_colours_gets_the_nearest(byte red, byte green, byte blue, byte index) =>
        Assert.Equal(index, Palette256.Nearest(red, green, blue));

    [Fact]
    public void No_colour_of_the_256_is_nearer_than_the_one_chosen()
    {
        CsCheck.Check.Sample(CsCheck.Gen.Select(CsCheck.Gen.Byte, CsCheck.Gen.Byte, CsCheck.Gen.Byte), (red, green, blue) =>
        {
            int Far(int index)
            {
                var (r, g, b) = Palette256.Color((byte)index);
                return ((red - r) * (red - r)) + ((green - g) * (green - g)) + ((blue - b) * (blue - b));
            }

            Assert.Equal(Enumerable.Range(16, 240).Min(Far), Far(Palette256.Nearest(red, green, blue)));
        });
    }
}
