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

    private ServerProcess(string[] settings, string[]? under = null)
    {
        var program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "parley.exe" : "parley");
        string[] command = [.. under ?? [], program, "serve", .. settings.Select(setting => "--Parley:" + setting)];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (under is not null) start.Environment.Remove("HOME");
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

    public static Task<ServerProcess> StartAsync(params string[] settings) => StartAsync(null, ["Http:Https=false", .. settings]);

    /// <summary>With HTTPS, as a user who has no entry in the system and no HOME, as a service may be; null where the system does not allow it.</summary>
    public static async Task<ServerProcess?> StartAsNobodyAsync(params string[] settings)
    {
        string[] nobody = ["unshare", "--user", "--map-user=54321"];
        if (!OperatingSystem.IsLinux()) return null;
        using var trial = Process.Start(nobody[0], [.. nobody[1..], "true"]);
        await trial.WaitForExitAsync(TestContext.Current.CancellationToken).Soon();
        return trial.ExitCode == 0 ? await StartAsync(nobody, ["Http:HttpsPort=0", .. settings]) : null;
    }

    private static async Task<ServerProcess> StartAsync(string[]? under, string[] settings)
    {
        var server = new ServerProcess(["Http:Port=0", "Media:Port=0", "Turn:Port=0", "Turn:RelayPortFirst=0", .. settings], under);
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
