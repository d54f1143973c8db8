using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

public sealed class ChatDeletionTests
{
    private readonly MeetingFixture _server = new();
    private Meeting _meeting = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_author_deletes_a_message_and_what_is_left_says_who_and_when()
    {
        var (_, bob, eve) = await ThreeAsync();
        var sent = await bob.SayAsync("oops", "1");
        await _meeting.ReactToChatAsync(eve.Link, new ReactToChat(sent.Id, "😮", true)).Soon();
        _server.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await _meeting.DeleteChatAsync(bob.Link, sent.Id).Soon()).Value);
        Assert.Equal(1, _server.Records.Purges);

        var deletion = new ChatDeletion(_server.Time.GetUtcNow(), new ChatPerson(bob.Id, "Bob"), ByHost: false);
        Assert.Equal(new ChatDeleted(sent.Id, deletion), await eve.Link.UntilAsync(MeetingEvents.ChatDeleted));
        var left = sent with { Text = "", Deleted = deletion };
        var late = await Guest.JoinAsync(_meeting, "Late");
        Assert.Equal(left, late.Joined.Meeting.Chat.Single());
        Assert.Equal(left, (await _server.Records.ReadAsync(_meeting.Id, [], Cancellation))!.Chat.Single());
        Assert.Empty(await _server.ActionsAsync(_meeting.Id));

        // Sent again by a client that missed all this, it does not come back.
        Assert.Equal(left, await bob.SayAsync("oops", "1"));
        Assert.True((await _meeting.DeleteChatAsync(bob.Link, sent.Id).Soon()).Value);
    }

    [Fact]
    public async Task A_host_deletes_any_which_is_in_the_audit_and_a_participant_only_their_own()
    {
        var (host, bob, eve) = await ThreeAsync();
        var sent = await bob.SayAsync("rude");
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.DeleteChatAsync(eve.Link, sent.Id).Soon()).Error?.Code);
        Assert.Equal("rude", (await Guest.JoinAsync(_meeting, "Dan")).Joined.Meeting.Chat.Single().Text);

        Assert.Null((await _meeting.DeleteChatAsync(host.Link, sent.Id).Soon()).Error);
        Assert.True(((ChatDeleted)(await bob.Link.UntilAsync(MeetingEvents.ChatDeleted))!).Deleted.ByHost);
        var action = (await _server.Records.ReadAccessAsync(_meeting.Id, Cancellation))!.Actions.Single();
        Assert.Equal((HostActionKind.ChatDeleted, host.Id, bob.Id), (action.Action, action.ById, action.TargetId));

        // A host's own is no act against anybody.
        var own = await host.SayAsync("mine");
        await _meeting.DeleteChatAsync(host.Link, own.Id).Soon();
        Assert.Single(await _server.ActionsAsync(_meeting.Id));
    }

    [Fact]
    public async Task What_is_not_there_is_refused_and_a_failing_disk_leaves_all_as_it_was()
    {
        var (_, bob, eve) = await ThreeAsync();
        foreach (var id in new[] { null, "", "nothing", new string('x', 65) })
            Assert.Equal(ErrorCodes.MessageUnknown, (await _meeting.DeleteChatAsync(bob.Link, id).Soon()).Error?.Code);
        var sent = await bob.SayAsync("still here");
        _server.Records.Failing = true;
        Assert.Equal(ErrorCodes.ServerUnavailable, (await _meeting.DeleteChatAsync(bob.Link, sent.Id).Soon()).Error?.Code);
        _server.Records.Failing = false;
        Assert.Equal([MeetingEvents.ChatAdded], eve.Link.Unread());
        Assert.Equal(sent, (await Guest.JoinAsync(_meeting, "Dan")).Joined.Meeting.Chat.Single());
    }

    [Fact]
    public async Task Also_of_long_ago_and_after_a_restart()
    {
        _server.Options.Limits.ChatHistory = 3;
        var (_, bob, _) = await ThreeAsync();
        var old = await bob.SayAsync("long ago");
        for (var i = 0; i < 510; i++) await bob.SayAsync($"{i}");
        Assert.True((await _meeting.ReactToChatAsync(bob.Link, new ReactToChat(old.Id, "🎉", true)).Soon()).Value);

        await _server.StartAsync();
        var meeting = await _server.FindAsync(_meeting.Id);
        var back = await Guest.JoinAsync(meeting, "Bob", token: bob.Joined.ResumeToken);
        Assert.True((await meeting.DeleteChatAsync(back.Link, old.Id).Soon()).Value);
        var kept = (await _server.Records.ReadAsync(_meeting.Id, [], Cancellation))!.Chat[0];
        Assert.Equal(("", null, false), (kept.Text, kept.Reactions, kept.Deleted!.ByHost));
    }

    private async Task<(Guest Host, Guest Bob, Guest Eve)> ThreeAsync()
    {
        await _server.StartAsync();
        (_meeting, var secret) = await _server.CreateAsync();
        var guests = (await Guest.JoinAsync(_meeting, "Ada", secret: secret), await Guest.JoinAsync(_meeting, "Bob"), await Guest.JoinAsync(_meeting, "Eve"));
        foreach (var link in new[] { guests.Item1.Link, guests.Item2.Link, guests.Item3.Link }) link.Drain();
        return guests;
    }
}
