using CsCheck;
using Parley.Server.Files;

namespace Parley.Server.Tests.Files;

public sealed class FileNameTests
{
    [Theory]
    [InlineData("plan.pdf", "plan.pdf")]
    [InlineData("../../etc/passwd", "_.._etc_passwd")]
    [InlineData("C:\\Windows\\evil.exe", "C__Windows_evil.exe")]
    [InlineData(".bashrc", "bashrc")]
    [InlineData(" my  plan .", "my plan")]
    [InlineData("annual\u202Egpj.exe", "annualgpj.exe")]
    [InlineData("a\r\nSet-Cookie: b", "a Set-Cookie_ b")]
    [InlineData("\"><script>", "___script_")]
    [InlineData("报告.docx", "报告.docx")]
    public void Names_are_made_fit(string raw, string clean) => Assert.Equal(clean, FileName.Clean(raw));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("...")]
    [InlineData("\u200B")]
    public void What_nobody_can_see_is_no_name(string? raw) => Assert.Null(FileName.Clean(raw));

    [Fact]
    public void A_long_name_keeps_its_end()
    {
        Assert.Equal(new string('x', 116) + ".pdf", FileName.Clean(new string('x', 300) + ".pdf"));
        Assert.Null(FileName.Clean(new string('x', 5000)));
    }

    [Fact]
    public void Whatever_comes_the_name_is_none_or_fit() => Gen.String.Sample(raw =>
        FileName.Clean(raw) is not { } name
        || (name.Length is > 0 and <= FileName.Longest && name[0] != '.' && name.IndexOfAny(['/', '\\', ':', '"', '\r', '\n', '\0', '\u202E']) < 0));

    [Fact]
    public void A_name_that_is_cut_ends_in_no_dot() =>
        Assert.Equal(new string('a', FileName.Longest - 1), FileName.Clean(new string('a', FileName.Longest - 1) + "." + new string('b', 40)));
}
