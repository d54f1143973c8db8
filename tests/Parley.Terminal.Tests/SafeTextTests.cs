using CsCheck;

namespace Parley.Terminal.Tests;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain ünïcode 日本 👩‍👧", "plain ünïcode 日本 👩‍👧")]
    [InlineData("\e[31mred\u009b0m\a", " [31mred 0m ")]
    [InlineData("a\r\nb\u2028c\u0085d", "a  b c d")]
    [InlineData("a\u202Eb\u2066c\u200Fd\uFEFFe\u00ADf", "abcdef")]
    [InlineData("\U000E0041x", "x")]
    [InlineData(null, "")]
    public void A_line_has_nothing_a_terminal_obeys(string? text, string line) => Assert.Equal(line, SafeText.Line(text));

    [Fact]
    public void Half_a_surrogate_pair_is_replaced() => Assert.Equal("half \uFFFD!", SafeText.Line("half \uD800!"));

    [Fact]
    public void Line_feeds_stay_when_lines_are_wanted() => Assert.Equal("a\n b", SafeText.Lines("a\n\rb"));

    [Fact]
    public void No_text_whatever_gets_a_control_character_through() =>
        Gen.String[Gen.Char, 0, 50].Sample(text => !SafeText.Line(text).Any(char.IsControl));
}
