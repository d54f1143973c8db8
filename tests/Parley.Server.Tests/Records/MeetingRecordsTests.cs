using Parley.Protocol;
using Parley.Server.Records;
using static Parley.Server.Tests.Records.RecordsFixture;

namespace Parley.Server.Tests.Records;

/// <summary>What is kept is what is read, in a real database, through a restart.</summary>
public sealed class MeetingRecordsTests : IAsyncLifetime
{
    private readonly TemporaryRecords _kept = new();
    private MeetingRecords _records = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _records = _kept.Open();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _records.DisposeAsync();
        _kept.Dispose();
    }

    [Fact]
    public async Task Keeps_a_whole_meeting_through_a_restart()
    {
        await _records.MeetingCreatedAsync("calm-otter", "Planning", "Ada", Hash(1), Start);
        await _records.ParticipantJoinedAsync("calm-otter", "p1", "Ada", Role.Host, Hash(2), Start.AddSeconds(1));
        await _records.ParticipantJoinedAsync("calm-otter", "p2", "Ben", Role.Participant, Hash(3), Start.AddSeconds(2));
        await _records.ChatAddedAsync("calm-otter", new ChatMessage("m1", "p2", "Ben", "hello", Start.AddSeconds(3)), "c1");
        await _records.ParticipantLeftAsync("calm-otter", "p2", LeaveReason.ConnectionLost, Start.AddSeconds(4));
        await _records.ParticipantJoinedAsync("calm-otter", "p2", "Benjamin", Role.Participant, Hash(4), Start.AddSeconds(5));
        await _records.ParticipantLeftAsync("calm-otter", "p2", LeaveReason.Left, Start.AddSeconds(6));
        await _records.ModeChangedAsync("calm-otter", new ModeChange(MeetingMode.PeerToPeer, ModeReason.TwoPeople, Start.AddSeconds(2)));
        await _records.ModeChangedAsync("calm-otter", new ModeChange(MeetingMode.Server, ModeReason.Alone, Start.AddSeconds(4)));
        await _records.ModeChangedAsync("calm-otter", new ModeChange(MeetingMode.PeerToPeer, ModeReason.TwoPeople, Start.AddSeconds(5)));
        await _records.MeetingEndedAsync("calm-otter", EndReason.Cancelled, "Ada", Start.AddSeconds(7));
        await ReopenAsync();

        var record = await _records.ReadAsync("calm-otter", Cancellation);

        Assert.NotNull(record);
        Assert.Equal(
            new MeetingRecord(
                "calm-otter", "Planning", "Ada", Start, Start.AddSeconds(7), EndReason.Cancelled, "Ada", MeetingMode.PeerToPeer, [], [], []),
            record with { Modes = [], Attendance = [], Chat = [] },
            SameButForLists);
        Assert.Equal(
            [
                new("p1", "Ada", Start.AddSeconds(1), Start.AddSeconds(7), LeaveReason.Cancelled),
                new("p2", "Ben", Start.AddSeconds(2), Start.AddSeconds(4), LeaveReason.ConnectionLost),
                new("p2", "Benjamin", Start.AddSeconds(5), Start.AddSeconds(6), LeaveReason.Left),
            ],
            record.Attendance);
        Assert.Equal(
            [
                new(MeetingMode.PeerToPeer, ModeReason.TwoPeople, Start.AddSeconds(2)),
                new(MeetingMode.Server, ModeReason.Alone, Start.AddSeconds(4)),
                new(MeetingMode.PeerToPeer, ModeReason.TwoPeople, Start.AddSeconds(5)),
            ],
            record.Modes);
        Assert.Equal([new("m1", "p2", "Ben", "hello", Start.AddSeconds(3))], record.Chat);
    }

    [Fact]
    public async Task An_unknown_meeting_has_no_record() =>
        Assert.Null(await _records.ReadAsync("never", Cancellation));

    [Fact]
    public async Task Keeps_hostile_text_as_it_is()
    {
        string[] texts =
        [
            "'); DROP TABLE Meetings; --", "\" OR 1=1", "<script>alert(1)</script>", "@p0 $1 ? :x",
            "line\nbreak", "👩‍👩‍👧‍👦 Grüße नमस्ते", new string('x', 5000), "%_\\",
        ];
        await _records.MeetingCreatedAsync("m'; --", texts[0], texts[1], Hash(1), Start);
        await _records.ParticipantJoinedAsync("m'; --", "p'", texts[2], Role.Participant, Hash(2), Start);
        foreach (var (index, text) in texts.Index())
        {
            await _records.ChatAddedAsync("m'; --", new ChatMessage($"{index}", "p'", texts[2], text, Start), text);
        }

        var record = await _records.ReadAsync("m'; --", Cancellation);

        Assert.Equal((texts[0], texts[1]), (record!.Title, record.CreatedBy));
        Assert.Equal(texts[2], Assert.Single(record.Attendance).Name);
        Assert.Equal(texts, record.Chat.Select(c => c.Text));
    }

    [Fact]
    public async Task A_repeated_message_is_kept_once_and_is_no_error()
    {
        await _records.CreateAsync("a");
        await _records.CreateAsync("b");
        await _records.ChatAddedAsync("a", Message(1), "c1");

        await _records.ChatAddedAsync("a", Message(2, text: "again"), "c1");
        await Task.WhenAll(Enumerable.Range(10, 20).Select(n => _records.ChatAddedAsync("a", Message(n), "c2")));
        await _records.ChatAddedAsync("a", Message(3, participant: "p2"), "c1");
        await _records.ChatAddedAsync("b", Message(4), "c1");

        var kept = (await _records.ReadAsync("a", Cancellation))!.Chat;
        Assert.Equal(["m1", "m10", "m3"], kept.Select(c => c.Id));
        Assert.Equal("line 1", kept[0].Text);
        Assert.Equal("m4", Assert.Single((await _records.ReadAsync("b", Cancellation))!.Chat).Id);
    }

    [Fact]
    public async Task Chat_is_in_the_order_of_sending_within_one_millisecond()
    {
        await _records.CreateAsync("a");
        var writes = Enumerable.Range(0, 700)
            .Select(n => _records.ChatAddedAsync("a", new ChatMessage($"m{n}", "p1", "Ada", "x", Start), $"c{n}"));
        await Task.WhenAll(writes);

        var record = await _records.ReadAsync("a", Cancellation);

        Assert.Equal(Enumerable.Range(0, 700).Select(n => $"m{n}"), record!.Chat.Select(c => c.Id));
    }

    [Fact]
    public async Task Open_meetings_come_back_with_their_places_and_newest_chat()
    {
        await _records.CreateAsync("ended");
        await _records.MeetingEndedAsync("ended", EndReason.Unused, null, Start);
        await _records.CreateAsync("empty", Start.AddSeconds(1));
        await _records.CreateAsync("open", Start.AddSeconds(2));
        await _records.JoinAsync("open", "p1");
        await _records.JoinAsync("open", "p2");
        await _records.JoinAsync("open", "p3");
        await _records.ParticipantLeftAsync("open", "p2", LeaveReason.Left, Start);
        await _records.ParticipantUpdatedAsync("open", "p3", Hash(9), new MediaState(Mic: true, Cam: false));
        await Task.WhenAll(Enumerable.Range(0, 503).Select(n => _records.ChatAddedAsync("open", Message(n), $"c{n}")));
        await ReopenAsync();

        var unfinished = await _records.ReadUnfinishedAsync(Cancellation);

        Assert.Equal(["empty", "open"], unfinished.Select(m => m.Id));
        Assert.Empty(unfinished[0].Places);
        var open = unfinished[1];
        Assert.Equal(("Title of open", "Ada", Start.AddSeconds(2)), (open.Title, open.CreatedBy, open.StartedAt));
        Assert.Equal(Hash(1), open.CreatorSecretHash);
        Assert.Equal(["p1", "p3"], open.Places.Select(p => p.State.ParticipantId));
        Assert.Equal([Role.Host, Role.Participant], open.Places.Select(p => p.State.Role));
        Assert.Equal([new(false, false), new(true, false)], open.Places.Select(p => p.State.Media));
        Assert.Equal(Hash(2), open.Places[0].ResumeTokenHash);
        Assert.Equal(Hash(9), open.Places[1].ResumeTokenHash);
        Assert.Equal(Enumerable.Range(3, 500).Select(n => new KeptChatMessage(Message(n), $"c{n}")), open.Chat);
    }

    [Fact]
    public async Task The_first_end_stands()
    {
        await _records.CreateAsync("a");
        await _records.JoinAsync("a", "p1");
        await _records.MeetingEndedAsync("a", EndReason.Cancelled, "Ada", Start.AddSeconds(1));

        await _records.MeetingEndedAsync("a", EndReason.LastLeft, null, Start.AddSeconds(2));
        await _records.ParticipantLeftAsync("a", "p1", LeaveReason.Left, Start.AddSeconds(3));

        var record = await _records.ReadAsync("a", Cancellation);
        Assert.Equal((EndReason.Cancelled, "Ada", Start.AddSeconds(1)), (record!.EndReason, record.EndedBy, record.EndedAt));
        Assert.Equal(LeaveReason.Cancelled, Assert.Single(record.Attendance).LeaveReason);
    }

    [Fact]
    public async Task What_contradicts_the_records_is_refused_and_changes_nothing()
    {
        await _records.CreateAsync("a");
        await _records.JoinAsync("a", "p1");
        await _records.CreateAsync("over");
        await _records.MeetingEndedAsync("over", EndReason.Unused, null, Start);

        await RefusedAsync(_records.CreateAsync("a"));
        await RefusedAsync(_records.JoinAsync("a", "p1"));
        await RefusedAsync(_records.JoinAsync("nowhere", "p1"));
        await RefusedAsync(_records.JoinAsync("over", "p1"));
        await RefusedAsync(_records.ChatAddedAsync("nowhere", Message(1), "c1"));
        await RefusedAsync(_records.ParticipantUpdatedAsync("a", "nobody", Hash(1), new MediaState(true, true)));
        await RefusedAsync(_records.ParticipantLeftAsync("a", "nobody", LeaveReason.Left, Start));
        await RefusedAsync(_records.MeetingEndedAsync("nowhere", EndReason.LastLeft, null, Start));

        var record = await _records.ReadAsync("a", Cancellation);
        Assert.Single(record!.Attendance);
        Assert.Empty(record.Chat);
        Assert.Null(record.EndedAt);
    }

    [Fact]
    public async Task The_summary_counts_people_not_stays()
    {
        await _records.CreateAsync("a");
        await _records.JoinAsync("a", "p1");
        await _records.JoinAsync("a", "p2");
        await _records.ParticipantLeftAsync("a", "p1", LeaveReason.Left, Start);
        await _records.JoinAsync("a", "p1");

        Assert.Equal(2, Assert.Single(await _records.ListAsync(null, 10, true, Cancellation)).Participants);
    }

    private static bool SameButForLists(MeetingRecord a, MeetingRecord b) =>
        a with { Attendance = b.Attendance, Chat = b.Chat } == b;

    private static async Task RefusedAsync(Task write) => await Assert.ThrowsAsync<InvalidOperationException>(() => write);

    private async Task ReopenAsync()
    {
        await _records.DisposeAsync();
        _records = _kept.Open();
    }
}
