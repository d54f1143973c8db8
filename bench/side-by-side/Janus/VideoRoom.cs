using System.Text.Json.Nodes;

namespace Parley.SideBySide.Janus;

/// <summary>What is asked of Janus's VideoRoom plugin.</summary>
internal sealed class VideoRoom(JanusSession session)
{
    private const string Plugin = "janus.plugin.videoroom";
    private const int MostPublishers = 100;

    /// <summary>Makes a room of a number, above 0, for VP8 of any bitrate.</summary>
    public async Task CreateAsync(int room, CancellationToken cancellation)
    {
        var handle = await session.AttachAsync(Plugin, cancellation).ConfigureAwait(false);
        var body = new JsonObject
        {
            ["request"] = "create",
            ["room"] = room,
            ["publishers"] = MostPublishers,
            ["bitrate"] = 0,
            ["videocodec"] = "vp8",
            ["audiocodec"] = "opus",
        };
        await session.AskAsync(handle, body, null, cancellation).ConfigureAwait(false);
    }

    /// <summary>Comes in as one who sends.</summary>
    /// <returns>The handle, and the feed under which others find it.</returns>
    public async Task<(long Handle, long Feed)> JoinAsync(int room, string name, CancellationToken cancellation)
    {
        var handle = await session.AttachAsync(Plugin, cancellation).ConfigureAwait(false);
        var body = new JsonObject { ["request"] = "join", ["ptype"] = "publisher", ["room"] = room, ["display"] = name };
        return (handle, (await session.AskAsync(handle, body, null, cancellation).ConfigureAwait(false)).PluginNumber("id"));
    }

    /// <summary>Offers what is sent.</summary>
    /// <returns>Janus's answer.</returns>
    public async Task<string> PublishAsync(long handle, string offer, CancellationToken cancellation) =>
        SdpOf(await session.AskAsync(handle, new JsonObject { ["request"] = "publish" }, ("offer", offer), cancellation).ConfigureAwait(false));

    /// <summary>Comes in as one who receives.</summary>
    /// <returns>The handle, and Janus's offer.</returns>
    public async Task<(long Handle, string Offer)> SubscribeAsync(int room, IEnumerable<long> feeds, CancellationToken cancellation)
    {
        var handle = await session.AttachAsync(Plugin, cancellation).ConfigureAwait(false);
        var streams = new JsonArray([.. feeds.Select(feed => new JsonObject { ["feed"] = feed })]);
        var body = new JsonObject { ["request"] = "join", ["ptype"] = "subscriber", ["room"] = room, ["streams"] = streams };
        return (handle, SdpOf(await session.AskAsync(handle, body, null, cancellation).ConfigureAwait(false)));
    }

    /// <summary>Answers that offer.</summary>
    public Task StartAsync(long handle, string answer, CancellationToken cancellation) =>
        session.AskAsync(handle, new JsonObject { ["request"] = "start" }, ("answer", answer), cancellation);

    private static string SdpOf(JanusMessage message) => message.Sdp ?? throw new JanusException("Janus gave no SDP.");
}
