using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Parley.SideBySide.Janus;

/// <summary>What Janus says by its WebSocket: answers, events of plugins, news of handles.</summary>
internal sealed record JanusMessage
{
    /// <summary>Such as success, ack, event, error, webrtcup, hangup.</summary>
    public required string Kind { get; init; }

    /// <summary>Of which request; null for news.</summary>
    public string? Transaction { get; init; }

    /// <summary>Which handle tells it; 0 for none.</summary>
    public long Sender { get; init; }

    /// <summary>The id that a success gives; 0 for none.</summary>
    public long Id { get; init; }

    /// <summary>What the plugin says; an undefined element when nothing.</summary>
    public JsonElement Plugin { get; init; }

    /// <summary>An offer's or answer's SDP; null for none.</summary>
    public string? Sdp { get; init; }

    /// <summary>Janus's own error or its plugin's; null for none.</summary>
    public string? Error { get; init; }

    /// <summary>Whether it only says that the real answer comes later.</summary>
    public bool IsAck => Kind == "ack";

    /// <summary>A number the plugin tells by name; 0 when it does not.</summary>
    public long PluginNumber(string name) => Number(Plugin, name);

    /// <summary>Reads one; false for what is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out JanusMessage? message)
    {
        message = null;
        JsonElement root;
        try
        {
            var reader = new Utf8JsonReader(json);
            root = JsonElement.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            return false;
        }

        if (Text(root, "janus") is not { } kind) return false;
        var plugin = Child(Child(root, "plugindata"), "data");
        message = new JanusMessage
        {
            Kind = kind,
            Transaction = Text(root, "transaction"),
            Sender = Number(root, "sender"),
            Id = Number(Child(root, "data"), "id"),
            Plugin = plugin,
            Sdp = Text(Child(root, "jsep"), "sdp"),
            Error = Text(Child(root, "error"), "reason") ?? Text(plugin, "error"),
        };
        return true;
    }

    private static JsonElement Child(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var child) ? child : default;

    private static string? Text(JsonElement of, string name) =>
        Child(of, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static long Number(JsonElement of, string name) =>
        Child(of, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : 0;
}
