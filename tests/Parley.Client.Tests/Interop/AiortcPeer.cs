using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Parley.Client.Tests.Interop;

/// <summary>aiortc as a process: aiortc_peer.py, asked by lines of JSON.</summary>
internal sealed class AiortcPeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly Process _process;

    public AiortcPeer()
    {
        // Debian's python3 has Debian's module; another one may be the first on PATH.
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Interop", "aiortc_peer.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => _complaints.Enqueue(line.Data ?? "");
        _process.BeginErrorReadLine();
    }

    public async Task<string> Offer() => (await Ask(new { ask = "offer" })).GetProperty("sdp").GetString()!;

    public async Task<string> Answer(string sdp) => (await Ask(new { ask = "answer", sdp })).GetProperty("sdp").GetString()!;

    public Task Accept(string sdp) => Ask(new { ask = "accept", sdp });

    public Task AskForKeyframe() => Ask(new { ask = "keyframe" });

    public Task Close() => Ask(new { ask = "close" });

    public async Task<AiortcStatistics> Statistics() => (await Ask(new { ask = "statistics" })).Deserialize<AiortcStatistics>(Json)!;

    /// <summary>Ends it as a crash does: nobody is told.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task<JsonElement> Ask(object ask)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(ask));
        await _process.StandardInput.FlushAsync();
        var line = await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
        if (line is not null) return JsonSerializer.Deserialize<JsonElement>(line);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        throw new InvalidOperationException($"aiortc has ended:\n{string.Join('\n', _complaints)}");
    }
}

/// <summary>What aiortc hears and sees.</summary>
/// <param name="State">Of its DTLS transport, in W3C's words.</param>
/// <param name="IceRole"><c>controlling</c> or <c>controlled</c>.</param>
/// <param name="Hz">The frequency of the newest half second, 0 in silence.</param>
/// <param name="Peak">Its highest sample, 0–1.</param>
/// <param name="Frames">Pictures decoded so far.</param>
/// <param name="Width">Of the newest.</param>
/// <param name="Height">Of the newest.</param>
/// <param name="Quarters">Brightness of its quarters by reading order.</param>
internal sealed record AiortcStatistics(string State, string IceRole, double Hz, double Peak, int Frames, int Width, int Height, double[] Quarters)
{
    public override string ToString() => $"{State}, {IceRole}, {Hz:0} Hz at {Peak:0.00}, {Frames} pictures of {Width}×{Height}: {string.Join(' ', Quarters.Select(light => $"{light:0}"))}";
}
