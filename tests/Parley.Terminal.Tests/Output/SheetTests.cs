using Parley.Terminal.Output;
using Spectre.Console.Testing;

namespace Parley.Terminal.Tests.Output;

public sealed class SheetTests
{
    [Fact]
    public void Plain_columns_are_as_wide_as_what_is_in_them_on_the_screen()
    {
        var text = new StringWriter { NewLine = "\n" };
        Example().WriteTo(text);
        Assert.Equal("NAME  SAID\n日本  [red]wide[/]\nAda   x\n", text.ToString());
    }

    [Theory]
    [InlineData(80)]
    [InlineData(24)]
    public void A_table_shows_markup_as_text_and_keeps_to_the_window(int width)
    {
        var console = new TestConsole().Width(width);
        console.Write(Example().ToTable());
        Assert.All(console.Lines, line => Assert.True(line.Length <= width));
        Assert.Contains("[red]wide[/]", console.Output, StringComparison.Ordinal);
        Assert.Contains("日本", console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Cells_must_fit_the_headings() => Assert.Throws<ArgumentException>(() => Example().Add("one"));

    private static Sheet Example()
    {
        var sheet = new Sheet("Name", "Said") { Wrapping = [1] };
        sheet.Add("日本", "[red]wide[/]");
        sheet.Add("Ada", "x");
        return sheet;
    }
}
