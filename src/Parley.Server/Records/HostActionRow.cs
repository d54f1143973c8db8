using Parley.Protocol;

namespace Parley.Server.Records;

/// <summary>One thing that a host did.</summary>
internal sealed class HostActionRow
{
    /// <summary>Grows with every action: their order.</summary>
    public long Key { get; init; }

    public required string MeetingId { get; init; }

    public HostActionKind Action { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Null for the server itself.</summary>
    public string? ById { get; init; }

    public string? By { get; init; }

    public string? TargetId { get; init; }

    public string? Target { get; init; }

    public string? Detail { get; init; }
}
