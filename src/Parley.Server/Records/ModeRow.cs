using Parley.Protocol;

namespace Parley.Server.Records;

/// <summary>One change of a meeting's mode.</summary>
internal sealed class ModeRow
{
    /// <summary>Grows with every change: their order.</summary>
    public long Key { get; init; }

    public required string MeetingId { get; init; }

    public MeetingMode Mode { get; init; }

    public ModeReason Reason { get; init; }

    public DateTimeOffset At { get; init; }
}
