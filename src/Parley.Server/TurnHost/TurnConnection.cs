using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Parley.Media.Turn;

namespace Parley.Server.TurnHost;

/// <summary>
/// One client over TCP or TLS. Its bytes are read here and understood on the worker's thread, one buffer at a time: who sends more
/// than we take waits, by TCP's own means. What it does not read is dropped when it is data, and ends it when it is not.
/// </summary>
internal sealed class TurnConnection(TurnFlow flow, Socket socket, IPAddress localAddress, TurnWorker worker) : IDisposable
{
    /// <summary>More waits for the client than this: further data is dropped.</summary>
    public const int MaxPendingData = 128 * 1024;

    /// <summary>Room for answers beyond that. A client that asks on and reads nothing is not there.</summary>
    public const int MaxPending = MaxPendingData + (16 * 1024);

    private readonly Lock _lock = new();
    private readonly byte[] _buffer = new byte[8 * 1024];
    private readonly SemaphoreSlim _taken = new(0);
    private readonly SemaphoreSlim _hasPending = new(0);
    private readonly CancellationTokenSource _end = new();
    private byte[] _pending = [];
    private int _pendingCount;
    private bool _isAnnounced;
    private bool _isAborted;
    private int _count;
    private int _skip;

    /// <summary>Which client it is.</summary>
    public TurnFlow Flow => flow;

    /// <summary>Our end of it.</summary>
    public IPAddress LocalAddress => localAddress;

    /// <summary>Since when it has had no allocation; for the worker's thread.</summary>
    public TimeSpan IdleSince { get; set; }

    /// <summary>Ends when the connection does.</summary>
    public CancellationToken Ended => _end.Token;

    /// <summary>Reads and writes until either end has had enough.</summary>
    public async Task RunAsync(Stream stream)
    {
        var writing = WriteAsync(stream);
        try
        {
            while (!_end.IsCancellationRequested)
            {
                var count = await stream.ReadAsync(_buffer.AsMemory(_count), _end.Token);
                if (count == 0) break;
                _count += count;
                worker.Take(this);
                await _taken.WaitAsync(_end.Token);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client is gone, or we had enough of it.
        }

        Abort();
        await writing;
    }

    /// <summary>On the worker's thread: hands over the whole messages that have come, and keeps the beginning of the next.</summary>
    public void Consume(TurnServer server, TimeSpan now)
    {
        var start = 0;
        while (start < _count)
        {
            var bytes = _buffer.AsSpan(start, _count - start);
            if (_skip > 0)
            {
                var skipped = Math.Min(_skip, bytes.Length);
                (_skip, start) = (_skip - skipped, start + skipped);
                continue;
            }

            if (!TurnFrames.CanBegin(bytes))
            {
                Abort();
                return;
            }

            if (!TurnFrames.TryMeasure(bytes, out var message, out var frame)) break;

            // Passed over as it comes: nobody makes us keep what we shall not relay.
            if (message > TurnServer.MaxMessageLength) _skip = frame;
            else if (frame > bytes.Length) break;
            else
            {
                server.HandleMessage(flow, bytes[..message], now);
                start += frame;
            }
        }

        _buffer.AsSpan(start, _count - start).CopyTo(_buffer);
        _count -= start;
    }

    /// <summary>What was read has been taken: the next may come.</summary>
    public void Continue() => _taken.Release();

    /// <summary>Queues a message for the client.</summary>
    public void Send(ReadOnlySpan<byte> message, bool isData)
    {
        lock (_lock)
        {
            if (_isAborted) return;
            var total = _pendingCount + message.Length;
            if (total > (isData ? MaxPendingData : MaxPending))
            {
                if (!isData) Abort();
                return;
            }

            if (total > _pending.Length) Array.Resize(ref _pending, Math.Min(MaxPending, Math.Max(total, _pending.Length * 2)));
            message.CopyTo(_pending.AsSpan(_pendingCount));
            _pendingCount = total;
            if (_isAnnounced) return;
            _isAnnounced = true;
        }

        _hasPending.Release();
    }

    /// <summary>Ends it at once, from any thread.</summary>
    public void Abort()
    {
        lock (_lock)
        {
            if (_isAborted) return;
            _isAborted = true;
        }

        // Not synchronously: what waits for it goes on on a thread of its own.
        _ = _end.CancelAsync();
        socket.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => Abort();

    private async Task WriteAsync(Stream stream)
    {
        byte[] writing = [];
        try
        {
            while (true)
            {
                await _hasPending.WaitAsync(_end.Token);
                int count;
                lock (_lock)
                {
                    (_pending, writing) = (writing, _pending);
                    (count, _pendingCount, _isAnnounced) = (_pendingCount, 0, false);
                }

                await WriteAsync(stream, writing.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            Abort();
        }
    }

    /// <summary>Of TLS, one record for each message: coturn's client takes a record for a message, and it is not alone.</summary>
    private async ValueTask WriteAsync(Stream stream, ReadOnlyMemory<byte> messages)
    {
        while (!messages.IsEmpty)
        {
            var length = stream is SslStream && TurnFrames.TryMeasure(messages.Span, out _, out var frame) ? frame : messages.Length;
            await stream.WriteAsync(messages[..length], _end.Token);
            messages = messages[length..];
        }
    }
}
