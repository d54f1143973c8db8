using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Parley.Media;
using static Parley.Sockets.LinuxSockets;

namespace Parley.Sockets;

/// <summary>
/// The addresses of this machine at which a socket that is bound to all of them was reached, by their numbers (<see cref="TransportAddress.Local"/>),
/// and the control messages that tell of them (IP_PKTINFO and IPV6_PKTINFO). Numbers are given by the thread that receives; who has
/// been given one may send with it from any thread.
/// </summary>
/// <param name="isIPv6">Whether the socket is an IPv6 one. Its IPv4 addresses are mapped ones.</param>
[SupportedOSPlatform("linux")]
internal sealed unsafe class ReachedAddresses(bool isIPv6)
{
    /// <summary>What is reached at further ones is answered from the address that the system chooses.</summary>
    internal const int MaxCount = 256;

    /// <summary>The longer data of the two, of IPv6: the address and the number of the interface. IPv4's is that number and two addresses.</summary>
    private const int InfoLength6 = 20, InfoLength4 = 12;

    private readonly Dictionary<UInt128, ushort> _numbers = [];
    private readonly UInt128[] _addresses = new UInt128[MaxCount + 1];
    private UInt128 _last;
    private ushort _lastNumber;

    /// <summary>CMSG_SPACE of the control message, at most.</summary>
    public static readonly int ControlSpace = SpaceOf(InfoLength6);

    /// <summary>CMSG_SPACE of this socket's.</summary>
    public int ControlLength { get; } = SpaceOf(isIPv6 ? InfoLength6 : InfoLength4);

    /// <summary>Has a socket tell with each datagram where it was sent to. A system that does not know it does without.</summary>
    public void Enable(Socket socket)
    {
        var on = 1;
        try
        {
            var (level, option) = isIPv6 ? (SolIPv6, ReceivePacketInfo6) : (SolIPv4, PacketInfo);
            socket.SetRawSocketOption(level, option, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in on)));
        }
        catch (SocketException)
        {
        }
    }

    /// <summary>The number of the address that a control message tells; 0 when it tells none, or there are too many.</summary>
    public ushort Read(int level, int type, ReadOnlySpan<byte> data)
    {
        if (isIPv6) return level == SolIPv6 && type == PacketInfo6 && data.Length >= InfoLength6 ? NumberOf(TransportAddress.FromIPv6(data[..16], 0).Address) : (ushort)0;
        if (level != SolIPv4 || type != PacketInfo || data.Length < InfoLength4) return 0;
        return NumberOf(TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(data[4..]), 0).Address);
    }

    /// <summary>Writes the control message that has a datagram leave from there. Returns <see cref="ControlLength"/>.</summary>
    /// <param name="control">Where, aligned to a word.</param>
    /// <param name="number">Which; not 0.</param>
    public nuint Write(byte* control, ushort number)
    {
        var from = new TransportAddress(_addresses[number], 0);
        new Span<byte>(control, ControlLength).Clear();
        var data = new Span<byte>(control + sizeof(ControlHeader), isIPv6 ? InfoLength6 : InfoLength4);
        var (level, type) = isIPv6 ? (SolIPv6, PacketInfo6) : (SolIPv4, PacketInfo);
        *(ControlHeader*)control = new ControlHeader { Length = (nuint)(sizeof(ControlHeader) + data.Length), Level = level, Type = type };
        if (isIPv6) from.WriteIPv6(data);
        else BinaryPrimitives.WriteUInt32BigEndian(data[4..], from.IPv4);
        return (nuint)ControlLength;
    }

    private static int SpaceOf(int length) => sizeof(ControlHeader) + ((length + sizeof(nint) - 1) & -sizeof(nint));

    private ushort NumberOf(UInt128 address)
    {
        if (address == _last) return _lastNumber;
        if (!_numbers.TryGetValue(address, out var number))
        {
            if (_numbers.Count == MaxCount) return 0;
            number = (ushort)(_numbers.Count + 1);
            _addresses[number] = address;
            _numbers.Add(address, number);
        }

        (_last, _lastNumber) = (address, number);
        return number;
    }
}
