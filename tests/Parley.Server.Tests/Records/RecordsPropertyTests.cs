using System.Text.Json;
using CsCheck;
using Parley.Server.Records;
using static Parley.Server.Tests.Records.RecordsFixture;

namespace Parley.Server.Tests.Records;

/// <summary>Properties of the records in real databases; every sample has a database of its own.</summary>
public sealed class RecordsPropertyTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public Task Any_writes_to_meetings_side_by_side_through_restarts_leave_what_a_model_holds() =>
        ModelOperation.Gen.List[0, 40].List[1, 3].SampleAsync(
            async runs =>
            {
                using var kept = new TemporaryRecords();
                var model = new RecordsModel();
                foreach (var (run, operations) in runs.Index())
                {
                    await using var records = kept.Open();
                    await CompareAsync(model, records);

                    // All at once: the meetings' writes share commits, and each meeting's own keep their order.
                    var writes = operations.Select((operation, n) => AcceptedAsync(operation.ApplyAsync(records, $"{run}-{n}"))).ToList();
                    var expected = operations.Select((operation, n) => model.Apply(operation, $"{run}-{n}")).ToList();
                    Assert.Equal(expected, await Task.WhenAll(writes));
                    await CompareAsync(model, records);
                }
            },
            iter: 30,
            print: runs => string.Join("\n-- restart\n", runs.Select(operations => string.Join('\n', operations))));

    [Fact]
    public Task Pages_together_are_all_meetings_once_newest_first() =>
        Gen.Select(Gen.Int[0, 12].List[0, 30], Gen.Int[1, 7]).SampleAsync(
            async (starts, limit) =>
            {
                using var kept = new TemporaryRecords();
                await using var records = kept.Open();
                await Task.WhenAll(starts.Select((at, n) => records.CreateAsync($"meeting{n}", Start.AddMilliseconds(at))));

                var pages = new List<IReadOnlyList<Protocol.MeetingRecordSummary>>();
                DateTimeOffset? before = null;
                while (await records.ListAsync(before, limit, true, None) is { Count: > 0 } page)
                {
                    pages.Add(page);
                    before = page[^1].StartedAt;
                }

                Assert.Equal(
                    starts.Select((at, n) => (Start.AddMilliseconds(at), $"meeting{n}"))
                        .OrderByDescending(m => m.Item1).ThenByDescending(m => m.Item2, StringComparer.Ordinal),
                    pages.SelectMany(page => page).Select(m => (m.StartedAt, m.Id)));

                // Only those of one millisecond may go over the limit; only the last page may fall below it.
                Assert.All(pages, page => Assert.All(page.Skip(limit), m => Assert.Equal(page[limit - 1].StartedAt, m.StartedAt)));
                Assert.All(pages.SkipLast(1), page => Assert.True(page.Count >= limit));
            },
            iter: 20);

    private static async Task<bool> AcceptedAsync(Task write)
    {
        try
        {
            await write;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static async Task CompareAsync(RecordsModel model, MeetingRecords records)
    {
        foreach (var id in model.Ids)
        {
            Same(model.Record(id), await records.ReadAsync(id, None));
        }
        Same(model.List(), await records.ListAsync(null, 100, true, None));
        Same(model.Unfinished(), await records.ReadUnfinishedAsync(None));
    }

    // As JSON, because records with lists in them compare the lists by reference.
    private static void Same<T>(T expected, T actual) =>
        Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(actual));
}
