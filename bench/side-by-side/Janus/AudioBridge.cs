using System.Text.Json.Nodes;

namespace Parley.SideBySide.Janus;

/// <summary>What is asked of Janus's AudioBridge plugin.</summary>
internal sealed class AudioBridge(JanusSession session)
{
    private const string Plugin = "janus.plugin.audiobridge";
    private const int SampleRate = 48_000;

    /// <summary>Makes a room of a number, above 0, that mixes at 48 kHz.</summary>
    public async Task CreateAsync(int room, CancellationToken cancellation)
    {
        var handle = await session.AttachAsync(Plugin, cancellation).ConfigureAwait(false);
        var body = new JsonObject { ["request"] = "create", ["room"] = room, ["sampling_rate"] = SampleRate, ["audiolevel_ext"] = true };
        await session.AskAsync(handle, body, null, cancellation).ConfigureAwait(false);
    }

    /// <summary>Comes in.</summary>
    /// <returns>The handle.</returns>
    public async Task<long> JoinAsync(int room, string name, CancellationToken cancellation)
    {
        var handle = await session.AttachAsync(Plugin, cancellation).ConfigureAwait(false);
        var body = new JsonObject { ["request"] = "join", ["room"] = room, ["display"] = name, ["muted"] = false };
        await session.AskAsync(handle, body, null, cancellation).ConfigureAwait(false);
        return handle;
    }

    /// <summary>Offers sound both ways.</summary>
    /// <returns>Janus's answer.</returns>
    public async Task<string> ConfigureAsync(long handle, string offer, CancellationToken cancellation)
    {
        var body = new JsonObject { ["request"] = "configure", ["muted"] = false };
        return (await session.AskAsync(handle, body, ("offer", offer), cancellation).ConfigureAwait(false)).Sdp ?? throw new JanusException("Janus gave no SDP.");
    }
}
