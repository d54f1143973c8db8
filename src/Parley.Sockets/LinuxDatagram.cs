using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Parley.Media;
using static Parley.Sockets.LinuxSockets;

namespace Parley.Sockets;

/// <summary>Sends a single datagram, from any thread.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class LinuxDatagram
{
    /// <summary>False when the system refused.</summary>
    /// <param name="socket">By which.</param>
    /// <param name="isIPv6">Whether its addresses are IPv6 ones.</param>
    /// <param name="reached">What <see cref="TransportAddress.Local"/> is a number of; null when there are none.</param>
    /// <param name="to">To whom.</param>
    /// <param name="datagram">What.</param>
    /// <param name="failure">Why it was refused.</param>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public static bool TrySend(SafeSocketHandle socket, bool isIPv6, ReachedAddresses? reached, TransportAddress to, ReadOnlySpan<byte> datagram, out SendFailure failure)
    {
        failure = SendFailure.Unreachable;
        var name = stackalloc byte[SockAddr.MaxLength];
        if (!TryWriteName(name, isIPv6, to, out var nameLength)) return false;
        var control = stackalloc nint[ReachedAddresses.ControlSpace / sizeof(nint)];
        fixed (byte* bytes = datagram)
        {
            var buffer = new IoVector { Base = bytes, Length = (nuint)datagram.Length };
            var message = new Message { Name = name, NameLength = nameLength, Buffers = &buffer, BufferCount = 1 };
            if (reached is not null && to.Local != 0)
            {
                message.Control = control;
                message.ControlLength = reached.Write((byte*)control, to.Local);
            }

            if (Send(socket, &message, DontWait) >= 0) return true;
            failure = SegmentedBatch.Failure(Marshal.GetLastPInvokeError());
            return false;
        }
    }

    /// <summary>Writes a sockaddr; false when the address is an IPv6 one and the socket is not.</summary>
    public static bool TryWriteName(byte* name, bool isIPv6, TransportAddress address, out uint length)
    {
        length = (uint)(isIPv6 ? SockAddr.MaxLength : SockAddr.IPv4Length);
        var bytes = new Span<byte>(name, (int)length);
        bytes.Clear();
        MemoryMarshal.Write(bytes, isIPv6 ? FamilyIPv6 : FamilyIPv4);
        return SockAddr.TryWrite(bytes, isIPv6, address);
    }
}
