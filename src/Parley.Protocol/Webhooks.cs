namespace Parley.Protocol;

/// <summary>The types of events that webhooks tell.</summary>
public static class WebhookEvents
{
    public const string MeetingStarted = "meeting.started";
    public const string MeetingEnded = "meeting.ended";
    public const string ParticipantJoined = "participant.joined";
    public const string ParticipantLeft = "participant.left";
    public const string ModeChanged = "mode.changed";

    /// <summary>Of no meeting: it shows whether an endpoint works.</summary>
    public const string Test = "webhook.test";

    /// <summary>Those of meetings.</summary>
    public static IReadOnlyList<string> All { get; } = [MeetingStarted, MeetingEnded, ParticipantJoined, ParticipantLeft, ModeChanged];
}

/// <summary>The body of a delivery.</summary>
public sealed record WebhookEvent<T>(string Type, DateTimeOffset Timestamp, T Data);

/// <summary>The data of meeting.started.</summary>
public sealed record MeetingStartedData(string MeetingId, string Title, string CreatedBy, DateTimeOffset StartedAt);

/// <summary>The data of meeting.ended.</summary>
public sealed record MeetingEndedData(string MeetingId, DateTimeOffset EndedAt, EndReason Reason, string? EndedBy);

/// <summary>The data of participant.joined.</summary>
public sealed record ParticipantJoinedData(string MeetingId, string ParticipantId, string Name, Role Role, DateTimeOffset JoinedAt);

/// <summary>The data of participant.left.</summary>
public sealed record ParticipantLeftData(
    string MeetingId, string ParticipantId, string Name, LeaveReason Reason, DateTimeOffset JoinedAt, DateTimeOffset LeftAt, double Seconds);

/// <summary>The data of mode.changed.</summary>
public sealed record ModeChangedData(string MeetingId, MeetingMode Mode, ModeReason Reason, DateTimeOffset At);

/// <summary>The body of POST /api/admin/webhooks; without events all are told.</summary>
public sealed record CreateWebhook(string? Url, IReadOnlyList<string?>? Events = null);

/// <summary>The answer: the secret, of which deliveries are signed, is said here once and never again.</summary>
public sealed record WebhookCreated(string Secret, Webhook Webhook);

/// <summary>The body of PATCH /api/admin/webhooks/{webhookId}: what is not said stays.</summary>
public sealed record WebhookChange(string? Url = null, IReadOnlyList<string?>? Events = null, bool? Disabled = null);

/// <summary>Who is told of events, and how many wait for it.</summary>
public sealed record Webhook(string Id, string Url, IReadOnlyList<string> Events, bool Disabled, DateTimeOffset CreatedAt, int Waiting);

/// <summary>How a delivery stands.</summary>
public enum DeliveryState
{
    Waiting,
    Delivered,
    GivenUp,
}

/// <summary>One event for one webhook; <see cref="Status"/> is the HTTP status of the last answer, <see cref="Problem"/> why there was none.</summary>
public sealed record WebhookDelivery(
    string EventId, string Type, string? MeetingId, DateTimeOffset At, DeliveryState State, int Attempts, DateTimeOffset? AttemptedAt, int? Status, string? Problem);
