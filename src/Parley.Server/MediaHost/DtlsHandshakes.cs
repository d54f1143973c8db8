using Microsoft.Extensions.Logging.Abstractions;
using Parley.Media;
using Parley.Media.Dtls;

namespace Parley.Server.MediaHost;

/// <summary>
/// The bounded set of threads that BouncyCastle's blocking handshakes run on. A handshake holds a thread from its first
/// ClientHello to its end, so the cap on half-open handshakes is the cap on threads; at the cap the longest half-open one
/// makes room, for a good handshake is over in two round trips and what is old is stalled. How many compute at once is
/// bounded apart from that. After its handshake an association holds no thread.
/// </summary>
public sealed partial class DtlsHandshakes : IDisposable
{
    private readonly object _lock = new();
    private readonly List<DtlsInlet> _halfOpen = [];
    private readonly Queue<DtlsInlet> _admitted = new();
    private readonly DtlsIdentity _identity;
    private readonly RandomSource _random;
    private readonly ILogger _logger;
    private readonly DtlsHandshakeOptions _options;
    private int _threads;
    private int _idle;
    private bool _disposed;

    /// <param name="identity">Our certificate.</param>
    /// <param name="limits">Caps and times; the defaults when null.</param>
    /// <param name="time">For ages and deadlines; the system's when null.</param>
    /// <param name="random">Null: the system's generator.</param>
    /// <param name="logger">For faults of our own.</param>
    public DtlsHandshakes(
        DtlsIdentity identity,
        DtlsLimits? limits = null,
        TimeProvider? time = null,
        RandomSource? random = null,
        ILogger<DtlsHandshakes>? logger = null)
    {
        limits ??= new DtlsLimits();
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.MaxHalfOpen, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.MaxHalfOpenPerAddress, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.MaxComputing, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.QueueLength, 2);
        _identity = identity;
        Limits = limits;
        Time = time ?? TimeProvider.System;
        _random = random ?? RandomSource.System;
        _logger = logger ?? NullLogger<DtlsHandshakes>.Instance;
        _options = new DtlsHandshakeOptions { Timeout = limits.Timeout, InitialResend = limits.InitialResend };
        Computing = new SemaphoreSlim(limits.MaxComputing);
        DtlsMetrics.None();
    }

    /// <summary>How many handshakes are under way.</summary>
    public int HalfOpen
    {
        get
        {
            lock (_lock)
            {
                return _halfOpen.Count;
            }
        }
    }

    /// <summary>How many threads handshakes hold, idle ones included; at most <see cref="DtlsLimits.MaxHalfOpen"/>.</summary>
    public int Threads
    {
        get
        {
            lock (_lock)
            {
                return _threads;
            }
        }
    }

    internal DtlsLimits Limits { get; }

    internal TimeProvider Time { get; }

    /// <summary>Taken while a handshake computes, given back while it waits for the peer.</summary>
    internal SemaphoreSlim Computing { get; }

    /// <summary>
    /// Opens an inlet for one session; it costs nothing until the peer's first ClientHello. The callbacks come one at a
    /// time, from a handshake or a pool thread, and must not block.
    /// </summary>
    /// <param name="expectedRemote">The fingerprint from the peer's SDP.</param>
    /// <param name="send">Sends one datagram to the peer's current address; the bytes are the caller's again on return.</param>
    /// <param name="onHandshake">
    /// The handshake has ended, with keys or a reason. Once for each that was admitted, also when the session closed it.
    /// </param>
    /// <param name="onClosed">After a good handshake the peer left (close_notify or a fatal alert). At most once.</param>
    public DtlsInlet Start(
        DtlsFingerprint expectedRemote,
        Action<ReadOnlySpan<byte>> send,
        Action<DtlsOutcome> onHandshake,
        Action onClosed) => new(this, expectedRemote, send, onHandshake, onClosed);

    /// <summary>Gives every handshake up and ends the threads.</summary>
    public void Dispose()
    {
        DtlsInlet[] left;
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            left = [.. _halfOpen];
            Monitor.PulseAll(_lock);
        }

        foreach (var inlet in left)
        {
            inlet.GiveUp(DtlsFailure.Closed);
        }

        lock (_lock)
        {
            while (_threads > 0)
            {
                Monitor.Wait(_lock);
            }
        }

        Computing.Dispose();
    }

    /// <summary>Makes room for a handshake, if there may be room. Called by the network thread: never blocks for long.</summary>
    internal bool TryAdmit(DtlsInlet inlet, UInt128 address)
    {
        DtlsInlet? victim;
        lock (_lock)
        {
            if (_disposed || !TryFindRoom(address, out victim))
            {
                return false;
            }

            if (victim is not null)
            {
                _halfOpen.Remove(victim);
            }

            inlet.Admit(address, Time.GetTimestamp());
            _halfOpen.Add(inlet);
            _admitted.Enqueue(inlet);
            DtlsMetrics.Began();
            if (_idle >= _admitted.Count)
            {
                Monitor.Pulse(_lock);
            }
            else if (_threads < Limits.MaxHalfOpen)
            {
                // Past the cap the victim's own thread takes the newcomer over as soon as it has unwound.
                _threads++;
                new Thread(Work) { IsBackground = true, Name = "dtls" }.Start();
            }
        }

        victim?.GiveUp(DtlsFailure.Evicted);
        return true;
    }

    // _halfOpen is in order of admission, so the first that counts is the oldest.
    private bool TryFindRoom(UInt128 address, out DtlsInlet? victim)
    {
        var ofAddress = address == default ? 0 : _halfOpen.Count(other => other.Address == address);
        victim = ofAddress >= Limits.MaxHalfOpenPerAddress ? _halfOpen.Find(other => other.Address == address)
            : _halfOpen.Count >= Limits.MaxHalfOpen ? _halfOpen[0]
            : null;
        return victim is null || Time.GetElapsedTime(victim.AdmittedAt) >= Limits.EvictAfter;
    }

    private void Work()
    {
        while (TryTake(out var inlet))
        {
            var outcome = Handshake(inlet);
            lock (_lock)
            {
                _halfOpen.Remove(inlet);
            }

            DtlsMetrics.Ended(outcome.Failure);
            Guard(inlet.Complete, outcome);
        }
    }

    private DtlsOutcome Handshake(DtlsInlet inlet)
    {
        var outcome = new DtlsOutcome { Failure = DtlsFailure.Closed };
        Computing.Wait();
        try
        {
            Guard(_ => outcome = inlet.Handshake(_identity, _options, _random), outcome);
        }
        finally
        {
            Computing.Release();
        }

        return outcome;
    }

    private bool TryTake(out DtlsInlet inlet)
    {
        lock (_lock)
        {
            while (!_admitted.TryDequeue(out inlet!))
            {
                _idle++;
                var woken = !_disposed && Monitor.Wait(_lock, Limits.ThreadIdle);
                _idle--;
                if (!woken && _admitted.Count == 0)
                {
                    _threads--;
                    Monitor.PulseAll(_lock);
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Calls into a session: a fault there must not end the process for every other.</summary>
    internal void Guard<T>(Action<T> call, T argument)
    {
        try
        {
            call(argument);
        }
#pragma warning disable CA1031 // See above: whatever it is, it is logged and the others go on.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogCallbackFault(_logger, fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A session's DTLS callback failed.")]
    private static partial void LogCallbackFault(ILogger logger, Exception fault);
}
