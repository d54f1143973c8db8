using System.Net;
using System.Net.Sockets;
using Parley.Media;

namespace Parley.Sockets;

/// <summary>Every system: select, or what .NET takes for it, and one datagram at a time.</summary>
internal sealed class SelectPoller : SocketPoller
{
    [ThreadStatic]
    private static SocketAddress? t_destination;

    private readonly object _lock = new();
    private readonly Dictionary<Socket, LoopSocket> _sockets = [];
    private readonly List<Socket> _waiting = [];
    private readonly byte[] _buffers = GC.AllocateArray<byte>(BatchSize * MaxDatagramLength, pinned: true);
    private readonly (int Length, TransportAddress From)[] _received = new (int, TransportAddress)[BatchSize];
    private readonly SocketAddress _fromIPv4 = new(AddressFamily.InterNetwork);
    private readonly SocketAddress _fromIPv6 = new(AddressFamily.InterNetworkV6);
    private readonly Socket _waker;
    private uint _first;

    /// <exception cref="SocketException">There are no sockets left.</exception>
    public SelectPoller()
    {
        // A socket that hears only itself: nobody else can wake us.
        _waker = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        _waker.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _waker.Connect(_waker.LocalEndPoint!);
    }

    /// <inheritdoc/>
    public override void Add(LoopSocket socket)
    {
        lock (_lock) _sockets.Add(socket.Socket, socket);
        Wake();
    }

    /// <inheritdoc/>
    public override void Remove(LoopSocket socket)
    {
        lock (_lock) _sockets.Remove(socket.Socket);
    }

    /// <inheritdoc/>
    public override int Wait(int milliseconds, Span<LoopSocket?> ready)
    {
        _waiting.Clear();
        _waiting.Add(_waker);
        lock (_lock)
        {
            foreach (var socket in _sockets.Keys) _waiting.Add(socket);
        }

        Socket.Select(_waiting, null, null, milliseconds < 0 ? -1 : (int)Math.Min(milliseconds * 1_000L, int.MaxValue));
        var count = 0;
        lock (_lock)
        {
            // From another place each time: were there always more ready than fit, the last would never have their turn.
            _first++;
            for (var i = 0; i < _waiting.Count; i++)
            {
                var socket = _waiting[(int)((_first + i) % _waiting.Count)];
                if (socket == _waker) TakeWakeUps();
                else if (count < ready.Length && _sockets.TryGetValue(socket, out var found)) ready[count++] = found;
            }
        }

        return count;
    }

    /// <inheritdoc/>
    public override void Wake()
    {
        try
        {
            _waker.Send([0]);
        }
        catch (SocketException)
        {
            // Its buffer is full: it wakes.
        }
        catch (ObjectDisposedException)
        {
            // Nobody is waiting any more.
        }
    }

    /// <inheritdoc/>
    public override int Receive(LoopSocket socket)
    {
        var name = socket.IsIPv6 ? _fromIPv6 : _fromIPv4;
        var count = 0;

        // The first without asking: of an empty datagram nothing is available, and it would be waited for again and again.
        while (count == 0 || (count < BatchSize && socket.Socket.Available > 0))
        {
            ref var received = ref _received[count++];
            try
            {
                received.Length = socket.Socket.ReceiveFrom(Buffer(count - 1), SocketFlags.None, name);
                received.From = SockAddr.Read(name.Buffer.Span, socket.IsIPv6);
            }
            catch (SocketException fault) when (fault.SocketErrorCode == SocketError.WouldBlock)
            {
                return count - 1;
            }
            catch (SocketException)
            {
                // Too long (Windows), or an error of an earlier send: this one is nothing, the next may be something.
                received.Length = -1;
            }
        }

        return count;
    }

    /// <inheritdoc/>
    public override bool TryGet(int index, out TransportAddress from, out Span<byte> datagram)
    {
        (var length, from) = _received[index];
        datagram = Buffer(index)[..Math.Max(0, length)];

        // A full buffer is the sign of a cut: nothing of WebRTC is that long.
        return length is >= 0 and < MaxDatagramLength;
    }

    /// <inheritdoc/>
    public override bool Send(LoopSocket socket, TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        var family = socket.IsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        var destination = t_destination;
        if (destination is null || destination.Family != family) t_destination = destination = new SocketAddress(family);
        if (!SockAddr.TryWrite(destination.Buffer.Span, socket.IsIPv6, to)) return false;
        try
        {
            socket.Socket.SendTo(datagram, SocketFlags.None, destination);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _waker.Dispose();

    private Span<byte> Buffer(int index) => _buffers.AsSpan(index * MaxDatagramLength, MaxDatagramLength);

    private void TakeWakeUps()
    {
        Span<byte> nothing = stackalloc byte[8];
        try
        {
            while (_waker.Available > 0) _waker.Receive(nothing);
        }
        catch (SocketException)
        {
            // It was nothing, then.
        }
    }
}
