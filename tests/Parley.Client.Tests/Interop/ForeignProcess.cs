using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;

namespace Parley.Client.Tests.Interop;

/// <summary>Another project's program, line by line; it ends with the test.</summary>
internal sealed class ForeignProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _seen = [];

    /// <param name="package">Debian's package that has the program.</param>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">What it is told.</param>
    public ForeignProcess(string package, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException($"{program} is missing: install {package}, or run ./test, which does.", missing);
        }

        _process.OutputDataReceived += Take;
        _process.ErrorDataReceived += Take;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public StreamWriter Input => _process.StandardInput;

    /// <summary>Waits for a line that something can be made of.</summary>
    public async Task<T> Find<T>(Func<string, T?> parse)
        where T : class
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            while (true)
            {
                var line = await _lines.Reader.ReadAsync(deadline.Token);
                _seen.Add(line);
                if (parse(line) is { } found)
                {
                    return found;
                }
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"It never said so:\n{string.Join('\n', _seen)}");
        }
    }

    public Task Exited() => _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void Take(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text)
        {
            _lines.Writer.TryWrite(text);
        }
    }
}
