using CsCheck;
using Parley.Protocol;

namespace Parley.Server.Tests.Meetings;

public sealed class ChatTests
{
    private readonly MeetingFixture _server = new();

    [Fact]
    public async Task Everyone_gets_a_message_with_name_and_time_the_sender_too()
    {
        var (ada, bob) = await TwoAsync();
        _server.Time.Advance(TimeSpan.FromTicks(12_345_678));
        var sent = await ada.SayAsync(" <b>hi</b>\r\nthere\u0007 ");
        Assert.Equal("<b>hi</b>\nthere", sent.Text);
        Assert.Equal("Ada", sent.Name);
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 5, 6, 8, 234, TimeSpan.Zero), sent.SentAt);
        await ada.Link.NextAsync<Participant>(MeetingEvents.ParticipantJoined);
        Assert.Equal(sent, await ada.Link.NextAsync<ChatMessage>(MeetingEvents.ChatAdded));
        Assert.Equal(sent, await bob.Link.NextAsync<ChatMessage>(MeetingEvents.ChatAdded));
    }

    [Fact]
    public async Task The_same_client_id_is_one_message_also_after_a_restart()
    {
        var (ada, bob) = await TwoAsync();
        var first = await ada.SayAsync("once", "1");
        Assert.Equal(first, await ada.SayAsync("once more", "1"));
        Assert.NotEqual(first.Id, (await bob.SayAsync("mine", "1")).Id);
        await bob.Link.NextAsync<ChatMessage>(MeetingEvents.ChatAdded);
        await bob.Link.NextAsync<ChatMessage>(MeetingEvents.ChatAdded);
        Assert.Empty(bob.Link.Unread());

        await _server.StartAsync();
        var back = await Guest.JoinAsync(await _server.FindAsync(ada.Meeting.Id), "Ada", token: ada.Joined.ResumeToken);
        Assert.Equal(first, await back.SayAsync("once", "1"));
        Assert.Equal(2, back.Joined.Meeting.Chat.Count);
    }

    [Fact]
    public async Task Refuses_what_cannot_be_shown_or_repeated()
    {
        var (ada, bob) = await TwoAsync();
        foreach (var text in new[] { null, "", "\n\n", "\u2066\u2069", new string('x', 5001) })
            Assert.Equal(ErrorCodes.TextInvalid, (await ada.Meeting.SendChatAsync(ada.Link, new SendChat("1", text))).Error?.Code);
        foreach (var id in new[] { null, "", new string('x', 65), "zero\0inside" })
            Assert.Equal(ErrorCodes.RequestInvalid, (await ada.Meeting.SendChatAsync(ada.Link, new SendChat(id, "x"))).Error?.Code);
        Assert.Empty(bob.Link.Unread());
        Assert.Equal(5000, (await ada.SayAsync(new string('x', 5000))).Text.Length);
    }

    [Fact]
    public async Task The_snapshot_holds_the_newest_and_the_records_hold_all()
    {
        _server.Options.Limits.ChatHistory = 3;
        var (ada, _) = await TwoAsync();
        for (var i = 0; i < 5; i++) await ada.SayAsync($"{i}");
        var late = await Guest.JoinAsync(ada.Meeting, "Late");
        Assert.Equal(["2", "3", "4"], late.Joined.Meeting.Chat.Select(message => message.Text));
        var record = await _server.Records.ReadAsync(ada.Meeting.Id, TestContext.Current.CancellationToken);
        Assert.Equal(5, record!.Chat.Count);
    }

    [Fact]
    public void Snapshot_and_events_together_are_the_whole_history_however_joins_and_chat_fall_together() =>
        Gen.Int[1, 6].Select(Gen.Int[1, 30]).Sample(
            (joins, messages) => Task.Run(() => JoinWhileOthersTalkAsync(joins, messages)).GetAwaiter().GetResult(), iter: 30, threads: 1);

    private static async Task JoinWhileOthersTalkAsync(int joins, int messages)
    {
        var server = await new MeetingFixture().StartAsync();
        var (meeting, _) = await server.CreateAsync();
        var speaker = await Guest.JoinAsync(meeting, "Speaker");
        var talk = Task.Run(async () =>
        {
            for (var i = 0; i < messages; i++) await speaker.SayAsync($"{i}");
        });
        var guests = await Task.WhenAll(Enumerable.Range(0, joins).Select(i => Task.Run(() => Guest.JoinAsync(meeting, $"Guest {i}"))));
        await talk;

        foreach (var guest in guests)
        {
            var heard = guest.Joined.Meeting.Chat.Select(message => message.Text).ToList();
            var people = guest.Joined.Meeting.Participants.Select(participant => participant.Id).ToList();
            foreach (var (name, argument) in guest.Link.Drain())
            {
                if (name == MeetingEvents.ChatAdded) heard.Add(((ChatMessage)argument!).Text);
                else if (name == MeetingEvents.ParticipantJoined) people.Add(((Participant)argument!).Id);
            }

            Assert.Equal(Enumerable.Range(0, messages).Select(i => $"{i}"), heard);
            Assert.Equal(people.Distinct(), people);
            Assert.Equal(joins + 1, people.Count);
        }
    }

    private async Task<(Guest Ada, Guest Bob)> TwoAsync()
    {
        await _server.StartAsync();
        var (meeting, _) = await _server.CreateAsync();
        return (await Guest.JoinAsync(meeting, "Ada"), await Guest.JoinAsync(meeting, "Bob"));
    }
}
