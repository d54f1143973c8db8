namespace Parley.Server.Meetings;

/// <summary>What of a meeting never changes.</summary>
internal sealed record MeetingIdentity(string Id, string Title, string CreatedBy, byte[] CreatorSecretHash, DateTimeOffset StartedAt);
