using Spectre.Console;
using Spectre.Console.Rendering;

namespace Parley.Terminal.Output;

/// <summary>Rows under headings. Its cells may hold anything: each is one safe line of text, never markup.</summary>
internal sealed class Sheet(params string[] headings)
{
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [];

    /// <summary>The columns that may be broken into lines when the terminal is narrow; the others are short. By index.</summary>
    public IReadOnlyCollection<int> Wrapping { get; init; } = [];

    public void Add(params string[] cells)
    {
        if (cells.Length != headings.Length) throw new ArgumentException($"{cells.Length} cells under {headings.Length} headings.", nameof(cells));
        _rows.Add([.. cells.Select(SafeText.Line)]);
    }

    /// <summary>For a pipe or a file: columns side by side, as wide as they need to be, nothing cut.</summary>
    public void WriteTo(TextWriter writer)
    {
        string[][] lines = [[.. headings.Select(heading => heading.ToUpperInvariant())], .. _rows];
        var widths = headings.Select((_, column) => lines.Max(line => Width(line[column]))).ToArray();
        foreach (var line in lines)
        {
            writer.WriteLine(string.Join(Gap, line.Select((cell, column) => cell + new string(' ', widths[column] - Width(cell)))).TrimEnd());
        }
    }

    /// <summary>For a terminal.</summary>
    public Table ToTable()
    {
        var table = new Table().Border(TableBorder.Rounded).BorderStyle(new Style(Color.Grey));
        foreach (var (column, heading) in headings.Index())
        {
            var header = new TableColumn(new Text(heading, new Style(decoration: Decoration.Bold)));
            table.AddColumn(Wrapping.Contains(column) ? header : header.NoWrap());
        }

        foreach (var row in _rows) table.AddRow(row.Select(IRenderable (cell) => new Text(cell)));
        return table;
    }

    /// <summary>In cells of a terminal: some characters take two, some none.</summary>
    private static int Width(string text) => new Segment(text).CellCount();
}
