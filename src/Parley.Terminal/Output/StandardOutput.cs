using System.Text.Json;
using Parley.Protocol;
using Spectre.Console;

namespace Parley.Terminal.Output;

/// <summary>What a command prints: tables with colours on a terminal, plain lines in a pipe or a file, JSON for scripts.</summary>
internal sealed class StandardOutput
{
    private static readonly JsonSerializerOptions Json = new(ProtocolJson.Options) { WriteIndented = true };

    private readonly TextWriter _writer;
    private readonly IAnsiConsole? _console;

    /// <param name="console">To draw tables on; null for plain text.</param>
    public StandardOutput(TextWriter writer, IAnsiConsole? console)
    {
        _writer = writer;
        _console = console;
    }

    /// <summary>The terminal, for what draws on it by itself; null when it is none.</summary>
    public IAnsiConsole? Ansi => _console;

    /// <summary>Whether people look at it.</summary>
    public bool IsTerminal => _console is not null;

    /// <summary>That of the process. Colours follow NO_COLOR (https://no-color.org) and TERM.</summary>
    public static StandardOutput Create()
    {
        if (Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb") return new StandardOutput(Console.Out, null);
        var colours = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new StandardOutput(Console.Out, AnsiConsole.Create(new AnsiConsoleSettings
        {
            ColorSystem = colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(Console.Out),
        }));
    }

    /// <summary>One line; what came from a server is made safe.</summary>
    public void Line(string text = "") => _writer.WriteLine(SafeText.Line(text));

    /// <summary>As the protocol writes it (docs/protocol.md); everything beyond ASCII is escaped, so no text can reach the terminal as it is.</summary>
    public void AsJson<T>(T value) => _writer.WriteLine(JsonSerializer.Serialize(value, Json));

    public void Table(Sheet sheet)
    {
        if (_console is null) sheet.WriteTo(_writer);
        else _console.Write(sheet.ToTable());
    }
}
