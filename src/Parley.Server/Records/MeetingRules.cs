using Parley.Protocol;

namespace Parley.Server.Records;

/// <summary>Who may come into a meeting, when, and do what.</summary>
/// <param name="Rights">Of participants who are no hosts.</param>
/// <param name="Locked">Nobody new comes in.</param>
/// <param name="Lobby">Who comes waits for a host.</param>
/// <param name="PasscodeHash">As <see cref="Meetings.Passcode"/> makes it; null for no passcode.</param>
/// <param name="Capacity">Null for the server's own.</param>
/// <param name="NotBefore">Until then only who created it comes in.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="Lasting">It does not end when the last one leaves.</param>
/// <param name="JoinTone">A tone says that somebody joined.</param>
/// <param name="TokenOnly">Nobody comes in without a join token, but who created it.</param>
public sealed record MeetingRules(
    Rights Rights,
    bool Locked = false,
    bool Lobby = false,
    byte[]? PasscodeHash = null,
    int? Capacity = null,
    DateTimeOffset? NotBefore = null,
    DateTimeOffset? ExpiresAt = null,
    bool Lasting = false,
    bool JoinTone = false,
    bool TokenOnly = false)
{
    /// <summary>Everybody comes in and may do everything.</summary>
    public static MeetingRules Open { get; } = new(Rights.All);

    /// <summary>What happens inside is only for who was let in.</summary>
    public bool IsClosed => Lobby || TokenOnly || PasscodeHash is not null;
}
