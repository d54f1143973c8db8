using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Parley.Media;

namespace Parley.Server.MediaHost;

/// <summary>
/// The one UDP socket of a media worker: IPv4 and IPv6 on one port, no allocation per packet. One thread receives; any
/// thread sends. (Batch I/O is a later step: this is the place for it.)
/// </summary>
internal sealed class UdpPort : IDatagramSink, IDisposable
{
    private const int SocketBufferBytes = 4 << 20;

    [ThreadStatic]
    private static SocketAddress? t_destination;

    private readonly Socket _socket;
    private readonly Socket _waker;
    private readonly IPEndPoint _self;
    private readonly SocketAddress _from;
    private long _sendErrors;

    /// <exception cref="SocketException">The port cannot be bound.</exception>
    public UdpPort(int port)
    {
        var dual = Socket.OSSupportsIPv6;
        _socket = new Socket(dual ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        if (dual) _socket.DualMode = true;
        _socket.ReceiveBufferSize = SocketBufferBytes;
        _socket.SendBufferSize = SocketBufferBytes;
        IgnoreConnectionReset(_socket);
        try
        {
            _socket.Bind(new IPEndPoint(dual ? IPAddress.IPv6Any : IPAddress.Any, port));
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        _from = new SocketAddress(_socket.AddressFamily);
        _waker = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _self = new IPEndPoint(IPAddress.Loopback, Port);
    }

    /// <summary>The port bound: the configured one, or what the system chose for 0.</summary>
    public int Port { get; }

    /// <summary>Datagrams the system refused to send.</summary>
    public long SendErrors => Volatile.Read(ref _sendErrors);

    /// <summary>Waits until a datagram is there, someone woke us, or the time is over.</summary>
    public bool Wait(TimeSpan time)
    {
        // Rounded up to whole milliseconds, which is what the system waits in: less would spin.
        var milliseconds = Math.Ceiling(Math.Clamp(time.TotalMilliseconds, 0, 1_000));
        return _socket.Poll((int)milliseconds * 1_000, SelectMode.SelectRead);
    }

    /// <summary>Whether another datagram can be received without waiting.</summary>
    public bool HasMore => _socket.Available > 0;

    /// <summary>Receives one datagram; 0 for a wake-up or an error of an earlier send.</summary>
    public int Receive(Span<byte> buffer, out TransportAddress from)
    {
        int length;
        try
        {
            length = _socket.ReceiveFrom(buffer, SocketFlags.None, _from);
        }
        catch (SocketException)
        {
            // An ICMP error for a datagram sent earlier, or one larger than any packet of ours.
            from = default;
            return 0;
        }

        from = Read(_from.Buffer.Span, _socket.AddressFamily);
        return length;
    }

    /// <inheritdoc/>
    public void Send(TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        var destination = t_destination;
        if (destination is null || destination.Family != _socket.AddressFamily)
        {
            t_destination = destination = new SocketAddress(_socket.AddressFamily);
        }

        var bytes = destination.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], to.Port);
        if (_socket.AddressFamily == AddressFamily.InterNetworkV6) to.WriteIPv6(bytes[8..]);
        else BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], to.IPv4);
        try
        {
            _socket.SendTo(datagram, SocketFlags.None, destination);
        }
        catch (SocketException)
        {
            Interlocked.Increment(ref _sendErrors);
        }
        catch (ObjectDisposedException)
        {
            // The plane is stopping; the peer learns it from the missing consent.
        }
    }

    /// <summary>Wakes the receiving thread: an empty datagram to ourselves. Anyone may send one; it only makes us look.</summary>
    public void Wake()
    {
        try
        {
            _waker.SendTo([], SocketFlags.None, _self);
        }
        catch (SocketException)
        {
            // The thread looks again within a second anyway.
        }
        catch (ObjectDisposedException)
        {
            // Nobody is waiting any more.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _waker.Dispose();
    }

    /// <summary>sockaddr_in and sockaddr_in6 have the port at 2 and the address at 4 and 8 on every system .NET runs on.</summary>
    private static TransportAddress Read(ReadOnlySpan<byte> bytes, AddressFamily family)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return family == AddressFamily.InterNetworkV6
            ? TransportAddress.FromIPv6(bytes.Slice(8, 16), port)
            : TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port);
    }

    /// <summary>Windows reports a peer's closed port as an error of our next receive; that is their business.</summary>
    private static void IgnoreConnectionReset(Socket socket)
    {
        const int SioUdpConnReset = -1744830452;
        if (OperatingSystem.IsWindows()) socket.IOControl(SioUdpConnReset, [0, 0, 0, 0], null);
    }
}
