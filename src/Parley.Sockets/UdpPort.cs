using System.Net;
using System.Net.Sockets;
using Parley.Media;

namespace Parley.Sockets;

/// <summary>
/// The one UDP socket of a media worker: IPv4 and IPv6 on one port, no allocation per packet. One thread waits, receives and sends in
/// batches; <see cref="Send"/> and <see cref="Wake"/> are for any thread.
/// </summary>
internal abstract class UdpPort : IDatagramBatch, IDisposable
{
    /// <summary>Datagrams of one <see cref="Receive"/>.</summary>
    public const int BatchSize = 64;

    /// <summary>Longer datagrams are dropped: WebRTC's stay below the path's MTU.</summary>
    public const int MaxDatagramLength = 2_048;

    private const int SocketBufferBytes = 4 << 20;

    /// <exception cref="SocketException">The port cannot be bound.</exception>
    private protected UdpPort(int port)
    {
        IsIPv6 = Socket.OSSupportsIPv6;
        var any = new IPEndPoint(IsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port);
        Socket = UdpSocket.Bind(any, isDual: true, SocketBufferBytes, SocketBufferBytes);
        Port = ((IPEndPoint)Socket.LocalEndPoint!).Port;
    }

    /// <summary>The port bound: the configured one, or what the system chose for 0.</summary>
    public int Port { get; }

    /// <summary>What was sent, and what was not.</summary>
    public SendCounters Sent { get; } = new();

    /// <summary>Whether runs of datagrams leave as one, for the system to cut (UDP GSO).</summary>
    public abstract bool IsSegmenting { get; }

    /// <summary>Whether addresses are written as IPv6 ones, mapped ones among them.</summary>
    private protected bool IsIPv6 { get; }

    private protected Socket Socket { get; }

    /// <summary>The best one of this system.</summary>
    /// <param name="port">0 for a free one.</param>
    /// <param name="portable">Whether to take what every system has.</param>
    /// <param name="onSegmentingEnded">Called once, on the port's thread, when the system turns out to refuse UDP GSO; says what it said.</param>
    /// <exception cref="SocketException">The port cannot be bound.</exception>
    public static UdpPort Open(int port, bool portable = false, Action<string>? onSegmentingEnded = null) =>
        OperatingSystem.IsLinux() && !portable ? new LinuxUdpPort(port, onSegmentingEnded) : new PortableUdpPort(port);

    /// <summary>Waits until something is there, someone woke us, or the time is over. Returns whether there may be a datagram.</summary>
    public abstract bool Wait(TimeSpan time);

    /// <summary>Ends the present or the next wait.</summary>
    public abstract void Wake();

    /// <summary>Receives what is there without waiting, at most <see cref="BatchSize"/> datagrams. Returns how many.</summary>
    public abstract int Receive();

    /// <summary>
    /// One of the datagrams received last, good until the next <see cref="Receive"/>; empty when it is none of WebRTC's.
    /// </summary>
    /// <param name="index">Which.</param>
    /// <param name="from">Where it came from.</param>
    /// <param name="receivedAt">When the system received it, in 100 ns since 1970; 0 where it does not tell.</param>
    public abstract Span<byte> Take(int index, out TransportAddress from, out long receivedAt);

    /// <summary>A batch of this port's datagrams for one other thread, which ends before the port does.</summary>
    public virtual IDatagramBatch OpenBatch() => new DirectBatch(this);

    /// <inheritdoc/>
    public abstract Span<byte> Reserve(int maxLength);

    /// <inheritdoc/>
    public abstract void Commit(TransportAddress to, int length);

    /// <inheritdoc/>
    public abstract void Flush();

    /// <inheritdoc/>
    public abstract void Send(TransportAddress to, ReadOnlySpan<byte> datagram);

    /// <inheritdoc/>
    public virtual void Dispose() => Socket.Dispose();
}
