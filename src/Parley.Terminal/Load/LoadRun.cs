using System.Diagnostics;
using System.Net;
using System.Runtime;
using System.Security.Cryptography;
using Parley.Client;
using Parley.Media.Srtp;
using Parley.Protocol;

namespace Parley.Terminal.Load;

/// <summary>One run, from the first meeting created to the last cancelled.</summary>
internal sealed class LoadRun : IDisposable
{
    /// <summary>Joins under way at once, handshake included: a Parley server takes 16 handshakes of one address at a time.</summary>
    private const int JoinsAtOnce = 8;

    /// <summary>How long the media of the last that joined may take to come.</summary>
    private static readonly TimeSpan SettlePatience = TimeSpan.FromSeconds(15);

    /// <summary>How long to wait at most until our own code, and that of a server we watch, is compiled as well as it will be.</summary>
    private static readonly TimeSpan WarmUpPatience = TimeSpan.FromSeconds(60);

    /// <summary>A server is warm when each of the last seconds cost it about as much as their least.</summary>
    private const double Steady = 1.15;

    /// <summary>So many seconds: what is compiled quickly may run for some before it is compiled well, and costs as much in each of them.</summary>
    private const int SteadySeconds = 8;

    /// <summary>Linux counts CPU in hundredths of a second: two of them are no difference.</summary>
    private static readonly TimeSpan CpuGrain = TimeSpan.FromMilliseconds(20);

    /// <summary>Compiling less than this of a second is over.</summary>
    private static readonly TimeSpan QuietCompilation = TimeSpan.FromMilliseconds(10);

    /// <summary>How long to go on cancelling meetings that the server wants cancelled slowly.</summary>
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly LoadOptions _options;
    private readonly ParleyServer _server;
    private readonly ILoadView _view;
    private readonly WatchedProcess? _process;
    private readonly LoadLoop[] _loops;
    private readonly LoadParticipant[] _participants;
    private readonly RatePacer _creates;
    private readonly RatePacer _joins;
    private readonly RatePacer _cancels;
    private readonly LoadMeetings _meetings;
    private volatile string _phase = "creating meetings";
    private LoadReading? _begin;
    private LoadReading? _end;
    private int _left;

    /// <param name="options">Checked ones.</param>
    /// <param name="server">Whom to load; stays the caller's, and its media legs are of this run from now on.</param>
    /// <param name="view">Where to show how it goes.</param>
    /// <exception cref="ParleyException">The server's process is none.</exception>
    public LoadRun(LoadOptions options, ParleyServer server, ILoadView view)
    {
        (_options, _server, _view) = (options, server, view);
        _process = options.ServerProcess is { } id ? new WatchedProcess(id) : null;
        var run = (uint)RandomNumberGenerator.GetInt32(int.MaxValue);

        // One thread takes some 100,000 packets/s; a second one only where it takes no core from anyone.
        _loops = [.. Enumerable.Range(0, Environment.ProcessorCount >= 8 ? 2 : 1).Select(_ => new LoadLoop(options, run))];
        _participants = [.. LoadPlan.Of(options).Select(place => new LoadParticipant(place, options, _loops[place.Index % _loops.Length]))];
        foreach (var participant in _participants) participant.Loop.Add(participant);
        _creates = Pacer("new meetings", "Creates");
        _joins = Pacer("joins", "Joins");
        _cancels = Pacer("cancelled meetings", "Cancels");
        _meetings = new LoadMeetings(server, _creates, _cancels);
    }

    /// <summary>What was measured; null when it did not come to that.</summary>
    public LoadFigures? Figures => _begin is { } from && _end is { } to ? LoadFigures.Between(from, to) : null;

    /// <summary>Runs it to its end, or to its cancellation, which is no error: the report tells.</summary>
    /// <exception cref="ParleyException">Nobody got as far as joining.</exception>
    public async Task<LoadReport> RunAsync(CancellationToken cancellation)
    {
        var (address, speech) = await PrepareAsync(cancellation).ConfigureAwait(false);
        var byName = _participants.ToDictionary(participant => participant.Place.Name);
        _server.CreateMediaLeg = context => byName[context.Options.Name].CreateLeg(context.Limits, address, speech);
        var interrupted = false;
        using var watching = new CancellationTokenSource();
        var watch = WatchAsync(watching.Token);
        try
        {
            await LoadAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            interrupted = true;
            if (_begin is not null) _end ??= await ReadAsync(resetDelays: false).ConfigureAwait(false);
        }
        finally
        {
            _phase = "leaving";
            await EndAsync().ConfigureAwait(false);
            await watching.CancelAsync().ConfigureAwait(false);
            await watch.ConfigureAwait(false);
        }

        if (_loops.Select(loop => loop.Fault).FirstOrDefault(fault => fault is not null) is { } ours)
            throw new InvalidOperationException("A generated participant ended by a fault: " + ours.Message, ours);
        return LoadReports.Of(_options, _server.Address, _participants, Figures, new LoadReports.Rest(
            interrupted, _creates.Refusals + _joins.Refusals + _cancels.Refusals, _process?.PeakMemory, _left));
    }

    /// <summary>How media was protected; null when nobody's was.</summary>
    public SrtpProfile? Profile => _participants.Select(participant => participant.Profile).FirstOrDefault(profile => profile is not null);

    /// <summary>What is to be said of a report besides its figures; null when all went well.</summary>
    public ParleyException? ProblemOf(LoadReport report) => LoadReports.ProblemOf(report, _participants);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var loop in _loops) loop.Dispose();
        foreach (var pacer in (ReadOnlySpan<RatePacer>)[_creates, _joins, _cancels]) pacer.Dispose();
        _process?.Dispose();
    }

    /// <summary>All that can be wrong before anything is done.</summary>
    private async Task<(IPAddress Address, OpusLoop? Speech)> PrepareAsync(CancellationToken cancellation)
    {
        var limits = await _server.GetLimitsAsync(cancellation).ConfigureAwait(false);
        if (LoadPlan.LargestMeeting(_options) is var size && size > limits.ParticipantsPerMeeting)
        {
            throw new ParleyException(
                ParleyError.Invalid,
                $"{size} participants in a meeting are more than this server takes ({limits.ParticipantsPerMeeting}): give more --meetings, or start it with --Parley:Limits:ParticipantsPerMeeting={size}.");
        }

        var address = await ServerRoute.FindAsync(_server.Address, cancellation).ConfigureAwait(false);
        return (address, _options.Talkers > 0 ? OpusLoop.Create(_options.Speech) : null);
    }

    private async Task LoadAsync(CancellationToken cancellation)
    {
        await _meetings.CreateAsync(_options.Meetings, cancellation).ConfigureAwait(false);
        _phase = "joining";
        await JoinAsync(cancellation).ConfigureAwait(false);
        foreach (var loop in _loops) loop.BeginSending();
        _phase = "waiting for everyone's media";
        await SettleAsync(cancellation).ConfigureAwait(false);
        _phase = "warming up";
        await WarmUpAsync(_process, cancellation).ConfigureAwait(false);
        await MeasureAsync(cancellation).ConfigureAwait(false);
    }

    private async Task JoinAsync(CancellationToken cancellation)
    {
        var ids = _meetings.Ids;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = JoinsAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(
            _participants, parallel, async (participant, ct) => await participant.JoinAsync(_server, ids[participant.Place.Meeting], _joins, ct).ConfigureAwait(false)).ConfigureAwait(false);
        if (_participants.All(participant => participant.JoinedAt == 0)) throw _participants[0].Problem!;
    }

    private async Task SettleAsync(CancellationToken cancellation)
    {
        var from = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(from) < SettlePatience && _participants.Any(participant => participant.JoinedAt != 0 && !participant.HasMedia))
        {
            await Task.Delay(100, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// A runtime first compiles quickly and then, while it runs, well: that is a cost of the beginning, not of a packet. Of a server we
    /// watch only its CPU tells, and the thread that compiles if it is a .NET server.
    /// </summary>
    internal static async Task WarmUpAsync(WatchedProcess? server, CancellationToken cancellation)
    {
        var from = Stopwatch.GetTimestamp();
        var costs = new Queue<(TimeSpan Cpu, bool IsQuiet)>();
        var isWarm = false;
        while (!isWarm && Stopwatch.GetElapsedTime(from) < WarmUpPatience)
        {
            var (ours, cpu, theirs) = (JitInfo.GetCompilationTime(), server?.Sample()?.Cpu, server?.Compilation());
            await Task.Delay(Second, cancellation).ConfigureAwait(false);
            isWarm = JitInfo.GetCompilationTime() - ours <= QuietCompilation;
            if (server?.Sample()?.Cpu - cpu is not { } cost) continue;
            costs.Enqueue((cost, server!.Compilation() - theirs <= QuietCompilation));
            if (costs.Count > SteadySeconds) costs.Dequeue();
            isWarm &= costs.Count == SteadySeconds && costs.All(second => second.IsQuiet)
                && costs.Max(second => second.Cpu) <= (costs.Min(second => second.Cpu) * Steady) + CpuGrain;
        }
    }

    private async Task MeasureAsync(CancellationToken cancellation)
    {
        _process?.ResetPeak();
        _begin = await ReadAsync(resetDelays: true).ConfigureAwait(false);
        for (var left = _options.Seconds; left > 0; left--)
        {
            _phase = FormattableString.Invariant($"measuring, {left} s to go");
            await Task.Delay(Second, cancellation).ConfigureAwait(false);
        }

        _end = await ReadAsync(resetDelays: false).ConfigureAwait(false);
    }

    /// <summary>Cancelling takes everyone out at once; who is left in a meeting that cannot be cancelled leaves by themselves.</summary>
    private async Task EndAsync()
    {
        foreach (var participant in _participants) participant.BeginEnd();
        _left = await _meetings.CancelAsync(CancelPatience).ConfigureAwait(false);
        await Task.WhenAll(_participants.Select(participant => participant.DisposeAsync().AsTask())).ConfigureAwait(false);
        if (_left > 0) _view.Note($"{_left} of {_meetings.Ids.Count} meetings could not be cancelled in time: they end by themselves, now that all have left.");
    }

    private async Task WatchAsync(CancellationToken cancellation)
    {
        LoadReading? last = null;
        try
        {
            using var timer = new PeriodicTimer(Second);
            do
            {
                var now = await ReadAsync(resetDelays: false).ConfigureAwait(false);
                _view.Show(new LoadStatus(_phase, PeopleNow(), last is null ? null : LoadFigures.Between(last, now)));
                last = now;
            }
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private string PeopleNow()
    {
        var joined = _participants.Count(participant => participant.JoinedAt != 0);
        var media = _participants.Count(participant => participant.HasMedia);
        var failed = _participants.Count(participant => participant.Problem is not null);
        return $"{joined} of {_participants.Length} joined, {media} with media, {failed} failed";
    }

    private Task<LoadReading> ReadAsync(bool resetDelays) => LoadReading.TakeAsync(_loops, _process, resetDelays);

    private RatePacer Pacer(string what, string setting) => new(TimeProvider.System, wait => _view.Note(
        FormattableString.Invariant($"The server limits {what} by address ({ErrorCodes.RateLimited}, try again in {wait.TotalSeconds:0} s), so they take as long as it says. ")
        + $"To have them go faster start it with --Parley:Rates:{setting}:PerMinute=100000 --Parley:Rates:{setting}:Burst=10000."));
}
