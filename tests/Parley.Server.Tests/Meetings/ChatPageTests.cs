using CsCheck;
using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

public sealed class ChatPageTests
{
    [Fact]
    public void Snapshot_and_pages_are_the_whole_chat_once_however_long_it_is() =>
        Gen.Select(Gen.Int[0, 12], Gen.Int[1, 5], Gen.Int[1, 4]).Sample(
            (messages, snapshot, page) => Task.Run(() => ReadBackAsync(messages, snapshot, page)).GetAwaiter().GetResult(), iter: 40, threads: 1);

    [Fact]
    public async Task A_page_of_no_message_or_of_no_size_is_refused()
    {
        var server = await new MeetingFixture().StartAsync();
        var (meeting, _) = await server.CreateAsync();
        var ada = await Guest.JoinAsync(meeting, "Ada");
        var sent = await ada.SayAsync("first");
        Assert.Equal(ErrorCodes.MessageUnknown, await WhyNotAsync(new ChatBefore("nothing")));
        Assert.Equal(ErrorCodes.RequestInvalid, await WhyNotAsync(new ChatBefore(null)));
        Assert.Equal(ErrorCodes.RequestInvalid, await WhyNotAsync(new ChatBefore(sent.Id, 0)));
        Assert.Equal(ErrorCodes.RequestInvalid, await WhyNotAsync(new ChatBefore(sent.Id, 101)));
        Assert.Null(await WhyNotAsync(new ChatBefore(sent.Id, 100)));
        Assert.Equal(ErrorCodes.NotJoined, (await meeting.ChatBeforeAsync(new RecordingLink(), new ChatBefore(sent.Id)).Soon()).Error?.Code);

        async Task<string?> WhyNotAsync(ChatBefore page) => (await meeting.ChatBeforeAsync(ada.Link, page).Soon()).Error?.Code;
    }

    private static async Task ReadBackAsync(int messages, int snapshot, int size)
    {
        var server = new MeetingFixture();
        server.Options.Limits.ChatHistory = snapshot;
        await server.StartAsync();
        var (meeting, _) = await server.CreateAsync();
        var ada = await Guest.JoinAsync(meeting, "Ada");
        for (var i = 0; i < messages; i++) await ada.SayAsync($"{i}");

        var late = await Guest.JoinAsync(meeting, "Late");
        var read = late.Joined.Meeting.Chat.ToList();
        var older = late.Joined.Meeting.OlderChat;
        Assert.Equal(Math.Min(messages, snapshot), read.Count);
        while (older)
        {
            var page = (await meeting.ChatBeforeAsync(late.Link, new ChatBefore(read[0].Id, size)).Soon()).Value!;
            Assert.InRange(page.Messages.Count, 1, size);
            read.InsertRange(0, page.Messages);
            older = page.Older;
        }

        Assert.Equal(Enumerable.Range(0, messages).Select(i => $"{i}"), read.Select(message => message.Text));
    }
}
