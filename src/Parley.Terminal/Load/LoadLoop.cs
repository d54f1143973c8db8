using Parley.Client.Media;
using Parley.Client.Transport;

namespace Parley.Terminal.Load;

/// <summary>
/// A media thread for many participants, and what it counts for them all. Everything but <see cref="ReadAsync"/> belongs to that
/// thread, so nothing is counted under a lock.
/// </summary>
internal sealed class LoadLoop : IDisposable
{
    /// <summary>Each socket's: a second of what one participant is sent, with the system's own overhead.</summary>
    private const int ReceiveBufferBytes = 1 << 20;

    /// <summary>Each wake-up serves what came in this time. Where the system tells no arrivals, delays are up to this much too long.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(2);

    /// <summary>A clock that says something else was not ours, or not of this machine.</summary>
    private const long LongestDelay = 60_000_000_000;

    private readonly LoadOptions _options;
    private readonly uint _run;
    private readonly long _origin;
    private readonly DelayHistogram _delays = new();
    private readonly DelayHistogram _lateness = new();
    private readonly List<ILoadCounts> _participants = [];
    private readonly List<LoadSender> _senders = [];

    /// <param name="options">The run's.</param>
    /// <param name="run">The run's number in its frames' clocks.</param>
    public LoadLoop(LoadOptions options, uint run)
    {
        (_options, _run) = (options, run);
        Host = new MediaHost(TimeProvider.System, new MediaLoopOptions { ReceiveBufferBytes = ReceiveBufferBytes, Gather = Gather, Coalesces = true });
        MaySend = !options.SendsTogether;
        _origin = FrameClock.Now - (Host.Loop.Now.Ticks * TimeSpan.NanosecondsPerTick);
    }

    /// <summary>Thread, handshakes and certificate.</summary>
    public MediaHost Host { get; }

    /// <summary>Whether who is connected may send.</summary>
    public bool MaySend { get; private set; }

    /// <summary>Frames of a participant that were not sent because this thread was too late for them.</summary>
    public long Skipped { get; set; }

    /// <summary>The first fault of ours; null while there is none. Any thread may read it.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Frames that came to a participant who should not have got them: of another meeting, or their own.</summary>
    private long Misdelivered { get; set; }

    /// <summary>Brings a participant in; before anything of theirs runs.</summary>
    public void Add(ILoadCounts participant) => _participants.Add(participant);

    /// <summary>Brings a sender in.</summary>
    public void Add(LoadSender sender) => _senders.Add(sender);

    /// <summary>A sender has ended.</summary>
    public void Remove(LoadSender sender) => _senders.Remove(sender);

    /// <summary>From now on who is connected sends. Any thread.</summary>
    public void BeginSending() => Host.Loop.Post(() =>
    {
        if (MaySend) return;
        MaySend = true;
        foreach (var sender in _senders) sender.OnMaySend(Host.Loop.Now);
    });

    /// <summary>The clock of a frame one sends now.</summary>
    public FrameClock Stamp(LoadPlace sender) => new(_run, (uint)sender.Index, FrameClock.Now);

    /// <summary>A frame with a clock has begun to come in.</summary>
    /// <param name="receiver">To whom.</param>
    /// <param name="clock">What it says.</param>
    /// <param name="now">When, in the loop's time.</param>
    public void OnFrame(LoadPlace receiver, FrameClock clock, TimeSpan now)
    {
        var isOurs = clock.Run == _run && clock.Sender < (uint)_options.Participants && clock.Sender != (uint)receiver.Index
            && LoadPlan.MeetingOf(_options, clock.Sender) == receiver.Meeting;
        if (!isOurs)
        {
            Misdelivered++;
            return;
        }

        var delay = _origin + (now.Ticks * TimeSpan.NanosecondsPerTick) - clock.SentAt;
        if (delay < LongestDelay) _delays.Record(delay / 1_000);
    }

    /// <summary>A packet of sound has come, so much later than it might have.</summary>
    public void OnSound(long microseconds) => _lateness.Record(microseconds);

    /// <summary>A participant's part ended by a fault of ours: the run is told, and ends.</summary>
    public void OnFault(Exception fault) => Fault ??= fault;

    /// <summary>Asks the thread for all that it has counted. Any thread; the loop must still run.</summary>
    /// <param name="resetDelays">Whether delays and lateness begin anew after it.</param>
    public Task<LoopReading> ReadAsync(bool resetDelays)
    {
        var answer = new TaskCompletionSource<LoopReading>(TaskCreationOptions.RunContinuationsAsynchronously);
        Host.Loop.Post(() => answer.SetResult(Read(resetDelays)));
        return answer.Task;
    }

    /// <inheritdoc/>
    public void Dispose() => Host.Release();

    private LoopReading Read(bool resetDelays)
    {
        var totals = default(LoadTotals);
        foreach (var participant in _participants) totals += participant.Totals;
        var (delays, lateness) = (new DelayHistogram(), new DelayHistogram());
        delays.Add(_delays);
        lateness.Add(_lateness);
        if (resetDelays)
        {
            _delays.Reset();
            _lateness.Reset();
        }

        return new LoopReading(totals, delays, lateness, Misdelivered, Skipped, Host.Loop.Drops, Host.Loop.CountsDrops);
    }
}

/// <summary>Who counts media on a loop's thread.</summary>
internal interface ILoadCounts
{
    /// <summary>All so far; loop thread only.</summary>
    LoadTotals Totals { get; }
}

/// <summary>What one loop has counted.</summary>
/// <param name="Totals">Of all its participants.</param>
/// <param name="Delays">A copy.</param>
/// <param name="Lateness">Of sound; a copy.</param>
/// <param name="Misdelivered">Frames to who should not have got them.</param>
/// <param name="Skipped">Frames not sent because the loop was late.</param>
/// <param name="Drops">Datagrams the system dropped at its sockets.</param>
/// <param name="CountsDrops">Whether the system tells of those.</param>
internal sealed record LoopReading(LoadTotals Totals, DelayHistogram Delays, DelayHistogram Lateness, long Misdelivered, long Skipped, long Drops, bool CountsDrops);
