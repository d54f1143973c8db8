using System.Net;
using System.Net.Sockets;
using Parley.Media;

namespace Parley.Sockets;

/// <summary>Every system: one datagram at a time, by .NET's own socket.</summary>
internal sealed class PortableUdpPort : UdpPort
{
    [ThreadStatic]
    private static SocketAddress? t_destination;

    private readonly byte[] _buffers = GC.AllocateArray<byte>(BatchSize * MaxDatagramLength, pinned: true);
    private readonly (int Length, TransportAddress From)[] _received = new (int, TransportAddress)[BatchSize];
    private readonly DirectBatch _batch;
    private readonly SocketAddress _from;
    private readonly Socket _waker;
    private readonly IPEndPoint _self;

    /// <exception cref="SocketException">The port cannot be bound.</exception>
    public PortableUdpPort(int port) : base(port)
    {
        _batch = new DirectBatch(this);
        _from = new SocketAddress(Socket.AddressFamily);
        _waker = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _self = new IPEndPoint(IPAddress.Loopback, Port);
    }

    /// <inheritdoc/>
    public override bool IsSegmenting => false;

    /// <inheritdoc/>
    public override bool Wait(TimeSpan time)
    {
        // Rounded up to whole milliseconds, which is what the system waits in: less would spin.
        var milliseconds = Math.Ceiling(Math.Clamp(time.TotalMilliseconds, 0, 1_000));
        return Socket.Poll((int)milliseconds * 1_000, SelectMode.SelectRead);
    }

    /// <summary>An empty datagram to ourselves. Anyone may send one; it only makes us look.</summary>
    public override void Wake()
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
    public override int Receive()
    {
        var count = 0;

        // The first without asking: of an empty datagram nothing is available, and it would be waited for again and again.
        while (count == 0 || (count < BatchSize && Socket.Available > 0))
        {
            ref var received = ref _received[count];
            try
            {
                received.Length = Socket.ReceiveFrom(Buffer(count), SocketFlags.None, _from);
                received.From = SockAddr.Read(_from.Buffer.Span, IsIPv6);
            }
            catch (SocketException fault) when (fault.SocketErrorCode == SocketError.WouldBlock)
            {
                break;
            }
            catch (SocketException)
            {
                // Too long (Windows), or an error of an earlier send: this one is nothing, the next may be something.
                received.Length = 0;
            }

            count++;
        }

        return count;
    }

    /// <inheritdoc/>
    public override Span<byte> Take(int index, out TransportAddress from, out long receivedAt)
    {
        (var length, from) = _received[index];
        receivedAt = 0;

        // A full buffer is the sign of a cut.
        return Buffer(index)[..(length < MaxDatagramLength ? length : 0)];
    }

    /// <inheritdoc/>
    public override Span<byte> Reserve(int maxLength) => _batch.Reserve(maxLength);

    /// <inheritdoc/>
    public override void Commit(TransportAddress to, int length) => _batch.Commit(to, length);

    /// <inheritdoc/>
    public override void Flush() => _batch.Flush();

    /// <inheritdoc/>
    public override void Send(TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        var destination = t_destination;
        if (destination is null || destination.Family != Socket.AddressFamily)
        {
            t_destination = destination = new SocketAddress(Socket.AddressFamily);
        }

        if (!SockAddr.TryWrite(destination.Buffer.Span, IsIPv6, to))
        {
            Sent.OnFailed(SendFailure.Unreachable);
            return;
        }

        try
        {
            Socket.SendTo(datagram, SocketFlags.None, destination);
            Sent.OnSent(1, datagram.Length);
        }
        catch (SocketException fault)
        {
            Sent.OnFailed(fault.SocketErrorCode switch
            {
                SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable => SendFailure.BufferFull,
                SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown or SocketError.ConnectionRefused
                    or SocketError.AddressNotAvailable => SendFailure.Unreachable,
                SocketError.MessageSize => SendFailure.TooLong,
                SocketError.AccessDenied => SendFailure.Forbidden,
                _ => SendFailure.Other,
            });
        }
        catch (ObjectDisposedException)
        {
            // The plane is stopping; the peer learns it from the missing consent.
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _waker.Dispose();
    }

    private Span<byte> Buffer(int index) => _buffers.AsSpan(index * MaxDatagramLength, MaxDatagramLength);
}
