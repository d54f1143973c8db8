using Parley.Protocol;

namespace Parley.Server.Records;

/// <summary>One stay of one participant; at most one per participant is open (<see cref="LeftAt"/> null) at a time.</summary>
internal sealed class StayRow
{
    /// <summary>Grows with every join: the order of joining.</summary>
    public long Key { get; init; }

    public required string MeetingId { get; init; }

    public required string ParticipantId { get; init; }

    public required string Name { get; init; }

    public Role Role { get; init; }

    /// <summary>A join token gave the name.</summary>
    public bool NameGiven { get; init; }

    public DateTimeOffset? HandRaisedAt { get; init; }

    /// <summary>SHA-256 of the resume token.</summary>
    public required byte[] ResumeTokenHash { get; init; }

    /// <summary>SHA-256 of whose join token they came by; null without one.</summary>
    public byte[]? BearerHash { get; init; }

    public bool Mic { get; init; }

    public bool Cam { get; init; }

    public DateTimeOffset JoinedAt { get; init; }

    public DateTimeOffset? LeftAt { get; init; }

    public LeaveReason? LeaveReason { get; init; }
}
