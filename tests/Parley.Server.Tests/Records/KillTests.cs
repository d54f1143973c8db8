using System.Diagnostics;
using System.Globalization;
using Parley.Protocol;
using Parley.Server.Records;
using static Parley.Server.Tests.Records.RecordsFixture;

namespace Parley.Server.Tests.Records;

/// <summary>
/// The promise of the records, with a real process and a real SIGKILL. The test starts its own executable once more, for this test
/// alone and with <see cref="PlaceVariable"/> set; that child writes and says what was acknowledged, until it is killed (or the
/// parent is gone, which breaks its output).
/// </summary>
public sealed class KillTests
{
    private const string PlaceVariable = "PARLEY_TEST_KILL_PLACE";
    private const int Meetings = 4;

    [Fact(Timeout = 180_000)]
    public async Task What_was_acknowledged_survives_kill_9()
    {
        var cancellation = TestContext.Current.CancellationToken;
        if (Environment.GetEnvironmentVariable(PlaceVariable) is { } childPlace)
        {
            await WriteUntilKilledAsync(childPlace, cancellation);
        }

        using var kept = new TemporaryRecords();
        var acknowledged = new Dictionary<string, int>();
        foreach (var kills in new[] { 20, 250 })
        {
            await RunAndKillAsync(kept.Place, kills, acknowledged, cancellation);

            kept.AssertWhole();
            await VerifyAsync(kept.Place, acknowledged, cancellation);
        }
    }

    private static async Task RunAndKillAsync(
        string place, int acknowledgements, Dictionary<string, int> acknowledged, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Path.ChangeExtension(typeof(KillTests).Assembly.Location, null))
        {
            RedirectStandardOutput = true,
            ArgumentList = { "-method", $"{typeof(KillTests).FullName}.{nameof(What_was_acknowledged_survives_kill_9)}" },
            Environment = { [PlaceVariable] = place },
        };
        using var child = Process.Start(start)!;
        var output = new List<string>();
        var seen = 0;
        try
        {
            while (seen < acknowledgements || acknowledged.Count < Meetings)
            {
                var line = await child.StandardOutput.ReadLineAsync(cancellation);
                Assert.True(line is not null, $"The child ended by itself: {string.Join('\n', output)}");
                output.Add(line);
                seen += Note(line, acknowledged);
            }
            Assert.Throws<RecordsUnavailableException>(() => Open(place));
        }
        finally
        {
            child.Kill();
        }

        // What it had said before it died counts too.
        while (await child.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            Note(line, acknowledged);
        }
        await child.WaitForExitAsync(cancellation);
    }

    /// <summary>"ack MEETING N": entry N of the meeting is on disk, and, by order, all before it.</summary>
    private static int Note(string line, Dictionary<string, int> acknowledged)
    {
        if (line.Split(' ') is not ["ack", var meeting, var number])
        {
            return 0;
        }
        acknowledged[meeting] = Math.Max(acknowledged.GetValueOrDefault(meeting, -1), int.Parse(number, CultureInfo.InvariantCulture));
        return 1;
    }

    private static async Task VerifyAsync(string place, Dictionary<string, int> acknowledged, CancellationToken cancellation)
    {
        await using var records = Open(place);
        Assert.Equal(Meetings, acknowledged.Count);
        foreach (var (meeting, last) in acknowledged)
        {
            var record = await records.ReadAsync(meeting, cancellation);
            Assert.NotNull(record);
            Assert.True(record.Chat.Count > last, $"{meeting}: {last} was acknowledged, {record.Chat.Count} are kept");
            Assert.Equal(Enumerable.Range(0, record.Chat.Count).Select(n => $"m{n}"), record.Chat.Select(c => c.Id));

            // Each message was sent between its sender's joining and leaving.
            var gone = record.Attendance.Where(stay => stay.LeftAt is not null).Select(stay => stay.ParticipantId).ToHashSet();
            Assert.All(Enumerable.Range(0, last + 1), n => Assert.Contains($"p{n}", gone));
        }
        Assert.Equal(Meetings, (await records.ReadUnfinishedAsync(cancellation)).Count);
    }

    private static async Task WriteUntilKilledAsync(string place, CancellationToken cancellation)
    {
        await using var records = Open(place);
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        await using var synchronized = TextWriter.Synchronized(output);
        foreach (var meeting in await records.ReadUnfinishedAsync(cancellation))
        {
            await Task.WhenAll(meeting.Places.Select(
                place => records.ParticipantLeftAsync(meeting.Id, place.State.ParticipantId, LeaveReason.ConnectionLost, Start)));
        }
        await Task.WhenAll(Enumerable.Range(0, Meetings).Select(
            n => WriteMeetingAsync(records, $"meeting-{n}", synchronized, cancellation)));
    }

    private static async Task WriteMeetingAsync(
        MeetingRecords records, string meeting, TextWriter output, CancellationToken cancellation)
    {
        var next = (await records.ReadAsync(meeting, cancellation))?.Chat.Count;
        if (next is null)
        {
            await records.CreateAsync(meeting);
        }
        for (var n = next ?? 0; ; n += 8)
        {
            await Task.WhenAll(Enumerable.Range(n, 8).Select(number => WriteEntryAsync(records, meeting, number, output)));
        }
    }

    private static async Task WriteEntryAsync(MeetingRecords records, string meeting, int number, TextWriter output)
    {
        var joined = records.JoinAsync(meeting, $"p{number}");
        var sent = records.ChatAddedAsync(meeting, Message(number), $"c{number}");
        var left = records.ParticipantLeftAsync(meeting, $"p{number}", LeaveReason.Left, Start);
        await Task.WhenAll(joined, sent, left);
        await output.WriteLineAsync($"ack {meeting} {number}");
    }
}
