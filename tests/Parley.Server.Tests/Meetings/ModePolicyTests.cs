using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

public sealed class ModePolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
    private static readonly DateTimeOffset Past = Now.AddSeconds(-1);
    private static readonly DateTimeOffset Soon = Now.AddSeconds(3);
    private static readonly DateTimeOffset Late = Now.AddMinutes(1);

    private static readonly ModePerson Able = new(PeerToPeer: true, Present: true);
    private static readonly ModePerson Away = Able with { Present = false };
    private static readonly ModePerson Bot = Able with { PeerToPeer = false };

    /// <summary>The table: the state of a meeting, and what follows.</summary>
    private static readonly (ModeFacts Facts, bool Link, ModeReason Reason, DateTimeOffset? LookAgainAt)[] Table =
    [
        // How many there are decides first.
        (Facts([]), false, ModeReason.Alone, null),
        (Facts([Able]), false, ModeReason.Alone, null),
        (Facts([Able, Able]), true, ModeReason.TwoPeople, null),
        (Facts([Able, Able, Able]), false, ModeReason.MoreThanTwo, null),
        (Facts([Able, Able, Able]) with { HasLink = true }, false, ModeReason.MoreThanTwo, null),
        (Facts([Able, Able, Able]) with { Pin = ModePin.PeerToPeer }, false, ModeReason.MoreThanTwo, null),
        (Facts([Able, Away, Away]), false, ModeReason.MoreThanTwo, null),

        // Then whether they can and may.
        (Facts([Able, Bot]), false, ModeReason.NotAble, null),
        (Facts([Bot, Able]), false, ModeReason.NotAble, null),
        (Facts([Bot, Able]) with { Pin = ModePin.PeerToPeer }, false, ModeReason.NotAble, null),
        (Facts([Able, Able]) with { Enabled = false }, false, ModeReason.NotAble, null),
        (Facts([Able, Able]) with { Pin = ModePin.Server }, false, ModeReason.Pinned, null),
        (Facts([Able, Able]) with { Pin = ModePin.Server, HasLink = true }, false, ModeReason.Pinned, null),

        // What somebody may not send only the server can hold, whatever the hosts pinned and whatever there is.
        (Facts([Able, Able]) with { Restricted = true }, false, ModeReason.Restricted, null),
        (Facts([Able, Able]) with { Restricted = true, HasLink = true }, false, ModeReason.Restricted, null),
        (Facts([Able, Able]) with { Restricted = true, Pin = ModePin.PeerToPeer }, false, ModeReason.Restricted, null),
        (Facts([Able, Bot]) with { Restricted = true }, false, ModeReason.NotAble, null),

        // Nobody begins a link with who is away, but who has one keeps it.
        (Facts([Able, Away]), false, ModeReason.Away, null),
        (Facts([Away, Able]) with { HasLink = true }, true, ModeReason.TwoPeople, null),
        (Facts([Away, Away]) with { HasLink = true }, true, ModeReason.TwoPeople, null),

        // What failed is tried again later, and calm is waited for; the hosts' wish waits for no calm.
        (Facts([Able, Able]) with { RetryAt = Late }, false, ModeReason.LinkFailed, Late),
        (Facts([Able, Able]) with { RetryAt = Past }, true, ModeReason.TwoPeople, null),
        (Facts([Able, Able]) with { RetryAt = Now }, true, ModeReason.TwoPeople, null),
        (Facts([Able, Able]) with { RetryAt = Late, Pin = ModePin.PeerToPeer }, false, ModeReason.LinkFailed, Late),
        (Facts([Able, Able]) with { CalmUntil = Soon }, false, ModeReason.Settling, Soon),
        (Facts([Able, Able]) with { CalmUntil = Now }, true, ModeReason.TwoPeople, null),
        (Facts([Able, Able]) with { CalmUntil = Soon, Pin = ModePin.PeerToPeer }, true, ModeReason.TwoPeople, null),
        (Facts([Able, Able]) with { CalmUntil = Soon, HasLink = true }, true, ModeReason.TwoPeople, null),
        (Facts([Able, Able]) with { CalmUntil = Soon, RetryAt = Late }, false, ModeReason.LinkFailed, Late),
        (Facts([Able, Away]) with { CalmUntil = Soon }, false, ModeReason.Away, null),
    ];

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, Table.Length)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Decides_as_the_table_says(int row)
    {
        var (facts, link, reason, lookAgainAt) = Table[row];
        Assert.Equal(new ModeDecision(link, reason, lookAgainAt), ModePolicy.Decide(facts));
    }

    private static ModeFacts Facts(IReadOnlyList<ModePerson> people) => new(
        ModePin.Auto, Enabled: true, Restricted: false, people, HasLink: false, CalmUntil: DateTimeOffset.MinValue, RetryAt: DateTimeOffset.MinValue, Now);
}
