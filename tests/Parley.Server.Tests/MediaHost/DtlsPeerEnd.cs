using Org.BouncyCastle.Tls;
using Parley.Media;
using Parley.Media.Dtls;
using Parley.Server.MediaHost;

namespace Parley.Server.Tests.MediaHost;

/// <summary>A session on one side and a client's transport on the other, joined in memory.</summary>
internal sealed class DtlsPeerEnd : DatagramTransport
{
    private readonly object _lock = new();
    private readonly Queue<byte[]> _toClient = new();
    private readonly TaskCompletionSource<DtlsOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DtlsPeerEnd(DtlsHandshakes handshakes, DtlsFingerprint expected, uint address = 0x0A000001)
    {
        From = TransportAddress.FromIPv4(address, 5000);
        Inlet = handshakes.Start(expected, SendToClient, _outcome.SetResult, _closed.SetResult);
    }

    public DtlsInlet Inlet { get; }

    public TransportAddress From { get; }

    public Task<DtlsOutcome> Outcome => _outcome.Task;

    public Task Closed => _closed.Task;

    /// <summary>The result of every datagram fed, in order.</summary>
    public List<DtlsFeed> Fed { get; } = [];

    public DtlsFeed Feed(byte[] datagram)
    {
        var result = Inlet.Feed(From, datagram);
        Fed.Add(result);
        return result;
    }

    public int GetReceiveLimit() => 4096;

    public int GetSendLimit() => 1200;

    public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

    public int Receive(Span<byte> buffer, int waitMillis)
    {
        lock (_lock)
        {
            if (_toClient.Count == 0)
            {
                Monitor.Wait(_lock, waitMillis);
            }

            if (!_toClient.TryDequeue(out var datagram))
            {
                return -1;
            }

            datagram.CopyTo(buffer);
            return datagram.Length;
        }
    }

    public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

    public void Send(ReadOnlySpan<byte> buffer) => Feed(buffer.ToArray());

    public void Close()
    {
    }

    private void SendToClient(ReadOnlySpan<byte> datagram)
    {
        lock (_lock)
        {
            _toClient.Enqueue(datagram.ToArray());
            Monitor.Pulse(_lock);
        }
    }
}
