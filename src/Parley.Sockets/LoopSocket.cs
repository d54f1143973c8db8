using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Parley.Media;

namespace Parley.Sockets;

/// <summary>One UDP socket of a loop.</summary>
internal sealed class LoopSocket : IDisposable
{
    /// <summary>Linux's SOL_SOCKET and SO_MEMINFO.</summary>
    private const int SolSocket = 1, SoMemInfo = 55;

    /// <summary>SO_MEMINFO is nine 32-bit figures, the last of which is how many datagrams were dropped.</summary>
    private const int MemInfoLength = 36, MemInfoDrops = 32;

    /// <param name="owner">Whose it is.</param>
    /// <param name="local">Its number there.</param>
    /// <param name="endpoint">What to bind.</param>
    /// <param name="receiveBufferBytes">The receive buffer, the system's own overhead included.</param>
    /// <param name="isDual">Whether one bound to <see cref="IPAddress.IPv6Any"/> takes IPv4 as well.</param>
    /// <param name="answersWhereAsked">
    /// Whether one bound to all addresses tells of who sends to it to which (<see cref="TransportAddress.Local"/>), and answers from there; on Linux.
    /// </param>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public LoopSocket(object owner, int local, IPEndPoint endpoint, int receiveBufferBytes, bool isDual = true, bool answersWhereAsked = false)
    {
        Owner = owner;
        Local = local;
        IsIPv6 = endpoint.AddressFamily == AddressFamily.InterNetworkV6;
        Socket = UdpSocket.Bind(endpoint, isDual, receiveBufferBytes);
        LocalAddress = TransportAddress.From((IPEndPoint)Socket.LocalEndPoint!);
        Handle = Socket.SafeHandle;
        if (!answersWhereAsked || !OperatingSystem.IsLinux()) return;
        Reached = new ReachedAddresses(IsIPv6);
        Reached.Enable(Socket);
    }

    /// <summary>Whose it is.</summary>
    public object Owner { get; }

    /// <summary>Its number there.</summary>
    public int Local { get; }

    /// <summary>The socket itself; it never blocks.</summary>
    public Socket Socket { get; }

    /// <summary>Its handle.</summary>
    public SafeSocketHandle Handle { get; }

    /// <summary>Whether its addresses are IPv6 ones, mapped ones among them.</summary>
    public bool IsIPv6 { get; }

    /// <summary>At which addresses it was reached; null when it does not tell them apart.</summary>
    public ReachedAddresses? Reached { get; }

    /// <summary>What it is bound to.</summary>
    public TransportAddress LocalAddress { get; }

    /// <summary>Where the poller has it.</summary>
    public int PollerIndex { get; set; } = -1;

    /// <summary>
    /// How many datagrams the system dropped here since the socket was opened, which in practice is because the receive buffer
    /// was full; null where the system does not tell. Asked for rather than had with each datagram (SO_RXQ_OVFL): that costs a
    /// control message per datagram, and what is dropped after the last one read would be missing.
    /// </summary>
    public long? ReadDrops()
    {
        if (!OperatingSystem.IsLinux()) return null;
        Span<byte> figures = stackalloc byte[MemInfoLength];
        try
        {
            return Socket.GetRawSocketOption(SolSocket, SoMemInfo, figures) == MemInfoLength
                ? MemoryMarshal.Read<uint>(figures[MemInfoDrops..])
                : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();
}
