using Org.BouncyCastle.Tls;
using Parley.Media.Dtls;

namespace Parley.Media.Tests.Dtls;

/// <summary>
/// Two blocking ends of an in-memory path. What each side sends passes a rule that may drop, copy or rewrite it.
/// </summary>
internal sealed class DtlsLink
{
    public delegate IEnumerable<byte[]> Rule(int index, byte[] datagram);

    private readonly DatagramQueue _toServer = new();
    private readonly DatagramQueue _toClient = new();

    public DtlsLink(Rule? fromClient = null, Rule? fromServer = null, int clientSendLimit = 1200)
    {
        Client = new ClientEnd(this, fromClient ?? Pass, clientSendLimit);
        Server = new ServerEnd(this, fromServer ?? Pass);
    }

    public ClientEnd Client { get; }

    public ServerEnd Server { get; }

    /// <summary>Puts a datagram on the client's side, past every rule.</summary>
    public void SendToClient(byte[] datagram) => _toClient.Add(datagram);

    /// <summary>Puts a datagram on the server's side, past every rule.</summary>
    public void SendToServer(byte[] datagram) => _toServer.Add(datagram);

    /// <summary>Ends both sides' waits.</summary>
    public void Close()
    {
        _toServer.Close();
        _toClient.Close();
    }

    private static int ForBouncyCastle(DatagramQueue queue, Span<byte> buffer, int waitMillis) =>
        queue.Take(buffer, TimeSpan.FromMilliseconds(waitMillis)) switch
        {
            0 => -1,
            < 0 => throw new TlsFatalAlert(AlertDescription.user_canceled),
            var length => length,
        };

    private static IEnumerable<byte[]> Pass(int index, byte[] datagram) => [datagram];

    /// <summary>For our server and for BouncyCastle's.</summary>
    internal sealed class ServerEnd(DtlsLink link, Rule rule) : DatagramTransport, IDtlsDatagrams
    {
        public List<byte[]> Sent { get; } = [];

        public int Receive(Span<byte> buffer, TimeSpan wait) => link._toServer.Take(buffer, wait);

        public int GetReceiveLimit() => 4096;

        public int GetSendLimit() => 1200;

        public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

        public int Receive(Span<byte> buffer, int waitMillis) => ForBouncyCastle(link._toServer, buffer, waitMillis);

        public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

        public void Close()
        {
        }

        public void Send(ReadOnlySpan<byte> datagram)
        {
            Sent.Add(datagram.ToArray());
            foreach (var copy in rule(Sent.Count - 1, datagram.ToArray()))
            {
                link._toClient.Add(copy);
            }
        }
    }

    /// <summary>For BouncyCastle's client and for ours.</summary>
    internal sealed class ClientEnd(DtlsLink link, Rule rule, int sendLimit) : DatagramTransport, IDtlsDatagrams
    {
        public List<byte[]> Sent { get; } = [];

        public int Receive(Span<byte> buffer, TimeSpan wait) => link._toClient.Take(buffer, wait);

        public int GetReceiveLimit() => 4096;

        public int GetSendLimit() => sendLimit;

        public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

        public int Receive(Span<byte> buffer, int waitMillis) => ForBouncyCastle(link._toClient, buffer, waitMillis);

        public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

        public void Send(ReadOnlySpan<byte> buffer) => Inject(buffer.ToArray());

        public void Inject(byte[] datagram)
        {
            Sent.Add(datagram);
            foreach (var copy in rule(Sent.Count - 1, datagram))
            {
                link._toServer.Add(copy);
            }
        }

        public void Close()
        {
        }
    }

    private sealed class DatagramQueue
    {
        private readonly Queue<byte[]> _datagrams = new();
        private bool _closed;

        public void Add(byte[] datagram)
        {
            lock (_datagrams)
            {
                _datagrams.Enqueue(datagram);
                Monitor.Pulse(_datagrams);
            }
        }

        public void Close()
        {
            lock (_datagrams)
            {
                _closed = true;
                Monitor.PulseAll(_datagrams);
            }
        }

        public int Take(Span<byte> buffer, TimeSpan wait)
        {
            lock (_datagrams)
            {
                if (_datagrams.Count == 0 && !_closed)
                {
                    Monitor.Wait(_datagrams, wait);
                }

                if (_datagrams.TryDequeue(out var datagram))
                {
                    datagram.CopyTo(buffer);
                    return datagram.Length;
                }

                return _closed ? -1 : 0;
            }
        }
    }
}
