using System.Text.Json;

namespace Parley.Client.Tests.Interop;

/// <summary>aiortc as a process: aiortc_peer.py, asked by lines of JSON.</summary>
internal sealed class AiortcPeer : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    // Debian's python3 has Debian's module; another one may be the first on PATH.
    private readonly ForeignProcess _process = new("python3-aiortc", "/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "Interop", "aiortc_peer.py"));
    private bool _isKilled;

    public async Task<string> Offer() => (await Ask(new { ask = "offer" })).GetProperty("sdp").GetString()!;

    public async Task<string> Answer(string sdp) => (await Ask(new { ask = "answer", sdp })).GetProperty("sdp").GetString()!;

    public Task Accept(string sdp) => Ask(new { ask = "accept", sdp });

    public Task AskForKeyframe() => Ask(new { ask = "keyframe" });

    public Task Close() => Ask(new { ask = "close" });

    public async Task<AiortcStatistics> Statistics() => (await Ask(new { ask = "statistics" })).Deserialize<AiortcStatistics>(Json)!;

    /// <summary>Ends it as a crash does: nobody is told.</summary>
    public void Kill()
    {
        if (_isKilled) return;
        _isKilled = true;
        _process.Dispose();
    }

    public void Dispose() => Kill();

    private async Task<JsonElement> Ask(object ask)
    {
        await _process.Input.WriteLineAsync(JsonSerializer.Serialize(ask));
        await _process.Input.FlushAsync();

        // What is no JSON is a complaint; should no answer follow, it is in the failure.
        return JsonSerializer.Deserialize<JsonElement>(await _process.Find(line => line.StartsWith('{') ? line : null));
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
