using System.Collections.Concurrent;
using System.Net.Http.Json;
using Parley.Protocol;
using Parley.Server.Tests.Records;
using Parley.Server.Tests.Signalling;

namespace Parley.Server.Tests.Api;

/// <summary>The promise of the records, as people have it: through the hub of a real process that is killed.</summary>
public sealed class StormTests
{
    private const int People = 10;
    private const int MessagesOfEach = 100;
    private const int KilledAfter = 400;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task None_of_1000_messages_that_was_acknowledged_is_lost_to_kill_9()
    {
        using var records = new TemporaryRecords();
        string[] settings = [.. records.Settings, "Rates:Chat:Burst=1000", "Limits:ChatHistory=500"];
        var acknowledged = new ConcurrentDictionary<(int Person, int Number), ChatMessage>();
        MeetingCreated meeting;
        Joined[] joined;
        using (var server = await ServerProcess.StartAsync(settings))
        {
            using var http = new HttpClient { BaseAddress = server.Address };
            var made = await http.PostAsJsonAsync("/api/meetings", new CreateMeeting("Storm", "Ada"), Cancellation);
            meeting = (await made.Content.ReadFromJsonAsync<MeetingCreated>(ProtocolJson.Options, Cancellation))!;
            var clients = await Task.WhenAll(Enumerable.Range(0, People).Select(_ => TestClient.ConnectAsync(server.Address)));
            joined = await Task.WhenAll(clients.Select(async (client, n) => (await client.JoinAsync(meeting.Id, $"Person {n}")).Value!));

            var count = 0;
            Task<int>? killed = null;
            var storm = clients.SelectMany((client, person) => Enumerable.Range(0, MessagesOfEach).Select(async number =>
            {
                if ((await client.SayAsync($"{number} of {person}", $"{number}")).Value is not { } said) return;
                acknowledged[(person, number)] = said;
                if (Interlocked.Increment(ref count) == KilledAfter) killed = server.EndAsync(kill: true);
            })).ToList();
            await Task.WhenAll(storm.Select(message => message.ContinueWith(_ => { }, TaskScheduler.Default)));
            Assert.NotNull(killed);
            await killed;
            foreach (var client in clients) await client.DisposeAsync();
        }

        Assert.InRange(acknowledged.Count, KilledAfter, (People * MessagesOfEach) - 1);
        records.AssertWhole();
        using var again = await ServerProcess.StartAsync(settings);
        var kept = await ReadAsync(again, meeting.Id);
        Assert.All(acknowledged.Values, message => Assert.Contains(message, kept.Values));

        // Who got no answer says it again, under the same id: what had been kept is not kept twice.
        await Task.WhenAll(Enumerable.Range(0, People).Select(async person =>
        {
            await using var client = await TestClient.ConnectAsync(again.Address);
            Assert.True((await client.JoinAsync(meeting.Id, $"Person {person}", joined[person].ResumeToken)).Value!.Resumed);
            foreach (var number in Enumerable.Range(0, MessagesOfEach).Where(number => !acknowledged.ContainsKey((person, number))))
                Assert.Null((await client.SayAsync($"{number} of {person}", $"{number}")).Error);
        }));
        var all = await ReadAsync(again, meeting.Id);
        Assert.Equal(
            Enumerable.Range(0, People).SelectMany(person => Enumerable.Range(0, MessagesOfEach).Select(number => $"{number} of {person}")).Order(StringComparer.Ordinal),
            all.Values.Select(message => message.Text).Order(StringComparer.Ordinal));
    }

    private static async Task<Dictionary<string, ChatMessage>> ReadAsync(ServerProcess server, string meeting)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        var record = await http.GetFromJsonAsync<MeetingRecord>($"/api/meetings/{meeting}/record", ProtocolJson.Options, Cancellation);
        return record!.Chat.ToDictionary(message => message.Id);
    }
}
