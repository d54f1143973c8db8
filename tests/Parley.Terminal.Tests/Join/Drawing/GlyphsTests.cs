using System.Text;
using CsCheck;
using Parley.Terminal.Join.Drawing;

namespace Parley.Terminal.Tests.Join.Drawing;

public sealed class GlyphsTests
{
    [Theory]
    [InlineData("Ada", 3)]
    [InlineData("日本語", 6)]
    [InlineData("한국", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("🙂", 2)]
    [InlineData("▀●│…", 4)]
    [InlineData("", 0)]
    public void Knows_how_many_cells_text_takes(string text, int cells) => Assert.Equal(cells, Glyphs.Width(text));

    [Theory]
    [InlineData("\u001b[2J\u001b]0;owned\u0007Eve", " [2J ]0;owned Eve")]
    [InlineData("a\r\nb\tc", "a  b c")]
    [InlineData("\u009b31mEve", " 31mEve")]
    [InlineData("abc\u202Efdp.exe", "abcfdp.exe")]
    [InlineData("\u2066Eve\u2069\u200B\uFEFF", "Eve")]
    [InlineData("👍🏽", "👍")]
    [InlineData("👩\u200D💻", "👩💻")]
    [InlineData("🇩🇪", "DE")]
    [InlineData("❤\uFE0F", "❤")]
    [InlineData("\uE000", "\ufffd")]
    [InlineData("\u0301Ada", "Ada")]
    public void Lets_nothing_through_that_is_more_than_a_character(string text, string clean) => Assert.Equal(clean, Glyphs.Clean(text));

    [Fact]
    public void Half_a_surrogate_pair_is_one_wrong_character() => Assert.Equal("\ufffdx", Glyphs.Clean(new string(['\ud800', 'x'])));

    [Fact]
    public void Keeps_three_marks_over_a_letter_and_no_more() =>
        Assert.Equal("e" + new string('\u0301', 3), Glyphs.Clean("e" + new string('\u0301', 50)));

    [Fact]
    public void Any_text_becomes_visible_characters_of_one_or_two_cells() => Gen.String.Sample(text =>
    {
        foreach (var glyph in Glyphs.Of(text))
        {
            Assert.InRange(glyph.Width, 1, 2);
            Assert.False(Rune.IsControl(glyph.Rune));
            Assert.NotEqual(System.Globalization.UnicodeCategory.Format, Rune.GetUnicodeCategory(glyph.Rune));
        }
    });

    [Theory]
    [InlineData("Ada Lovelace", 12, "Ada Lovelace")]
    [InlineData("Ada Lovelace", 7, "Ada Lo…")]
    [InlineData("日本語", 5, "日本…")]
    [InlineData("日本語", 4, "日…")]
    [InlineData("Ada", 1, "…")]
    [InlineData("Ada", 0, "")]
    public void Cuts_with_an_ellipsis(string text, int cells, string fit) => Assert.Equal(fit, Glyphs.Fit(text, cells));
}
