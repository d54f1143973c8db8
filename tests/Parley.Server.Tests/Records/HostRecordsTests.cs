using Parley.Protocol;
using Parley.Server.Records;
using static Parley.Server.Tests.Records.RecordsFixture;

namespace Parley.Server.Tests.Records;

/// <summary>Rules, roles, hands, removals and what hosts did, in a real database, through a restart.</summary>
public sealed class HostRecordsTests : IAsyncLifetime
{
    private static readonly MeetingRules Rules = new(
        new Rights(true, false, true, false, true), Lobby: true, PasscodeHash: Hash(7), Capacity: 12, NotBefore: Start.AddDays(1), ExpiresAt: Start.AddDays(2), Lasting: true);

    private readonly TemporaryRecords _place = new();
    private MeetingRecords _records = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _records = _place.Open();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _records.DisposeAsync();
        _place.Dispose();
    }

    [Fact]
    public async Task A_meeting_comes_back_with_its_rules()
    {
        await _records.MeetingCreatedAsync("a", "Planning", "Ada", Hash(1), Start, Rules);
        await _records.CreateAsync("plain", Start.AddSeconds(1));
        var kept = await ReopenAsync();
        Assert.Equal(Rules with { PasscodeHash = null }, kept[0].Rules with { PasscodeHash = null });
        Assert.Equal(Hash(7), kept[0].Rules.PasscodeHash);
        Assert.Equal(MeetingRules.Open, kept[1].Rules);

        // What hosts change; the times stay as they were made.
        var changed = MeetingRules.Open with { Locked = true, PasscodeHash = Hash(8) };
        await _records.ChangedAsync("a", new MeetingChange([], [], changed));
        var after = (await ReopenAsync())[0].Rules;
        Assert.Equal(Hash(8), after.PasscodeHash);
        Assert.Equal(Rules with { Rights = Rights.All, Locked = true, Lobby = false, PasscodeHash = null }, after with { PasscodeHash = null });
    }

    [Fact]
    public async Task Places_come_back_as_they_were_changed_and_who_was_removed_with_their_tokens()
    {
        await _records.CreateAsync("a");
        foreach (var (id, hash) in new[] { ("p1", 1), ("p2", 2), ("p3", 3), ("p4", 4) })
            await _records.ParticipantJoinedAsync("a", id, id, Role.Participant, Hash((byte)hash), Start);
        var heir = new PlaceState("p2", "Benjamin", Role.Host, new MediaState(true, false), Start.AddSeconds(3));
        await _records.ParticipantLeftAsync("a", "p1", LeaveReason.Left, Start, new MeetingChange([heir], [Act(HostActionKind.HostChosen)]));
        await _records.ParticipantLeftAsync("a", "p3", LeaveReason.Removed, Start);
        await _records.ParticipantLeftAsync("a", "p4", LeaveReason.Barred, Start);
        var kept = Assert.Single(await ReopenAsync());
        Assert.Equal(heir, Assert.Single(kept.Places).State);
        Assert.Equal([(3, false), (4, true)], kept.Removed.Select(removed => ((int)removed.ResumeTokenHash[0], removed.IsBarred)));

        // A place that is given up is history.
        await _records.ChangedAsync("a", new MeetingChange([heir with { ParticipantId = "p1", Name = "Nobody" }], []));
        Assert.Equal("p1", (await _records.ReadAsync("a", Cancellation))!.Attendance[0].Name);
    }

    [Fact]
    public async Task What_hosts_did_is_kept_in_order_and_who_may_read_it()
    {
        await _records.MeetingCreatedAsync("a", "Planning", "Ada", Hash(1), Start, Rules);
        await _records.ParticipantJoinedAsync("a", "p1", "Ada", Role.Host, Hash(2), Start);
        await _records.ParticipantJoinedAsync("a", "p2", "Ben", Role.Listener, Hash(3), Start);
        await _records.ParticipantJoinedAsync("a", "p3", "Eve", Role.Host, Hash(4), Start);
        await _records.ParticipantLeftAsync("a", "p3", LeaveReason.Removed, Start);
        HostAction[] actions =
        [
            new(HostActionKind.RoleChanged, Start.AddSeconds(1), "p1", "Ada", "p2", "Ben", "listener"), Act(HostActionKind.HostChosen), Act(HostActionKind.Locked),
        ];
        await _records.ChangedAsync("a", new MeetingChange([], actions[..1]));
        await _records.ChangedAsync("a", new MeetingChange([], actions[1..]));
        await _records.MeetingEndedAsync("a", EndReason.Expired, null, Start.AddSeconds(9));
        Assert.Empty(await ReopenAsync());
        var access = (await _records.ReadAccessAsync("a", Cancellation))!;
        Assert.Equal(actions, access.Actions);
        Assert.True(access.IsClosed);
        Assert.Equal(Hash(1), access.CreatorSecretHash);
        Assert.Equal([(2, true), (3, false)], access.Stays.Select(stay => ((int)stay.ResumeTokenHash[0], stay.IsHost)));
        Assert.Equal(LeaveReason.Expired, (await _records.ReadAsync("a", Cancellation))!.Attendance[0].LeaveReason);
        Assert.Null(await _records.ReadAccessAsync("never", Cancellation));
    }

    [Fact]
    public async Task A_change_of_a_meeting_that_is_not_open_is_refused_as_a_whole()
    {
        await _records.CreateAsync("over");
        await _records.MeetingEndedAsync("over", EndReason.Unused, null, Start);
        foreach (var id in new[] { "over", "never" })
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => _records.ChangedAsync(id, new MeetingChange([], [Act(HostActionKind.Locked)])));
        }

        Assert.Empty((await _records.ReadAccessAsync("over", Cancellation))!.Actions);
    }

    private static HostAction Act(HostActionKind what) => new(what, Start.AddSeconds(2));

    private async Task<IReadOnlyList<UnfinishedMeeting>> ReopenAsync()
    {
        await _records.DisposeAsync();
        _records = _place.Open();
        return await _records.ReadUnfinishedAsync(Cancellation);
    }
}
