using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Parley.Client;
using Parley.Client.Meetings;
using Parley.SideBySide.Servers;
using Parley.Terminal.Load;

namespace Parley.SideBySide;

/// <summary>
/// People come at a steady rate, say a few lines, and leave, so that always about as many are there. They come when their moment is, however
/// long those before them take: what a slow server keeps waiting is counted.
/// </summary>
internal sealed class JoinsRun
{
    /// <summary>In each meeting one person stays all along and counts what the others say.</summary>
    private const int MeetingSize = 10;

    private const int LinesEach = 3;

    /// <summary>How long the last line may be on its way.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ParleyServer _server;
    private readonly DelayHistogram _joins = new();
    private readonly DelayHistogram _lines = new();
    private readonly ConcurrentDictionary<string, int> _problems = [];
    private readonly Lock _lock = new();
    private int _said;
    private int _heard;

    private JoinsRun(ParleyServer server)
    {
        _server = server;
        _server.HasMedia = false;
    }

    /// <param name="server">Started for this.</param>
    /// <param name="participants">There at a time.</param>
    /// <param name="perSecond">Who come, and who leave, in a second.</param>
    /// <param name="seconds">How long people come.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<JoinsReport> RunAsync(ParleyServerUnderTest server, int participants, int perSecond, int seconds, CancellationToken cancellation)
    {
        await using var process = await server.StartAsync(cancellation).ConfigureAwait(false);
        using var watched = new WatchedProcess(process.Id);
        using var parley = new ParleyServer(server.Address);
        // What is compiled with the first is nobody's own.
        await new JoinsRun(parley).RunAsync(watched, participants, perSecond, 5, cancellation).ConfigureAwait(false);
        return await new JoinsRun(parley).RunAsync(watched, participants, perSecond, seconds, cancellation).ConfigureAwait(false);
    }

    private async Task<JoinsReport> RunAsync(WatchedProcess server, int participants, int perSecond, int seconds, CancellationToken cancellation)
    {
        var meetings = new List<string>();
        var watchers = new List<MeetingSession>();
        while (meetings.Count < Math.Max(1, participants / MeetingSize))
        {
            meetings.Add((await _server.CreateMeetingAsync(string.Create(CultureInfo.InvariantCulture, $"Joins {meetings.Count}"), "joins", cancellation).ConfigureAwait(false)).Id);
            watchers.Add(await _server.JoinAsync(meetings[^1], new JoinOptions { Name = "Who stays" }, cancellation).ConfigureAwait(false));
        }

        var watching = watchers.Select(CountAsync).ToList();
        var stay = TimeSpan.FromSeconds((double)participants / perSecond);
        var (before, from) = (server.Sample()?.Cpu, Stopwatch.GetTimestamp());
        var visits = new List<Task>();
        for (var i = 0; i < perSecond * seconds; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / perSecond);
            if (due - Stopwatch.GetElapsedTime(from) is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, cancellation).ConfigureAwait(false);
            visits.Add(VisitAsync(meetings[i % meetings.Count], i, from, due, stay, cancellation));
        }

        var (after, came) = (server.Sample()?.Cpu, Stopwatch.GetElapsedTime(from));
        await Task.WhenAll(visits).ConfigureAwait(false);
        var until = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _heard) < _said && Stopwatch.GetElapsedTime(until) < Patience) await Task.Delay(10, cancellation).ConfigureAwait(false);
        foreach (var watcher in watchers) await watcher.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(watching).ConfigureAwait(false);
        return new JoinsReport(
            visits.Count, perSecond, participants, Milliseconds(_joins, 0.5), Milliseconds(_joins, 0.99), _joins.Max / 1e3, _said, _heard,
            Milliseconds(_lines, 0.5), Milliseconds(_lines, 0.99), after - before is { } cpu ? 100 * cpu / came : 0, new Dictionary<string, int>(_problems));
    }

    private async Task VisitAsync(string meeting, int number, long from, TimeSpan due, TimeSpan stay, CancellationToken cancellation)
    {
        try
        {
            var options = new JoinOptions { Name = string.Create(CultureInfo.InvariantCulture, $"Visitor {number}") };
            await using var session = await _server.JoinAsync(meeting, options, cancellation).ConfigureAwait(false);
            Record(_joins, Stopwatch.GetElapsedTime(from) - due);
            for (var line = 1; line <= LinesEach; line++)
            {
                await Task.Delay(stay / (LinesEach + 1), cancellation).ConfigureAwait(false);
                var asked = Stopwatch.GetTimestamp();
                await session.SendChatAsync(string.Create(CultureInfo.InvariantCulture, $"Line {line} of visitor {number}"), cancellation).ConfigureAwait(false);
                Record(_lines, Stopwatch.GetElapsedTime(asked));
                Interlocked.Increment(ref _said);
            }

            await Task.Delay(stay / (LinesEach + 1), cancellation).ConfigureAwait(false);
            await session.LeaveAsync(cancellation).ConfigureAwait(false);
        }
        catch (ParleyException e)
        {
            _problems.AddOrUpdate(e.Message, 1, (_, count) => count + 1);
        }
    }

    private async Task CountAsync(MeetingSession watcher)
    {
        await foreach (var happened in watcher.ReadEventsAsync().ConfigureAwait(false))
        {
            if (happened is ChatAdded) Interlocked.Increment(ref _heard);
            else if (happened is Reconnecting lost) _problems.AddOrUpdate(lost.Message, 1, (_, count) => count + 1);
        }
    }

    private void Record(DelayHistogram histogram, TimeSpan time)
    {
        lock (_lock) histogram.Record((long)time.TotalMicroseconds);
    }

    private static double Milliseconds(DelayHistogram histogram, double quantile) => histogram.Quantile(quantile) / 1e3;
}

/// <summary>What it found; times in ms.</summary>
/// <param name="Visits">Who came.</param>
/// <param name="PerSecond">In a second.</param>
/// <param name="Participants">There at a time.</param>
/// <param name="JoinP50">From the moment somebody was to come until they were in.</param>
/// <param name="JoinP99">Likewise.</param>
/// <param name="JoinMax">Likewise.</param>
/// <param name="Said">Lines of chat that the server took.</param>
/// <param name="Heard">How many of them those who stayed were told.</param>
/// <param name="LineP50">From a line to its reply.</param>
/// <param name="LineP99">Likewise.</param>
/// <param name="CpuPercent">Of the server while people came; 100 is one core.</param>
/// <param name="Problems">What went wrong, and how often.</param>
internal sealed record JoinsReport(
    int Visits, int PerSecond, int Participants, double JoinP50, double JoinP99, double JoinMax, int Said, int Heard, double LineP50, double LineP99, double CpuPercent,
    IReadOnlyDictionary<string, int> Problems)
{
    /// <summary>What the slowest of a hundred joins may take, ms.</summary>
    private const int Bound = 300;

    public IEnumerable<string> Lines()
    {
        yield return Of($"visits   {Visits:N0}, {PerSecond} come and leave per second, some {Participants} are there");
        yield return Of($"join     p50 {JoinP50:0} ms, p99 {JoinP99:0} ms of {Bound} it may take, max {JoinMax:0} ms");
        yield return Of($"chat     {Said:N0} lines, {Heard:N0} told to those who stayed; reply p50 {LineP50:0} ms, p99 {LineP99:0} ms");
        yield return Of($"CPU      {CpuPercent:N0} % of a core");
        yield return Of($"errors   {Problems.Values.Sum():N0}");
        foreach (var (message, count) in Problems) yield return Of($"         {count} × {message}");
    }

    private static string Of(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
