using System.Diagnostics;

namespace Parley.Terminal.Tests.Harness;

/// <summary>`parley` as people run it, with redirected output and a state folder of its own.</summary>
internal sealed class ParleyProcess : IDisposable
{
    /// <summary>Longer than a load may take to warm up (60 s) and to run.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly Process _process;

    private ParleyProcess(string? state, string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "parley.exe" : "parley"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment.Remove("PARLEY_SERVER");
        start.Environment["XDG_STATE_HOME"] = state ?? "/nonexistent";
        // Five and a half hours ahead of UTC, the whole year.
        start.Environment["TZ"] = "Asia/Kolkata";
        _process = Process.Start(start)!;
    }

    /// <summary>Starts one that goes on until a signal.</summary>
    public static ParleyProcess Start(params string[] arguments) => new(null, arguments);

    /// <summary>Runs one that ends by itself.</summary>
    public static Task<Ended> RunAsync(params string[] arguments) => RunInAsync(null, arguments);

    /// <param name="state">Its state folder (XDG_STATE_HOME).</param>
    public static async Task<Ended> RunInAsync(string? state, params string[] arguments)
    {
        using var process = new ParleyProcess(state, arguments);
        return await process.EndAsync();
    }

    /// <summary>Reads what it prints up to a line that holds <paramref name="part"/>, and gives that line.</summary>
    public async Task<string> LineAsync(string part)
    {
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit) is { } line)
        {
            if (line.Contains(part, StringComparison.Ordinal)) return line;
        }

        throw new InvalidOperationException(await _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, $"{_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for the end; the deadline only ever fails a test.</summary>
    public async Task<Ended> EndAsync()
    {
        var (output, error) = (_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
        return new Ended(_process.ExitCode, await output, await error);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    internal sealed record Ended(int Code, string Output, string Error)
    {
        /// <summary>The one line on standard error, and nothing on standard output.</summary>
        public string OneLine(int code)
        {
            Assert.True(Code == code, $"Exit code {Code}, not {code}: {Error}");
            Assert.Empty(Output);
            Assert.EndsWith("\n", Error, StringComparison.Ordinal);
            return Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        /// <summary>What was printed by one that went well.</summary>
        public string Printed()
        {
            Assert.True(Code == 0, $"Exit code {Code}: {Error}");
            Assert.Empty(Error);
            return Output;
        }
    }
}
