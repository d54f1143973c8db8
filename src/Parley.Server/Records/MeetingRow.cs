using Parley.Protocol;

namespace Parley.Server.Records;

/// <summary>A meeting as it is kept; open while <see cref="EndedAt"/> is null.</summary>
internal sealed class MeetingRow
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string CreatedBy { get; init; }

    /// <summary>SHA-256 of the creator secret.</summary>
    public required byte[] CreatorSecretHash { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public EndReason? EndReason { get; init; }

    /// <summary>The name of who cancelled it.</summary>
    public string? EndedBy { get; init; }

    public MeetingMode Mode { get; init; }

    public List<StayRow> Stays { get; init; } = [];

    public List<ModeRow> Modes { get; init; } = [];

    public List<ChatRow> Chat { get; init; } = [];
}
