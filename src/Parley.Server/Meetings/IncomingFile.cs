using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>What somebody wants to send: the form of it, before any of its bytes.</summary>
internal sealed record FileOffer(string? ClientId, string? Name, string? To, long Size);

/// <summary>Leave to send one file, which holds its room in the meeting until it is there or given up.</summary>
/// <param name="ParticipantId">Who sends it.</param>
/// <param name="Offer">Its form, with a clean name.</param>
/// <param name="Sent">The message of an earlier try; then there is nothing to send.</param>
internal sealed record IncomingFile(string ParticipantId, FileOffer Offer, ChatMessage? Sent = null);
