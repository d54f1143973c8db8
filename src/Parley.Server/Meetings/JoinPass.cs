using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>What a valid join token says.</summary>
/// <param name="MeetingId">The one it lets into.</param>
/// <param name="Name">Under which they come and stay; null for one of their own.</param>
/// <param name="Role">In which they begin.</param>
/// <param name="Knocks">Where there is a lobby, they wait in it.</param>
/// <param name="BearerHash">SHA-256 of whose it is: the same for all tokens of one subject, and without one for each token its own.</param>
internal sealed record JoinPass(string MeetingId, string? Name, Role Role, bool Knocks, byte[] BearerHash);
