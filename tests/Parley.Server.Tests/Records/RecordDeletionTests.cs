using System.Text;
using Microsoft.EntityFrameworkCore;
using Parley.Protocol;
using Parley.Server.Records;
using static Parley.Server.Tests.Records.RecordsFixture;

namespace Parley.Server.Tests.Records;

public sealed class RecordDeletionTests : IAsyncLifetime
{
    private readonly TemporaryRecords _kept = new();
    private MeetingRecords _records = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _records = _kept.Open();
        // Who is told of meetings: what waits for it goes with the meeting too.
        await _records.WriteAsync(db => db.WebhookEndpoints.Add(new WebhookEndpointRow { Id = "w", Url = "https://parley.invalid", Secret = [1], Events = "" }));
    }

    public async ValueTask DisposeAsync()
    {
        await _records.DisposeAsync();
        _kept.Dispose();
    }

    [Fact]
    public async Task A_deleted_meeting_is_in_no_table_and_the_others_are_whole()
    {
        await FillAsync("gone", RecordDeletion.Piece + 300);
        await FillAsync("kept", 20);
        var kept = await _records.ReadAsync("kept", Cancellation);

        await _records.DeleteAsync("gone");

        Assert.Null(await _records.ReadAsync("gone", Cancellation));
        Assert.Null(await _records.ReadOwnerAsync("gone", Cancellation));
        using (var store = TemporaryRecords.StoreAt(_kept.Place))
        using (var db = store.CreateContext())
        {
            foreach (var table in db.Model.FindEntityType(typeof(MeetingRow))!.GetReferencingForeignKeys().Select(key => key.DeclaringEntityType.GetTableName()))
            {
                Assert.Equal(0L, _kept.Sql($"SELECT count(*) FROM \"{table}\" WHERE \"MeetingId\" = 'gone'"));
                Assert.NotEqual(0L, _kept.Sql($"SELECT count(*) FROM \"{table}\" WHERE \"MeetingId\" = 'kept'"));
            }
        }
        Assert.Equivalent(kept, await _records.ReadAsync("kept", Cancellation), strict: true);
    }

    [Fact]
    public async Task What_was_said_is_not_in_the_files_any_more()
    {
        Assert.SkipWhen(TemporaryRecords.UsePostgreSql, "Of PostgreSQL's files nothing is promised");
        await FillAsync("gone", 50);
        await FillAsync("kept", 50);
        Assert.Contains("line of gone", Files(), StringComparison.Ordinal);

        await _records.DeleteAsync("gone");

        var files = Files();
        Assert.DoesNotContain("of gone", files, StringComparison.Ordinal);
        Assert.Contains("line of kept", files, StringComparison.Ordinal);
        await _records.CreateAsync("the records go on");
    }

    [Fact]
    public async Task An_open_meeting_is_refused_and_one_that_is_not_there_is_deleted()
    {
        await _records.CreateAsync("open");

        await Assert.ThrowsAsync<InvalidOperationException>(() => _records.DeleteAsync("open"));
        await _records.DeleteAsync("never was");

        Assert.NotNull(await _records.ReadAsync("open", Cancellation));
        Assert.False((await _records.ReadOwnerAsync("open", Cancellation))!.HasEnded);
    }

    [Fact]
    public async Task Those_that_ended_before_a_time_are_deleted_and_no_others()
    {
        foreach (var day in Enumerable.Range(0, 5)) await _records.CreateAsync($"day{day}", Start.AddDays(day));
        foreach (var day in Enumerable.Range(0, 4)) await _records.MeetingEndedAsync($"day{day}", EndReason.LastLeft, null, Start.AddDays(day).AddHours(1));
        await _records.CreateAsync("long", Start);
        await _records.MeetingEndedAsync("long", EndReason.LastLeft, null, Start.AddDays(3));

        Assert.Equal(2, await _records.DeleteEndedBeforeAsync(Start.AddDays(2), Cancellation));

        var kept = await _records.ListAsync(null, 10, true, Cancellation);
        Assert.Equal(["day4", "day3", "day2", "long"], kept.Select(m => m.Id));
        Assert.Equal(0, await _records.DeleteEndedBeforeAsync(Start.AddDays(2), Cancellation));
    }

    private async Task FillAsync(string meeting, int messages)
    {
        await _records.CreateAsync(meeting);
        await _records.JoinAsync(meeting, "p1");
        await _records.ModeChangedAsync(meeting, new ModeChange(MeetingMode.PeerToPeer, ModeReason.TwoPeople, Start));
        await _records.ChangedAsync(meeting, new MeetingChange([], [new HostAction(HostActionKind.RoleChanged, Start, "p1", $"host of {meeting}")]));
        await Task.WhenAll(Enumerable.Range(0, messages).Select(n => _records.ChatAddedAsync(meeting, Message(n, text: $"line of {meeting}"), $"c{n}")));
        await _records.ChatReactedAsync(meeting, new ChatReacted("m0", "👍", new ChatPerson("p1", "Ada"), true));
        await _records.MeetingEndedAsync(meeting, EndReason.LastLeft, null, Start.AddHours(1));
    }

    /// <summary>All bytes that the store has on disk.</summary>
    private string Files() => string.Concat(Directory.GetFiles(_kept.Place, "parley.db*").Select(path =>
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file, Encoding.Latin1);
        return reader.ReadToEnd();
    }));
}
