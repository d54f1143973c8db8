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

    public bool MayChat { get; init; } = true;

    public bool MayUnmute { get; init; } = true;

    public bool MayUseCamera { get; init; } = true;

    public bool MayShareScreen { get; init; } = true;

    public bool MayRename { get; init; } = true;

    public bool Locked { get; init; }

    public bool Lobby { get; init; }

    /// <summary>Salt and PBKDF2 of the passcode.</summary>
    public byte[]? PasscodeHash { get; init; }

    public int? Capacity { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public bool Lasting { get; init; }

    public bool JoinTone { get; init; }

    public bool TokenOnly { get; init; }

    public List<StayRow> Stays { get; init; } = [];

    public List<ModeRow> Modes { get; init; } = [];

    public List<ChatRow> Chat { get; init; } = [];

    public List<ChatReactionRow> Reactions { get; init; } = [];

    public List<HostActionRow> Actions { get; init; } = [];

    public MeetingRules Rules => new(
        new Rights(MayChat, MayUnmute, MayUseCamera, MayShareScreen, MayRename), Locked, Lobby, PasscodeHash, Capacity, NotBefore, ExpiresAt, Lasting, JoinTone, TokenOnly);
}
