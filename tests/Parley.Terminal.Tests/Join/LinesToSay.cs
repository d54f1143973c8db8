using System.Collections.Concurrent;

namespace Parley.Terminal.Tests.Join;

/// <summary>Standard input as a pipe that is written to during a test.</summary>
internal sealed class LinesToSay : TextReader
{
    private readonly BlockingCollection<string> _lines = [];

    public void Add(string line) => _lines.Add(line);

    public void End() => _lines.CompleteAdding();

    public override string? ReadLine() => _lines.TryTake(out var line, Timeout.Infinite) ? line : null;

    protected override void Dispose(bool disposing)
    {
        _lines.Dispose();
        base.Dispose(disposing);
    }
}
