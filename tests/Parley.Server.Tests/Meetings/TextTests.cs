using System.Globalization;
using System.Text;
using CsCheck;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

public sealed class TextTests
{
    /// <summary>Any UTF-16, weighted to what hurts: surrogates, controls, marks, bidi, spaces, Hangul.</summary>
    private static readonly Gen<string> Hostile = Gen.OneOf(
        Gen.Char, Gen.Char['\uD800', '\uDFFF'], Gen.Char['\0', '\u00A0'], Gen.Char['\u0300', '\u036F'],
        Gen.Char['\u2000', '\u206F'], Gen.Char['\u1100', '\u11FF'], Gen.Char['\uAC00', '\uAC40'], Gen.Char['a', 'z']).Array[0, 80].Select(c => new string(c));

    [Theory]
    [InlineData("  Ada \t\r\n Lovelace ", "Ada Lovelace")]
    [InlineData("a\u0000b\u007Fc\u0085d", "a b c d")]
    [InlineData("\u202Eevil\u202C \u2066x\u2069", "evil x")]
    [InlineData("e\u202D\u0301", "e\u0301")]
    [InlineData("<b>&amp;", "<b>&amp;")]
    [InlineData("a\u3000\u2028b", "a b")]
    public void Cleans_a_line(string raw, string clean) => Assert.Equal(clean, Text.Line(raw, 60));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \u00A0\u3000")]
    [InlineData("\u200B\u200C\u200D\u2060\uFEFF\u00AD")]
    [InlineData("\u0001\u0002")]
    [InlineData("\u202A\u2069")]
    [InlineData("\u0301\u0302")]
    [InlineData("\u3164\u115F\u2800")]
    [InlineData("\uE000")]
    public void Refuses_what_nobody_would_see(string? raw)
    {
        Assert.Null(Text.Line(raw, 60));
        Assert.Null(Text.Lines(raw, 60));
    }

    [Fact]
    public void Replaces_half_characters_and_keeps_whole_ones()
    {
        Assert.Equal("x\uFFFDy", Text.Line("x\uD800y", 60));
        Assert.Equal("x\uFFFD\U0001F600", Text.Line("x\uDC00\U0001F600\u202E", 60));
        Assert.Equal("\uFFFD", Text.Line("\uD83D", 60));
    }

    [Fact]
    public void Keeps_lines_and_spaces_of_chat()
    {
        Assert.Equal("a\n\n  b\nc\nd", Text.Lines("\n a\n\r\n  b\rc\u2028d\t", 60));
        Assert.Equal("a b", Text.Lines("a\tb", 60));
    }

    [Fact]
    public void Counts_utf16_units_of_the_clean_text_and_never_cuts()
    {
        Assert.Equal(60, Text.Line(new string('x', 60) + "   ", 60)?.Length);
        Assert.Null(Text.Line(new string('x', 61), 60));
        Assert.Null(Text.Line(string.Concat(Enumerable.Repeat("\U0001F600", 31)), 60));
        Assert.Null(Text.Line(new string(' ', 10_000) + "x", 60));
    }

    [Fact]
    public void Whatever_comes_in_what_comes_out_is_clean_and_cleaning_it_again_changes_nothing() => Hostile.Sample(raw =>
    {
        foreach (var lines in new[] { false, true })
        {
            var clean = lines ? Text.Lines(raw, 1000) : Text.Line(raw, 1000);
            if (clean is null) continue;
            Assert.Equal(clean, lines ? Text.Lines(clean, 1000) : Text.Line(clean, 1000));
            Assert.Equal(clean, clean.Trim());
            Assert.DoesNotContain(clean, c => char.IsControl(c) && !(lines && c == '\n'));
            Assert.DoesNotContain(clean, c => c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));
            Assert.Equal(clean, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(clean)));
            if (!lines) Assert.DoesNotContain("  ", clean, StringComparison.Ordinal);
        }
    });
}
