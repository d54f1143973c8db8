using Parley.Media;
using Parley.Media.Dtls;
using Parley.Media.Session;

namespace Parley.Server.MediaHost;

/// <summary>
/// One peer's DTLS association: datagrams come in on the network thread, the handshake runs on a handshake thread, and
/// what comes after it runs on the pool, one item at a time. Until the peer's first ClientHello it holds no thread and no
/// buffer. The inlet's lock is taken last: nothing is called under it.
/// </summary>
public sealed class DtlsInlet : IDtlsInlet, IDtlsDatagrams, IThreadPoolWorkItem
{
    private readonly object _lock = new();
    private readonly DtlsHandshakes _host;
    private readonly DtlsFingerprint _expectedRemote;
    private readonly Action<ReadOnlySpan<byte>> _send;
    private readonly Action<DtlsOutcome> _onHandshake;
    private readonly Action _onClosed;
    private Phase _phase;
    private DtlsDatagramQueue? _queue;
    private DtlsConnection? _connection;
    private DtlsFailure _givenUp;
    private long _deadline;
    private bool _closing;
    private bool _scheduled;

    internal DtlsInlet(
        DtlsHandshakes host,
        DtlsFingerprint expectedRemote,
        Action<ReadOnlySpan<byte>> send,
        Action<DtlsOutcome> onHandshake,
        Action onClosed) =>
        (_host, _expectedRemote, _send, _onHandshake, _onClosed) = (host, expectedRemote, send, onHandshake, onClosed);

    private enum Phase
    {
        /// <summary>Waits for a ClientHello.</summary>
        Idle,

        /// <summary>A network thread asks for room.</summary>
        Asking,

        /// <summary>A handshake thread has it, or will.</summary>
        Handshaking,

        /// <summary>The pool has it, when there is something to do.</summary>
        Open,

        /// <summary>It has ended.</summary>
        Closed,
    }

    /// <summary>Whom the handshake counts to; guarded by the host's lock.</summary>
    internal UInt128 Address { get; private set; }

    /// <summary>When it was admitted; guarded by the host's lock.</summary>
    internal long AdmittedAt { get; private set; }

    /// <summary>
    /// Takes a copy of a datagram and never blocks. The first ClientHello begins the handshake.
    /// </summary>
    /// <param name="from">
    /// Whom the handshake counts to; an authenticated STUN check proved the address before. The default value counts to
    /// nobody, and then only the cap in all holds.
    /// </param>
    /// <param name="datagram">Any bytes.</param>
    public DtlsFeed Feed(TransportAddress from, ReadOnlySpan<byte> datagram)
    {
        var result = TryFeed(from, datagram);
        if (result != DtlsFeed.Taken)
        {
            DtlsMetrics.Dropped(result);
        }

        return result;
    }

    void IDtlsInlet.Feed(TransportAddress from, ReadOnlySpan<byte> datagram) => Feed(from, datagram);

    /// <summary>Ends the association: gives a handshake up, or sends close_notify.</summary>
    public void Close()
    {
        lock (_lock)
        {
            switch (_phase)
            {
                case Phase.Idle:
                    _phase = Phase.Closed;
                    break;
                case Phase.Asking or Phase.Handshaking:
                    _closing = true;
                    GiveUpLocked(DtlsFailure.Closed);
                    break;
                case Phase.Open:
                    _closing = true;
                    Schedule();
                    break;
            }
        }
    }

    /// <summary>Ends the handshake from outside; the first reason counts.</summary>
    internal void GiveUp(DtlsFailure reason)
    {
        lock (_lock)
        {
            GiveUpLocked(reason);
        }
    }

    /// <summary>Called by the host under its lock when there is room.</summary>
    internal void Admit(UInt128 address, long now)
    {
        Address = address;
        AdmittedAt = now;
        _deadline = now + (long)(_host.Limits.Timeout.TotalSeconds * _host.Time.TimestampFrequency);
    }

    /// <summary>Runs the handshake on the calling thread, which holds one permit to compute.</summary>
    internal DtlsOutcome Handshake(DtlsIdentity identity, DtlsHandshakeOptions options, RandomSource random)
    {
        var outcome = DtlsServerHandshake.Run(identity, _expectedRemote, this, options, random);
        lock (_lock)
        {
            return outcome.Failure == DtlsFailure.Closed && _givenUp != DtlsFailure.None
                ? outcome with { Failure = _givenUp }
                : outcome;
        }
    }

    /// <summary>Tells the session, and hands the association to the pool if it lives.</summary>
    internal void Complete(DtlsOutcome outcome)
    {
        try
        {
            _onHandshake(outcome);
        }
        finally
        {
            lock (_lock)
            {
                _connection = outcome.Connection;
                _phase = outcome.Succeeded ? Phase.Open : Phase.Closed;
                if (!outcome.Succeeded)
                {
                    _queue!.Clear();
                }
                else if (_queue!.Count > 0 || _closing)
                {
                    Schedule();
                }
            }
        }
    }

    int IDtlsDatagrams.Receive(Span<byte> buffer, TimeSpan wait)
    {
        lock (_lock)
        {
            // Mostly the rest of the flight is here already, and the permit need not change hands.
            if (_givenUp == DtlsFailure.None && _queue!.Count > 0)
            {
                return _queue.Take(buffer);
            }
        }

        _host.Computing.Release();
        try
        {
            return WaitForDatagram(buffer, wait);
        }
        finally
        {
            _host.Computing.Wait();
        }
    }

    void IDtlsDatagrams.Send(ReadOnlySpan<byte> datagram) => _send(datagram);

    /// <summary>Works off what came after the handshake; never runs twice at once.</summary>
    void IThreadPoolWorkItem.Execute() => _host.Guard(static inlet => inlet.WorkOff(), this);

    private void WorkOff()
    {
        Span<byte> buffer = stackalloc byte[DtlsRecord.MaxDatagramLength];
        while (TryNext(buffer, out var length))
        {
            var state = _connection!.HandleDatagram(buffer[..length], _host.Time.GetElapsedTime(0));
            if (state == DtlsConnectionState.ClosedByPeer)
            {
                End();
                _onClosed();
                return;
            }
        }
    }

    private DtlsFeed TryFeed(TransportAddress from, ReadOnlySpan<byte> datagram)
    {
        // One that is too large goes on, for it ends a handshake with that reason.
        if (DtlsRecord.Check(datagram, out _) == DtlsCheck.Malformed)
        {
            return DtlsFeed.Malformed;
        }

        lock (_lock)
        {
            switch (_phase)
            {
                case Phase.Closed:
                    return DtlsFeed.Closed;
                case Phase.Asking:
                    return DtlsFeed.Refused;
                case Phase.Handshaking or Phase.Open:
                    return Enqueue(datagram);
            }

            if (!DtlsRecord.IsClientHello(datagram))
            {
                return DtlsFeed.Malformed;
            }

            // The host takes its own lock and perhaps another inlet's: not under ours.
            _phase = Phase.Asking;
            _queue ??= new DtlsDatagramQueue(_host.Limits.QueueLength);
            _queue.TryAdd(datagram);
        }

        return Ask(from);
    }

    private DtlsFeed Ask(TransportAddress from)
    {
        var admitted = _host.TryAdmit(this, Prefix(from));
        lock (_lock)
        {
            if (!admitted)
            {
                _queue!.Clear();
                _phase = _closing ? Phase.Closed : Phase.Idle;
                return DtlsFeed.Refused;
            }

            // A quick thread may have finished already.
            if (_phase == Phase.Asking)
            {
                _phase = Phase.Handshaking;
            }

            return DtlsFeed.Taken;
        }
    }

    private DtlsFeed Enqueue(ReadOnlySpan<byte> datagram)
    {
        if (_givenUp != DtlsFailure.None)
        {
            return DtlsFeed.Closed;
        }

        if (!_queue!.TryAdd(datagram))
        {
            return DtlsFeed.QueueFull;
        }

        if (_phase == Phase.Open)
        {
            Schedule();
        }
        else
        {
            Monitor.Pulse(_lock);
        }

        return DtlsFeed.Taken;
    }

    private int WaitForDatagram(Span<byte> buffer, TimeSpan wait)
    {
        lock (_lock)
        {
            if (_givenUp == DtlsFailure.None && _queue!.Count == 0)
            {
                var left = _host.Time.GetElapsedTime(_host.Time.GetTimestamp(), _deadline);
                if (left <= TimeSpan.Zero)
                {
                    _givenUp = DtlsFailure.Timeout;
                }
                else
                {
                    Monitor.Wait(_lock, left < wait ? left : wait);
                }
            }

            return _givenUp != DtlsFailure.None ? -1 : _queue!.Take(buffer);
        }
    }

    private bool TryNext(Span<byte> buffer, out int length)
    {
        lock (_lock)
        {
            length = 0;
            if (_phase != Phase.Open)
            {
                _scheduled = false;
                return false;
            }

            if (!_closing)
            {
                length = _queue!.Take(buffer);
                _scheduled = length > 0;
                return _scheduled;
            }
        }

        _connection!.Close();
        End();
        return false;
    }

    private void End()
    {
        lock (_lock)
        {
            _phase = Phase.Closed;
            _scheduled = false;
            _queue!.Clear();
        }
    }

    private void GiveUpLocked(DtlsFailure reason)
    {
        if (_phase is Phase.Asking or Phase.Handshaking && _givenUp == DtlsFailure.None)
        {
            _givenUp = reason;
            Monitor.PulseAll(_lock);
        }
    }

    private void Schedule()
    {
        if (!_scheduled)
        {
            _scheduled = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    // A subscriber has a whole IPv6 /64, so that is what counts as one address.
    private static UInt128 Prefix(TransportAddress from) => from.IsIPv4 ? from.Address : from.Address >> 64 << 64;
}
