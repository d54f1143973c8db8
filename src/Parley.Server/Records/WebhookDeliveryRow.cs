using Parley.Protocol;

namespace Parley.Server.Records;

/// <summary>One event for one endpoint: it waits here until it was taken, or given up.</summary>
internal sealed class WebhookDeliveryRow
{
    /// <summary>Grows with every event: their order.</summary>
    public long Key { get; init; }

    /// <summary>What it tells of; it goes with the record. Null for a test.</summary>
    public string? MeetingId { get; init; }

    public required string EndpointId { get; init; }

    public required string EventId { get; init; }

    public required string Type { get; init; }

    public required string Body { get; init; }

    public DateTimeOffset At { get; init; }

    public DeliveryState State { get; init; }

    public int Attempts { get; init; }

    /// <summary>Not before.</summary>
    public DateTimeOffset NextAt { get; init; }

    public DateTimeOffset? AttemptedAt { get; init; }

    /// <summary>The HTTP status of the last answer.</summary>
    public int? Status { get; init; }

    /// <summary>Why there was no answer, in a word.</summary>
    public string? Problem { get; init; }
}
