using CsCheck;
using Parley.Terminal.Join.Drawing;

namespace Parley.Terminal.Tests.Join.Drawing;

public sealed class MeetingLayoutTests
{
    [Fact]
    public void Nothing_overlaps_and_everything_is_on_the_screen() =>
        Gen.Select(Gen.Int[40, 400], Gen.Int[12, 200], Gen.Int[1, 60], Gen.Int[0, 6]).Sample((width, height, people, tiles) =>
        {
            var layout = MeetingLayout.For(width, height, people, tiles);

            Rect[] parts = [layout.Header, .. layout.Tiles, layout.People, layout.Chat, layout.Divider, layout.Input, layout.Footer];
            Assert.False(layout.IsTooSmall);
            Assert.All(parts, part => Assert.True(!part.IsEmpty && new Rect(0, 0, width, height).Contains(part), part.ToString()));
            for (var i = 0; i < parts.Length; i++)
            {
                for (var j = 0; j < i; j++) Assert.False(parts[i].Overlaps(parts[j]), $"{parts[i]} and {parts[j]}");
            }

            Assert.Equal(Math.Min(tiles, 4), layout.Tiles.Count);
            Assert.True(layout.Chat.Height >= 2 && layout.Chat.Width >= 20, layout.Chat.ToString());
            Assert.All(layout.Tiles, tile => Assert.True(tile.Height >= 2 && tile.Width >= 8, tile.ToString()));
        });

    [Theory]
    [InlineData(39, 12)]
    [InlineData(40, 11)]
    [InlineData(0, 0)]
    public void Says_when_there_is_no_room(int width, int height) => Assert.True(MeetingLayout.For(width, height, 3, 2).IsTooSmall);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 1)]
    [InlineData(3, 2, 2)]
    [InlineData(4, 2, 2)]
    public void Tiles_fill_a_usual_window_as_a_grid(int count, int columns, int rows)
    {
        var tiles = TileGrid.Arrange(new Rect(0, 1, 84, 24), count);

        Assert.Equal(columns, tiles.Select(tile => tile.X).Distinct().Count());
        Assert.Equal(rows, tiles.Select(tile => tile.Y).Distinct().Count());
    }

    [Fact]
    public void Two_tiles_stand_below_each_other_where_it_is_narrow() =>
        Assert.Single(TileGrid.Arrange(new Rect(0, 0, 30, 30), 2).Select(tile => tile.X).Distinct());

    [Fact]
    public void A_picture_keeps_its_shape_inside_the_tile() =>
        Gen.Select(Gen.Int[1, 300], Gen.Int[1, 100], Gen.Int[1, 4000], Gen.Int[1, 4000]).Sample((columns, rows, width, height) =>
        {
            var (w, h) = TileGrid.Fit(new Rect(0, 0, columns, rows), width, height);

            Assert.InRange(w, 1, columns);
            Assert.InRange(h, 1, rows * 2);
            // Within a cell of the true shape, or as thin as a picture can be.
            Assert.True(w == 1 || h <= 2 || Math.Abs((w * (double)height) - (h * (double)width)) <= 2.0 * Math.Max(width, height), $"{w}×{h}");
        });

    [Fact]
    public void Narrow_windows_have_one_line_of_people() => Assert.Equal(1, MeetingLayout.For(60, 24, 9, 2).People.Height);
}
