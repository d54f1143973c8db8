using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>What the policy knows of one participant.</summary>
/// <param name="PeerToPeer">Their client can.</param>
/// <param name="Present">Their signalling connection is there.</param>
internal readonly record struct ModePerson(bool PeerToPeer, bool Present);

/// <summary>All that decides who carries a meeting's media.</summary>
/// <param name="Enabled">The server allows peer to peer.</param>
/// <param name="Restricted">One of them may not send what a client can send: only the server can hold that.</param>
/// <param name="HasLink">The two have a link, which is connecting or in use.</param>
/// <param name="CalmUntil">Not peer to peer again before this.</param>
/// <param name="RetryAt">These two failed to connect; not again before this.</param>
internal sealed record ModeFacts(
    ModePin Pin,
    bool Enabled,
    bool Restricted,
    IReadOnlyList<ModePerson> People,
    bool HasLink,
    DateTimeOffset CalmUntil,
    DateTimeOffset RetryAt,
    DateTimeOffset Now);

/// <param name="Link">The two should have a link. They are peer to peer once both receive over it.</param>
/// <param name="LookAgainAt">When time alone may change the decision; null for never.</param>
internal readonly record struct ModeDecision(bool Link, ModeReason Reason, DateTimeOffset? LookAgainAt = null);

/// <summary>Peer to peer for two, the server for all others (protocol.md §6). A pure function of the meeting's state.</summary>
internal static class ModePolicy
{
    public static ModeDecision Decide(ModeFacts facts)
    {
        var people = facts.People;
        if (people.Count < 2) return new(false, ModeReason.Alone);
        if (people.Count > 2) return new(false, ModeReason.MoreThanTwo);
        if (facts.Pin == ModePin.Server) return new(false, ModeReason.Pinned);
        if (!facts.Enabled || !people[0].PeerToPeer || !people[1].PeerToPeer) return new(false, ModeReason.NotAble);
        if (facts.Restricted) return new(false, ModeReason.Restricted);

        // Who has lost only the signalling goes on talking.
        if (facts.HasLink) return new(true, ModeReason.TwoPeople);
        if (!people[0].Present || !people[1].Present) return new(false, ModeReason.Away);
        if (facts.Now < facts.RetryAt) return new(false, ModeReason.LinkFailed, facts.RetryAt);
        if (facts.Now < facts.CalmUntil && facts.Pin != ModePin.PeerToPeer) return new(false, ModeReason.Settling, facts.CalmUntil);
        return new(true, ModeReason.TwoPeople);
    }
}
