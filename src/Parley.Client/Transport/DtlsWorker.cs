using Parley.Media.Dtls;

namespace Parley.Client.Transport;

/// <summary>
/// The threads that blocking handshakes run on, for many clients: at most so many at once, the others wait their turn. A thread
/// that has nothing to do for a while ends.
/// </summary>
internal sealed class DtlsWorker : IDisposable
{
    /// <summary>Handshakes at once, when nothing else is said.</summary>
    public const int DefaultMaxThreads = 16;

    private static readonly TimeSpan ThreadIdle = TimeSpan.FromSeconds(5);

    [ThreadStatic]
    private static DtlsWorker? t_worker;

    private readonly object _lock = new();
    private readonly Queue<Job> _waiting = new();
    private readonly HashSet<DtlsPipe> _pipes = [];
    private readonly int _maxThreads;
    private int _threads;
    private int _idle;
    private bool _disposed;

    /// <param name="maxThreads">Handshakes at once, and so threads at most; 1 or more.</param>
    public DtlsWorker(int maxThreads = DefaultMaxThreads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxThreads, 1);
        _maxThreads = maxThreads;
    }

    /// <summary>Threads there are, idle ones included.</summary>
    public int Threads
    {
        get
        {
            lock (_lock) return _threads;
        }
    }

    /// <summary>Begins a handshake as soon as a thread is free.</summary>
    /// <param name="handshake">
    /// Runs to its end on the thread it is given, waiting in the pipe. An exception is taken for
    /// <see cref="DtlsFailure.ProtocolError"/>.
    /// </param>
    /// <param name="send">
    /// Sends one datagram to the peer: on that thread, and after the handshake wherever the connection is used.
    /// </param>
    /// <param name="done">
    /// Told how it ended, once, on that thread; it must not block. When the pipe or the worker is disposed first, that is
    /// <see cref="DtlsFailure.Closed"/>.
    /// </param>
    /// <returns>Where the peer's datagrams are to be fed; disposing it gives the handshake up.</returns>
    /// <exception cref="ObjectDisposedException">The worker has ended.</exception>
    public DtlsPipe Start(Func<IDtlsDatagrams, DtlsOutcome> handshake, Action<ReadOnlySpan<byte>> send, Action<DtlsOutcome> done)
    {
        var pipe = new DtlsPipe(send);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _pipes.Add(pipe);
            _waiting.Enqueue(new Job(pipe, handshake, done));
            if (_idle >= _waiting.Count)
            {
                Monitor.Pulse(_lock);
            }
            else if (_threads < _maxThreads)
            {
                _threads++;
                new Thread(Work) { IsBackground = true, Name = "dtls" }.Start();
            }
        }

        return pipe;
    }

    /// <summary>
    /// Gives up every handshake under way or waiting, and waits for the threads to end; not for the caller's, when it is one.
    /// </summary>
    public void Dispose()
    {
        DtlsPipe[] left;
        lock (_lock)
        {
            _disposed = true;
            left = [.. _pipes];
            Monitor.PulseAll(_lock);
        }

        foreach (var pipe in left) pipe.Dispose();
        lock (_lock)
        {
            while (_threads > (t_worker == this ? 1 : 0)) Monitor.Wait(_lock);
        }
    }

    private void Work()
    {
        t_worker = this;
        while (TryTake(out var job))
        {
            var outcome = Run(job);
            lock (_lock) _pipes.Remove(job.Pipe);
            try
            {
                job.Done(outcome);
            }
#pragma warning disable CA1031 // It is the owner's fault, and must not end the process for every other.
            catch (Exception)
#pragma warning restore CA1031
            {
            }
        }
    }

    private static DtlsOutcome Run(Job job)
    {
        try
        {
            return job.Pipe.IsClosed ? new DtlsOutcome { Failure = DtlsFailure.Closed } : job.Handshake(job.Pipe);
        }
#pragma warning disable CA1031 // As above: the owner is told.
        catch (Exception)
#pragma warning restore CA1031
        {
            return new DtlsOutcome { Failure = DtlsFailure.ProtocolError };
        }
    }

    private bool TryTake(out Job job)
    {
        lock (_lock)
        {
            while (!_waiting.TryDequeue(out job!))
            {
                _idle++;
                var woken = !_disposed && Monitor.Wait(_lock, ThreadIdle);
                _idle--;
                if (woken || _waiting.Count > 0) continue;
                _threads--;
                Monitor.PulseAll(_lock);
                return false;
            }

            return true;
        }
    }

    private sealed record Job(DtlsPipe Pipe, Func<IDtlsDatagrams, DtlsOutcome> Handshake, Action<DtlsOutcome> Done);
}
