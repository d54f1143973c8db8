using Parley.Protocol;

namespace Parley.Server.Records;

/// <summary>What changes in a meeting at one moment: kept as a whole or not at all.</summary>
/// <param name="Places">Those that are others now.</param>
/// <param name="Actions">What hosts did, for the audit.</param>
/// <param name="Rules">The new ones, or null when they stay.</param>
public sealed record MeetingChange(IReadOnlyList<PlaceState> Places, IReadOnlyList<HostAction> Actions, MeetingRules? Rules = null);

/// <summary>What is kept of a place and may change.</summary>
public sealed record PlaceState(string ParticipantId, string Name, Role Role, MediaState Media, DateTimeOffset? HandRaisedAt = null, bool NameGiven = false);
