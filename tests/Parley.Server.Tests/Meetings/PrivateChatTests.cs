using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

public sealed class PrivateChatTests
{
    private readonly MeetingFixture _server = new();
    private Meeting _meeting = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_private_message_is_told_to_its_two_and_to_nobody_else_a_host_included()
    {
        var (host, bob, eve) = await ThreeAsync();
        var sent = await bob.SayAsync("between us", to: eve.Id);
        Assert.Equal(new ChatPerson(eve.Id, "Eve"), sent.To);
        Assert.Equal(sent, await bob.Link.NextAsync<ChatMessage>(MeetingEvents.ChatAdded));
        Assert.Equal(sent, await eve.Link.NextAsync<ChatMessage>(MeetingEvents.ChatAdded));
        await eve.Meeting.ReactToChatAsync(eve.Link, new ReactToChat(sent.Id, "👍", true)).Soon();
        await bob.Meeting.DeleteChatAsync(bob.Link, sent.Id).Soon();
        Assert.Equal([MeetingEvents.ChatReacted, MeetingEvents.ChatDeleted], eve.Link.Unread());
        Assert.Empty(host.Link.Unread());
    }

    [Fact]
    public async Task It_is_in_nobody_elses_snapshot_page_or_record()
    {
        var (host, bob, eve) = await ThreeAsync();
        await bob.SayAsync("to all");
        var secret = await bob.SayAsync("between us", to: eve.Id);
        var last = await bob.SayAsync("to all again");

        foreach (var (guest, sees) in new[] { (host, false), (bob, true), (eve, true) })
        {
            string[] expected = sees ? ["to all", "between us", "to all again"] : ["to all", "to all again"];
            var back = await Guest.JoinAsync(_meeting, "again", token: guest.Joined.ResumeToken);
            Assert.Equal(expected, back.Joined.Meeting.Chat.Select(message => message.Text));
            var page = await _meeting.ChatBeforeAsync(back.Link, new ChatBefore(last.Id)).Soon();
            Assert.Equal(expected[..^1], page.Value!.Messages.Select(message => message.Text));
            var access = await _server.Records.ReadAccessAsync(_meeting.Id, Cancellation);
            var record = await _server.Records.ReadAsync(_meeting.Id, access!.ParticipantsOf(guest.Joined.ResumeToken), Cancellation);
            Assert.Equal(expected, record!.Chat.Select(message => message.Text));
            // Who may not see it learns not even that it is there.
            var before = await _meeting.ChatBeforeAsync(back.Link, new ChatBefore(secret.Id)).Soon();
            Assert.Equal(sees ? null : ErrorCodes.MessageUnknown, before.Error?.Code);
        }

        var late = await Guest.JoinAsync(_meeting, "Eve");
        Assert.Equal(["to all", "to all again"], late.Joined.Meeting.Chat.Select(message => message.Text));
    }

    [Fact]
    public async Task A_host_can_neither_delete_nor_react_to_what_is_private_to_others()
    {
        var (host, bob, eve) = await ThreeAsync();
        var secret = await bob.SayAsync("between us", to: eve.Id);
        Assert.Equal(ErrorCodes.MessageUnknown, (await _meeting.DeleteChatAsync(host.Link, secret.Id).Soon()).Error?.Code);
        Assert.Equal(ErrorCodes.MessageUnknown, (await _meeting.ReactToChatAsync(host.Link, new ReactToChat(secret.Id, "👍", true)).Soon()).Error?.Code);
    }

    [Fact]
    public async Task To_who_has_left_or_to_oneself_is_refused_and_who_is_away_gets_it_when_back()
    {
        var (_, bob, eve) = await ThreeAsync();
        _meeting.Disconnected(eve.Link);
        var sent = await bob.SayAsync("are you there?", to: eve.Id);
        var back = await Guest.JoinAsync(_meeting, "Eve", token: eve.Joined.ResumeToken);
        Assert.Equal(sent, back.Joined.Meeting.Chat.Single());

        await _meeting.LeaveAsync(back.Link).Soon();
        Assert.Equal(ErrorCodes.ParticipantUnknown, await WhyNotAsync(bob, eve.Id));
        Assert.Equal(ErrorCodes.ParticipantUnknown, await WhyNotAsync(bob, ""));
        Assert.Equal(ErrorCodes.RequestInvalid, await WhyNotAsync(bob, bob.Id));
    }

    [Fact]
    public async Task Without_the_right_to_chat_only_hosts_can_be_written_to()
    {
        var (host, bob, eve) = await ThreeAsync();
        await _meeting.ChangeSettingsAsync(host.Link, new SettingsChange(Rights.All with { Chat = false })).Soon();
        Assert.Equal(ErrorCodes.NotAllowed, await WhyNotAsync(bob, null));
        Assert.Equal(ErrorCodes.NotAllowed, await WhyNotAsync(bob, eve.Id));
        Assert.Null(await WhyNotAsync(bob, host.Id));
        Assert.Null(await WhyNotAsync(host, bob.Id));
    }

    private static async Task<string?> WhyNotAsync(Guest from, string? to) =>
        (await from.Meeting.SendChatAsync(from.Link, new SendChat(Guid.NewGuid().ToString("N"), "psst", to)).Soon()).Error?.Code;

    private async Task<(Guest Host, Guest Bob, Guest Eve)> ThreeAsync()
    {
        await _server.StartAsync();
        (_meeting, var secret) = await _server.CreateAsync();
        var guests = (await Guest.JoinAsync(_meeting, "Ada", secret: secret), await Guest.JoinAsync(_meeting, "Bob"), await Guest.JoinAsync(_meeting, "Eve"));
        foreach (var link in new[] { guests.Item1.Link, guests.Item2.Link, guests.Item3.Link }) link.Drain();
        return guests;
    }
}
