using System.Buffers;
using Parley.Media.Dtls;

namespace Parley.Client.Transport;

/// <summary>
/// The datagrams of one DTLS association between the thread of the network, which never waits, and the thread its handshake
/// runs on. After the handshake what still comes is taken by <see cref="TryTake"/>.
/// </summary>
internal sealed class DtlsPipe(Action<ReadOnlySpan<byte>> send) : IDtlsDatagrams, IDisposable
{
    /// <summary>Datagrams that wait at most; a handshake has a dozen, and resends what is lost.</summary>
    public const int Capacity = 64;

    private readonly object _lock = new();
    private readonly Queue<(byte[] Buffer, int Length)> _queue = new(8);
    private bool _closed;
    private long _dropped;

    /// <summary>Datagrams that found no room.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Whether it has been disposed.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_lock) return _closed;
        }
    }

    /// <summary>Copies a datagram in; false when there is no room, it is too long, or all is over. Never waits.</summary>
    public bool Feed(ReadOnlySpan<byte> datagram)
    {
        lock (_lock)
        {
            if (_closed) return false;
            if (_queue.Count == Capacity || datagram.Length > DtlsRecord.MaxDatagramLength || datagram.IsEmpty)
            {
                _dropped++;
                return false;
            }

            var buffer = ArrayPool<byte>.Shared.Rent(datagram.Length);
            datagram.CopyTo(buffer);
            _queue.Enqueue((buffer, datagram.Length));
            Monitor.Pulse(_lock);
            return true;
        }
    }

    /// <summary>Takes the oldest without waiting.</summary>
    /// <param name="buffer">At least <see cref="DtlsRecord.MaxDatagramLength"/> bytes.</param>
    /// <param name="length">How many of them it has.</param>
    public bool TryTake(Span<byte> buffer, out int length)
    {
        lock (_lock)
        {
            length = 0;
            if (!_queue.TryDequeue(out var oldest)) return false;
            length = oldest.Length;
            oldest.Buffer.AsSpan(0, length).CopyTo(buffer);
            ArrayPool<byte>.Shared.Return(oldest.Buffer);
            return true;
        }
    }

    /// <inheritdoc/>
    public int Receive(Span<byte> buffer, TimeSpan wait)
    {
        lock (_lock)
        {
            // A pulse that came to nothing ends the wait early: the handshake looks at its clock and asks again.
            if (_queue.Count == 0 && !_closed) Monitor.Wait(_lock, wait);
            if (_closed) return -1;
            return TryTake(buffer, out var length) ? length : 0;
        }
    }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> datagram) => send(datagram);

    /// <summary>Gives the handshake up, if it is under way, and takes nothing any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            while (_queue.TryDequeue(out var left)) ArrayPool<byte>.Shared.Return(left.Buffer);
            Monitor.PulseAll(_lock);
        }
    }
}
