using System.Collections.Concurrent;
using System.Diagnostics;

namespace Parley.Browser.Harness;

/// <summary>The real, built server as a process of its own, with ports and a data folder of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _dataFolder;
    private readonly ConcurrentQueue<string> _log = new();

    private ServerProcess(Process process, string dataFolder, Uri address)
    {
        _process = process;
        _dataFolder = dataFolder;
        Address = address;
    }

    /// <summary>Where its pages are. Loopback, because browsers give devices only to secure origins.</summary>
    public Uri Address { get; }

    public IReadOnlyCollection<string> Log => _log;

    /// <summary>True once it has stopped, by itself or by somebody's hand: no test does that to the shared one.</summary>
    public bool HasStopped => _process.HasExited;

    /// <param name="settings">Beyond what every test wants, like <c>--Parley:Limits:ParticipantsPerMeeting=1</c>.</param>
    public static async Task<ServerProcess> StartAsync(params string[] settings)
    {
        Require(Repository.Program, "dotnet build");
        Require(Path.Combine(Repository.WebRoot, "index.html"), "scripts/build-web");
        var dataFolder = Directory.CreateTempSubdirectory("parley-browser-").FullName;
        var address = new Uri($"http://127.0.0.1:{Ports.FreeTcp()}");
        var start = new ProcessStartInfo(Repository.Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] common =
        [
            "serve",
            $"--Parley:DataFolder={dataFolder}",
            $"--Parley:WebRoot={Repository.WebRoot}",
            $"--Parley:Http:Port={address.Port}",
            "--Parley:Http:Https=false",
            "--Parley:Media:Port=0",
            // Firefox never sends to 127.0.0.1; Chromium reaches either.
            $"--Parley:Media:Addresses:0={Ports.RealAddress?.ToString() ?? "127.0.0.1"}",
            // Every participant has the same address here.
            .. new[] { "Joins", "Creates", "Cancels", "Reads" }.SelectMany(key => new[]
            {
                $"--Parley:Rates:{key}:PerMinute=100000",
                $"--Parley:Rates:{key}:Burst=10000",
            }),
        ];
        foreach (var argument in common.Concat(settings)) start.ArgumentList.Add(argument);

        var server = new ServerProcess(Process.Start(start)!, dataFolder, address);
        server._process.OutputDataReceived += (_, line) => server.Keep(line.Data);
        server._process.ErrorDataReceived += (_, line) => server.Keep(line.Data);
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        try
        {
            await server.WaitUntilReady();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_dataFolder, recursive: true);
    }

    private static void Require(string file, string command)
    {
        if (!File.Exists(file)) throw new InvalidOperationException($"{file} is not there: run {command} first.");
    }

    private async Task WaitUntilReady()
    {
        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > StartPatience)
                throw new InvalidOperationException($"The server did not become ready:\n{string.Join('\n', _log)}");
            try
            {
                using var answer = await http.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode) return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet.
            }

            await Task.Delay(50);
        }
    }

    private void Keep(string? line)
    {
        if (line is not null) _log.Enqueue(line);
    }
}
