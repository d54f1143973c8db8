using Parley.Terminal.Output;
using Spectre.Console;

namespace Parley.Terminal.Load;

/// <summary>What is shown of a run while it goes on.</summary>
/// <param name="Phase">What it does now.</param>
/// <param name="People">How many joined, got media, failed.</param>
/// <param name="Figures">Of the last second, delays since the measuring began; null at first.</param>
internal sealed record LoadStatus(string Phase, string People, LoadFigures? Figures)
{
    public IEnumerable<(string Label, string Text)> Rows() =>
        new[] { ("now", Phase), ("participants", People) }.Concat(Figures is null ? [] : LoadRows.Of(Figures));
}

/// <summary>Where a run is watched. Called by one thread at a time for <see cref="Show"/>, by any for <see cref="Note"/>.</summary>
internal interface ILoadView
{
    /// <summary>Once a second.</summary>
    void Show(LoadStatus status);

    /// <summary>Something to know that is no figure, in one line.</summary>
    void Note(string line);
}

/// <summary>For a pipe or a file: a line now and then. With JSON there are only the notes, on standard error.</summary>
internal sealed class PlainLoadView(StandardOutput? output) : ILoadView
{
    private const int SecondsBetweenLines = 5;

    private int _count;

    public void Show(LoadStatus status)
    {
        if (_count++ % SecondsBetweenLines == 0) output?.Line(string.Join(" | ", status.Rows().Select(row => $"{row.Label}: {row.Text}")));
    }

    public void Note(string line) => CommandRunner.WriteError(line);
}

/// <summary>For a terminal: a table that is drawn anew in its place, and gone at the end.</summary>
internal sealed class LiveLoadView : ILoadView
{
    private readonly Lock _lock = new();
    private readonly List<string> _notes = [];
    private readonly LiveDisplayContext _display;
    private LoadStatus _status = new("beginning", "", null);

    private LiveLoadView(LiveDisplayContext display) => _display = display;

    /// <summary>Runs something under a live table; its notes are said again when the table is gone.</summary>
    public static async Task<T> RunAsync<T>(IAnsiConsole console, Func<ILoadView, Task<T>> run)
    {
        // A second signal ends the process while the cursor is hidden.
        EventHandler onExit = (_, _) => console.Cursor.Show();
        AppDomain.CurrentDomain.ProcessExit += onExit;
        LiveLoadView? view = null;
        try
        {
            return await console.Live(new Text("")).AutoClear(true).StartAsync(display => run(view = new LiveLoadView(display)));
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= onExit;
            foreach (var note in view?._notes ?? []) CommandRunner.WriteError(note);
        }
    }

    public void Show(LoadStatus status)
    {
        lock (_lock)
        {
            _status = status;
            Draw();
        }
    }

    public void Note(string line)
    {
        lock (_lock)
        {
            _notes.Add(line);
            Draw();
        }
    }

    private void Draw()
    {
        var table = new Table().Border(TableBorder.Rounded).BorderStyle(new Style(Color.Grey)).HideHeaders().AddColumns("", "");
        foreach (var (label, text) in _status.Rows()) table.AddRow(new Text(label, new Style(Color.Grey)), new Text(SafeText.Line(text)));
        foreach (var note in _notes) table.AddRow(new Text("note", new Style(Color.Yellow)), new Text(SafeText.Line(note)));
        _display.UpdateTarget(table);
    }
}
