namespace Parley.Server.Records;

/// <summary>Who is told of events.</summary>
internal sealed class WebhookEndpointRow
{
    public required string Id { get; init; }

    public required string Url { get; init; }

    /// <summary>What deliveries are signed with; it has to be known, so it is kept as it is.</summary>
    public required byte[] Secret { get; init; }

    /// <summary>Types of events, between spaces; empty for all.</summary>
    public required string Events { get; init; }

    public bool Disabled { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
