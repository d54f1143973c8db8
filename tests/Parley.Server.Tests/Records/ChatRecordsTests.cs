using System.Text;
using Parley.Protocol;
using Parley.Server.Files;
using Parley.Server.Records;
using static Parley.Server.Tests.Records.RecordsFixture;

namespace Parley.Server.Tests.Records;

public sealed class ChatRecordsTests : IAsyncLifetime
{
    private static readonly ChatPerson Ada = new("p1", "Ada"), Ben = new("p2", "Ben");

    private readonly TemporaryRecords _kept = new();
    private readonly TemporaryFolder _folder = new();
    private FileStore _files = null!;
    private MeetingRecords _records = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _files = new FileStore(_folder.Path, 0);
        _records = RecordsFixture.Open(TemporaryRecords.StoreAt(_kept.Place), _files);
        await _records.CreateAsync("a");
        await _records.JoinAsync("a", "p1");
    }

    public async ValueTask DisposeAsync()
    {
        await _records.DisposeAsync();
        _kept.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task All_of_a_message_comes_back_also_with_an_open_meeting()
    {
        var file = new ChatFile("f1", "plan.png", "image/png", 1234);
        await _records.ChatAddedAsync("a", Message(1) with { To = Ben }, "c1");
        await _records.ChatAddedAsync("a", Message(2, text: "") with { File = file }, "c2");
        await _records.ChatAddedAsync("a", Message(3), "c3");
        foreach (var (emoji, by) in new[] { ("👍", Ada), ("🎉", Ada), ("👍", Ben), ("👍", Ben) })
            await _records.ChatReactedAsync("a", new ChatReacted("m3", emoji, by, true));
        await _records.ChatReactedAsync("a", new ChatReacted("m3", "🎉", Ada, false));

        ChatMessage[] expected =
        [
            Message(1) with { To = Ben }, Message(2, text: "") with { File = file }, Message(3) with { Reactions = [new ChatReaction("👍", [Ada, Ben])] },
        ];
        Assert.Equivalent(expected, (await _records.ReadAsync("a", ["p2"], Cancellation))!.Chat, strict: true);
        var open = (await _records.ReadUnfinishedAsync(Cancellation)).Single();
        Assert.Equivalent(expected, open.Chat.Select(kept => kept.Message), strict: true);
        Assert.Equal((1, 1234L), (open.Files, open.FileBytes));
        Assert.Equivalent(expected[2], await _records.ReadChatAsync("a", "m3", Cancellation), strict: true);
        Assert.Equal("m2", (await _records.ReadFileAsync("a", "f1", Cancellation))!.Id);
        Assert.Null(await _records.ReadFileAsync("a", "f2", Cancellation));
        Assert.Equal(["f1"], await _records.ReadFilesAsync("a", Cancellation));
    }

    [Fact]
    public async Task What_is_private_is_read_only_for_its_two()
    {
        await _records.ChatAddedAsync("a", Message(1), "c1");
        await _records.ChatAddedAsync("a", Message(2) with { To = Ben }, "c2");
        await _records.ChatAddedAsync("a", Message(3), "c3");
        Assert.Equal(["m1", "m3"], (await _records.ReadAsync("a", Cancellation))!.Chat.Select(message => message.Id));
        Assert.Equal(["m1", "m3"], (await _records.ReadAsync("a", ["p3"], Cancellation))!.Chat.Select(message => message.Id));
        Assert.Equal(["m1", "m2", "m3"], (await _records.ReadAsync("a", ["p1"], Cancellation))!.Chat.Select(message => message.Id));
        Assert.Equal(["m1"], (await _records.ReadChatBeforeAsync("a", "m3", "p3", 10, Cancellation))!.Messages.Select(message => message.Id));
        Assert.Equal(["m1", "m2"], (await _records.ReadChatBeforeAsync("a", "m3", "p2", 10, Cancellation))!.Messages.Select(message => message.Id));
        Assert.Null(await _records.ReadChatBeforeAsync("a", "m2", "p3", 10, Cancellation));
    }

    [Fact]
    public async Task Pages_go_back_to_the_first_message()
    {
        for (var i = 0; i < 7; i++) await _records.ChatAddedAsync("a", Message(i), $"c{i}");
        var page = await _records.ReadChatBeforeAsync("a", "m6", "p1", 4, Cancellation);
        Assert.Equal(["m2", "m3", "m4", "m5"], page!.Messages.Select(message => message.Id));
        Assert.True(page.Older);
        page = await _records.ReadChatBeforeAsync("a", "m2", "p1", 2, Cancellation);
        Assert.Equal(["m0", "m1"], page!.Messages.Select(message => message.Id));
        Assert.False(page.Older);
    }

    [Fact]
    public async Task A_deleted_message_leaves_who_and_when_and_its_words_are_in_no_file()
    {
        await _records.ChatAddedAsync("a", Message(1, text: "the secret plan"), "c1");
        await _records.ChatAddedAsync("a", Message(2, text: "an innocent line"), "c2");
        await _records.ChatReactedAsync("a", new ChatReacted("m1", "👍", Ben, true));
        var deletion = new ChatDeletion(Start.AddMinutes(1), Ben, true);
        await _records.ChatDeletedAsync("a", "m1", deletion, new HostAction(HostActionKind.ChatDeleted, deletion.At, "p2", "Ben", "p1", "Ada"));
        await _records.PurgeAsync();

        var chat = (await _records.ReadAsync("a", Cancellation))!.Chat;
        Assert.Equal(Message(1, text: "") with { Deleted = deletion }, chat[0]);
        Assert.Equal(HostActionKind.ChatDeleted, (await _records.ReadAccessAsync("a", Cancellation))!.Actions.Single().Action);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _records.ChatReactedAsync("a", new ChatReacted("m1", "👍", Ada, true)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _records.ChatDeletedAsync("a", "never", deletion, null));
        if (TemporaryRecords.UsePostgreSql) return;
        var files = string.Concat(Directory.GetFiles(_kept.Place, "parley.db*").Select(ReadShared));
        Assert.DoesNotContain("secret plan", files, StringComparison.Ordinal);
        Assert.Contains("innocent line", files, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_go_with_their_message_and_all_with_their_meeting()
    {
        await _records.CreateAsync("b");
        var (first, second, other) = (await StoreAsync("a", "1"), await StoreAsync("a", "2"), await StoreAsync("b", "3"));
        await _records.ChatDeletedAsync("a", "m1", new ChatDeletion(Start, Ada, false), null);
        Assert.Null(_files.Open("a", first));
        Assert.Empty(await _records.ReadFilesAsync("c", Cancellation));
        Assert.Equal([second], await _records.ReadFilesAsync("a", Cancellation));
        AssertThere("a", second);

        await _records.MeetingEndedAsync("a", EndReason.LastLeft, null, Start);
        Assert.Equal(1, await _records.DeleteEndedBeforeAsync(Start.AddDays(1), Cancellation));
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "files", "a")));
        AssertThere("b", other);
    }

    [Fact]
    public async Task What_a_crash_left_is_swept_away_at_the_start()
    {
        var known = await StoreAsync("a", "1");
        var lost = await _files.ReceiveAsync("a", new MemoryStream([1, 2, 3]), 3, Cancellation);
        var half = Path.Combine(_folder.Path, "files", "a", "half.part");
        await File.WriteAllTextAsync(half, "half", Cancellation);
        await _files.ReceiveAsync("gone", new MemoryStream([1]), 1, Cancellation);

        await new FileSweep(_files, _records, Microsoft.Extensions.Logging.Abstractions.NullLogger<FileSweep>.Instance).StartAsync(Cancellation);

        AssertThere("a", known);
        Assert.Null(_files.Open("a", lost!.Id));
        Assert.False(File.Exists(half));
        Assert.Equal(["a"], _files.Meetings);
    }

    private async Task<string> StoreAsync(string meeting, string number)
    {
        var stored = (await _files.ReceiveAsync(meeting, new MemoryStream([1, 2, 3]), 3, Cancellation))!;
        var file = new ChatFile(stored.Id, "a.bin", stored.Type, stored.Size);
        await _records.ChatAddedAsync(meeting, new ChatMessage("m" + number, "p1", "Ada", "", Start, File: file), "c" + number);
        return stored.Id;
    }

    private void AssertThere(string meeting, string file)
    {
        using var stream = _files.Open(meeting, file);
        Assert.NotNull(stream);
    }

    private static string ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file, Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
