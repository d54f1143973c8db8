using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using Parley.Protocol;

namespace Parley.Browser.Harness;

/// <summary>The real, built server as a process of its own, with ports and a data folder of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    public const string AdminPassword = "a password of tests";

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);

    private readonly string _dataFolder;
    private readonly string[] _settings;
    private readonly ConcurrentQueue<string> _log = new();

    private Process _process = null!;

    private ServerProcess(string dataFolder, string[] settings, Uri address)
    {
        _settings = settings;
        _dataFolder = dataFolder;
        Address = address;
    }

    /// <summary>Where its pages are. Loopback, because browsers give devices only to secure origins.</summary>
    public Uri Address { get; }

    public IReadOnlyCollection<string> Log => _log;

    /// <summary>True once it has stopped, by itself or by somebody's hand: no test does that to the shared one.</summary>
    public bool HasStopped => _process.HasExited;

    /// <param name="settings">Beyond what every test wants, like <c>--Parley:Limits:ParticipantsPerMeeting=1</c>.</param>
    public static Task<ServerProcess> StartAsync(params string[] settings) => StartAtAsync(Ports.FreeTcp(), settings);

    /// <summary>At a port that others know of.</summary>
    public static async Task<ServerProcess> StartAtAsync(int port, params string[] settings)
    {
        var server = new ServerProcess(Directory.CreateTempSubdirectory("parley-browser-").FullName, settings, new Uri($"http://127.0.0.1:{port}"));
        await server.StartAsync();
        return server;
    }

    /// <summary>As an operator does it, by SIGTERM.</summary>
    public async Task Stop()
    {
        using var signal = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync();
        Assert.Equal(0, _process.ExitCode);
    }

    /// <summary>As a power cut does it.</summary>
    public async Task Kill()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts it, or once more after <see cref="Stop"/> or <see cref="Kill"/>, on the same port and with the same data.</summary>
    public async Task StartAsync()
    {
        Require(Repository.Program, "dotnet build");
        Require(Path.Combine(Repository.WebRoot, "index.html"), "scripts/build-web");
        var start = new ProcessStartInfo(Repository.Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] common =
        [
            "serve",
            $"--Parley:DataFolder={_dataFolder}",
            $"--Parley:WebRoot={Repository.WebRoot}",
            $"--Parley:Http:Port={Address.Port}",
            "--Parley:Http:Https=false",
            $"--Parley:Admin:Password={AdminPassword}",
            "--Parley:Media:Port=0",
            "--Parley:Turn:Port=0",
            "--Parley:Turn:RelayPortFirst=0",
            // Firefox never sends to 127.0.0.1; Chromium reaches either.
            $"--Parley:Media:Addresses:0={Ports.RealAddress?.ToString() ?? "127.0.0.1"}",
            // Every participant has the same address here.
            .. new[] { "Joins", "Creates", "Cancels", "Reads" }.SelectMany(key => new[]
            {
                $"--Parley:Rates:{key}:PerMinute=100000",
                $"--Parley:Rates:{key}:Burst=10000",
            }),
        ];
        foreach (var argument in common.Concat(_settings)) start.ArgumentList.Add(argument);

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            await WaitUntilReady();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>How a meeting's media flow, as the API tells anybody.</summary>
    /// <param name="link">The path of its page.</param>
    public async Task<MeetingPath> PathOf(string link)
    {
        using var http = new HttpClient { BaseAddress = Address };
        return (await http.GetFromJsonAsync<MeetingPath>($"/api/meetings/{link[3..]}/path", ProtocolJson.Options))!;
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
