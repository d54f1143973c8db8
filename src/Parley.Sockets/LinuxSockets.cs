using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Parley.Sockets;

/// <summary>
/// What of Linux's sockets .NET has no name for: epoll(7), eventfd(2), ppoll(2), recvmmsg(2), sendmmsg(2), and sendmsg(2) without exceptions.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxSockets
{
    public const int EpollCloseOnExec = 0x80000;
    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    public const uint EpollIn = 1;
    public const int EventNonBlock = 0x800;
    public const int EventCloseOnExec = 0x80000;
    public const int DontWait = 0x40;
    public const int Truncated = 0x20;

    /// <summary>SOL_SOCKET, and SO_TIMESTAMPNS (socket(7)), which is also the type of its control message.</summary>
    public const int SolSocket = 1, TimestampNanoseconds = 35;

    /// <summary>SOL_UDP, and UDP_GRO (udp(7)), which is also the type of its control message.</summary>
    public const int SolUdp = 17, UdpGro = 104;

    /// <summary>SOL_IP, and IP_PKTINFO (ip(7)), which is also the type of its control message.</summary>
    public const int SolIPv4 = 0, PacketInfo = 8;

    /// <summary>SOL_IPV6, IPV6_RECVPKTINFO, and IPV6_PKTINFO (ipv6(7)), the type of its control message.</summary>
    public const int SolIPv6 = 41, ReceivePacketInfo6 = 49, PacketInfo6 = 50;

    public const ushort FamilyIPv4 = 2;
    public const ushort FamilyIPv6 = 10;

    public const short PollIn = 1;
    public const short PollOut = 4;

    /// <summary>UDP_SEGMENT (udp(7)): the system cuts what is sent into datagrams of this length.</summary>
    public const int Segment = 103;

    private const string C = "libc";

    /// <summary>struct epoll_event is packed on x86-64 only.</summary>
    public static readonly int EpollEventLength = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    /// <summary>Where its data is.</summary>
    public static readonly int EpollDataOffset = EpollEventLength - 8;

    [LibraryImport(C, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport(C, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(SafeFileHandle epoll, int operation, SafeHandle descriptor, byte* change);

    [LibraryImport(C, EntryPoint = "epoll_wait")]
    public static partial int EpollWait(SafeFileHandle epoll, byte* events, int max, int milliseconds);

    [LibraryImport(C, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventCreate(uint value, int flags);

    [LibraryImport(C, EntryPoint = "read")]
    public static partial nint Read(SafeFileHandle descriptor, void* buffer, nuint length);

    [LibraryImport(C, EntryPoint = "write")]
    public static partial nint Write(SafeFileHandle descriptor, void* buffer, nuint length);

    [LibraryImport(C, EntryPoint = "recvmmsg")]
    public static partial int Receive(SafeSocketHandle socket, MessageVector* messages, uint count, int flags, void* timeout);

    [LibraryImport(C, EntryPoint = "recvmmsg")]
    public static partial int Receive(int socket, MessageVector* messages, uint count, int flags, void* timeout);

    [LibraryImport(C, EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int Send(int socket, MessageVector* messages, uint count, int flags);

    [LibraryImport(C, EntryPoint = "ppoll")]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, TimeSpec* timeout, void* signals);

    [LibraryImport(C, EntryPoint = "sendmsg", SetLastError = true)]
    public static partial nint Send(SafeSocketHandle socket, Message* message, int flags);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct IoVector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>struct msghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public byte* Name;
        public uint NameLength;
        public IoVector* Buffers;
        public nuint BufferCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>struct mmsghdr: a message, and the length that was received.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageVector
    {
        public Message Message;
        public uint Length;
    }

    /// <summary>struct cmsghdr; what it announces comes after it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ControlHeader
    {
        public nuint Length;
        public int Level;
        public int Type;
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>struct timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
