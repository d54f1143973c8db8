using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Parley.Server.Tests.Meetings;

namespace Parley.Server.Tests.Api;

/// <summary>The server as people run it: the executable, with its exit code and what it says.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;

    private ServerProcess(params string[] settings)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "parley.exe" : "parley"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("serve");
        foreach (var setting in settings) start.ArgumentList.Add("--Parley:" + setting);
        _process = Process.Start(start)!;
    }

    public Uri Address { get; private set; } = null!;

    /// <summary>Runs one that ends by itself.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] settings)
    {
        using var server = new ServerProcess(settings);
        var (output, error) = (server._process.StandardOutput.ReadToEndAsync(), server._process.StandardError.ReadToEndAsync());
        await server._process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon();
        return (server._process.ExitCode, await output, await error);
    }

    public static async Task<ServerProcess> StartAsync(params string[] settings)
    {
        var server = new ServerProcess(["Http:Port=0", "Http:Https=false", "Media:Port=0", "Turn:Port=0", "Turn:RelayPortFirst=0", .. settings]);
        while (await server._process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Soon() is { } line)
        {
            var at = line.IndexOf(Listening, StringComparison.Ordinal);
            if (at < 0) continue;
            server.Address = new Uri(line[(at + Listening.Length)..].Replace("[::]", "127.0.0.1", StringComparison.Ordinal));
            _ = server._process.StandardOutput.ReadToEndAsync();
            return server;
        }

        throw new InvalidOperationException(await server._process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>SIGKILL, or SIGTERM.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync(bool kill)
    {
        if (kill)
        {
            _process.Kill();
        }
        else
        {
            using var signal = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await signal.WaitForExitAsync(TestContext.Current.CancellationToken).Soon();
        }

        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
