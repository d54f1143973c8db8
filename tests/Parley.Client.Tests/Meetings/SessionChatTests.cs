using Parley.Client.Meetings;
using Parley.Protocol;
using Parley.Server.Tests.Meetings;

namespace Parley.Client.Tests.Meetings;

/// <summary>Private messages, deletion, reactions, files and older messages, in the real server over real connections.</summary>
public sealed class SessionChatTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_write_to_each_other_react_delete_and_read_back_and_a_third_hears_none_of_it()
    {
        await using var server = await LiveServer.StartAsync("Parley:Limits:ChatHistory=2");
        using var client = server.Connect();
        var meeting = await client.CreateMeetingAsync("Weekly", "Ada", Cancellation);
        await using var ada = await client.JoinAsync(meeting.Id, new JoinOptions { Name = "Ada", CreatorSecret = meeting.CreatorSecret }, Cancellation);
        await using var bob = await client.JoinAsync(meeting.Id, new JoinOptions { Name = "Bob" }, Cancellation);
        await using var eve = await client.JoinAsync(meeting.Id, new JoinOptions { Name = "Eve" }, Cancellation);
        var (told, heard) = (new EventReader(bob), new EventReader(eve));

        var secret = await ada.SendPrivateChatAsync(bob.ParticipantId, "psst", Cancellation).Soon();
        Assert.Equal(secret, (await told.UntilAsync<ChatAdded>()).Message);
        await bob.ReactToChatAsync(secret.Id, "👍", cancellation: Cancellation).Soon();
        Assert.Equal("👍", (await told.UntilAsync<ChatChanged>()).Message.Reactions!.Single().Emoji);
        await ada.DeleteChatAsync(secret.Id, Cancellation).Soon();
        Assert.NotNull((await told.UntilAsync<ChatChanged>()).Message.Deleted);
        Assert.Equal("", bob.Chat.Single().Text);
        await AssertRefusedAsync(ErrorCodes.MessageUnknown, () => eve.DeleteChatAsync(secret.Id, Cancellation));
        await AssertRefusedAsync(ErrorCodes.ParticipantUnknown, () => ada.SendPrivateChatAsync("gone", "psst", Cancellation));

        await bob.ReactAsync("🎉", Cancellation).Soon();
        var sign = await heard.UntilAsync<SignGiven>();
        Assert.Equal(("Bob", "🎉"), (sign.Participant.Name, sign.Emoji));
        await AssertRefusedAsync(ErrorCodes.RequestInvalid, () => bob.ReactAsync("no", Cancellation));
        Assert.Empty(eve.Chat);

        foreach (var text in new[] { "one", "two", "three" }) await ada.SendChatAsync(text, Cancellation).Soon();
        await using var late = await client.JoinAsync(meeting.Id, new JoinOptions { Name = "Late" }, Cancellation);
        Assert.Equal(["two", "three"], late.Chat.Select(message => message.Text));
        var page = await late.ReadChatBeforeAsync(late.Chat[0].Id, cancellation: Cancellation).Soon();
        Assert.Equal(["one"], page.Messages.Select(message => message.Text));
        Assert.False(page.Older);
    }

    [Fact]
    public async Task A_file_goes_out_and_comes_back_as_it_was_and_not_to_others_when_private()
    {
        await using var server = await LiveServer.StartAsync("Parley:Files:MaxMegabytes=1");
        using var client = server.Connect();
        var meeting = await client.CreateMeetingAsync("Weekly", "Ada", Cancellation);
        await using var ada = await client.JoinAsync(meeting.Id, new JoinOptions { Name = "Ada" }, Cancellation);
        await using var bob = await client.JoinAsync(meeting.Id, new JoinOptions { Name = "Bob" }, Cancellation);
        await using var eve = await client.JoinAsync(meeting.Id, new JoinOptions { Name = "Eve" }, Cancellation);
        var told = new EventReader(bob);
        byte[] bytes = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];
        using var content = new MemoryStream(bytes);
        var sent = await ada.SendFileAsync("plan.bin", content, bob.ParticipantId, Cancellation).Soon();
        Assert.Equal(sent, (await told.UntilAsync<ChatAdded>()).Message);
        Assert.True(content.CanRead);

        using var got = new MemoryStream();
        await bob.GetFileAsync(sent.File!, got, Cancellation).Soon();
        Assert.Equal(bytes, got.ToArray());
        await AssertRefusedAsync(ErrorCodes.FileUnknown, () => eve.GetFileAsync(sent.File!, Stream.Null, Cancellation));
        using var large = new MemoryStream(new byte[(1 << 20) + 1]);
        await AssertRefusedAsync(ErrorCodes.FileTooLarge, () => ada.SendFileAsync("large", large, cancellation: Cancellation));
        await ada.LeaveAsync(Cancellation).Soon();
        content.Position = 0;
        await AssertRefusedAsync(ErrorCodes.SecretWrong, () => ada.SendFileAsync("late", content, cancellation: Cancellation));
    }

    private static async Task AssertRefusedAsync(string code, Func<Task> call) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<ParleyException>(call).Soon()).Code);
}
