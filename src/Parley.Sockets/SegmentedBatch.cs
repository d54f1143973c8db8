using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Parley.Media;
using static Parley.Sockets.LinuxSockets;

namespace Parley.Sockets;

/// <summary>
/// Datagrams built side by side in one arena and sent by one sendmmsg(2). A run of them for one address and of one length, the last
/// perhaps shorter, is one message that the system cuts into datagrams again (UDP GSO), which costs little more than a single one.
/// A message that is refused is the loss of its receiver only. For one thread.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class SegmentedBatch : IDatagramBatch, IDisposable
{
    /// <summary>Datagrams of one message (UDP_MAX_SEGMENTS of Linux before 6.9), and their bytes: what an IPv4 packet carries.</summary>
    internal const int MaxSegments = 64, MaxMessageLength = 65_507;

    /// <summary>Messages of one call.</summary>
    internal const int MaxMessages = 64;

    /// <summary>The arena: some two hundred full packets, and within the processor's own cache.</summary>
    internal const int ArenaLength = 256 << 10;

    /// <summary>
    /// So many messages refused in a row, and no other sent between, are the system's fault and not one path's. A path may refuse
    /// too: its MTU may be less than a segment, or its interface without checksums.
    /// </summary>
    internal const int RefusalsToEnd = 8;

    private const int NameLength = 32;

    // errno(3), where the numbers are the same on every processor .NET runs on.
    private const int Eperm = 1, Eintr = 4, Eio = 5, Eagain = 11, Enomem = 12, Eacces = 13, Einval = 22, Emsgsize = 90,
        Enoprotoopt = 92, Eopnotsupp = 95, Eaddrnotavail = 99, Enetdown = 100, Enetunreach = 101, Enobufs = 105, Econnrefused = 111, Ehostunreach = 113;

    /// <summary>How long one flush may wait for room in the system's buffer. After that media is dropped: the other meetings wait too.</summary>
    private static readonly TimeSpan WaitForRoom = TimeSpan.FromMilliseconds(2);

    /// <summary>CMSG_LEN and CMSG_SPACE of the 16-bit segment length.</summary>
    private static readonly nuint SegmentControl = (nuint)(sizeof(ControlHeader) + sizeof(ushort)), SegmentControlSpace = (nuint)(sizeof(ControlHeader) + sizeof(nint));

    /// <summary>A message's: from where it leaves, and after it the length of its segments; either may be left out.</summary>
    private static readonly int ControlLength = ReachedAddresses.ControlSpace + (int)SegmentControlSpace;

    private readonly IMessageSocket _socket;
    private readonly bool _isIPv6;
    private readonly ReachedAddresses _reached;
    private readonly SendCounters _sent;
    private readonly Action<string>? _onSegmentingEnded;
    private readonly byte* _memory;
    private readonly byte* _arena;
    private readonly MessageVector* _messages;
    private readonly byte* _controls;
    private readonly int[] _segments = new int[MaxMessages];
    private TransportAddress _to;
    private int _count;
    private int _used;
    private bool _open;
    private bool _mayWait;
    private int _refusals;

    /// <param name="socket">Who sends.</param>
    /// <param name="isIPv6">Whether its addresses are IPv6 ones.</param>
    /// <param name="reached">From which of this machine's addresses they may leave.</param>
    /// <param name="sent">Counts.</param>
    /// <param name="onSegmentingEnded">Called once when the system turns out to refuse.</param>
    public SegmentedBatch(IMessageSocket socket, bool isIPv6, ReachedAddresses reached, SendCounters sent, Action<string>? onSegmentingEnded)
    {
        (_socket, _isIPv6, _reached, _sent, _onSegmentingEnded) = (socket, isIPv6, reached, sent, onSegmentingEnded);
        var vectors = sizeof(MessageVector) * (MaxMessages + 1);
        var iovecs = sizeof(IoVector) * (MaxMessages + 1);
        var controls = ControlLength * MaxMessages;
        var names = NameLength * MaxMessages;
        var before = vectors + iovecs + controls + names;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(before + ArenaLength), 64);
        new Span<byte>(_memory, before).Clear();
        _messages = (MessageVector*)_memory;
        var lent = (IoVector*)(_memory + vectors);
        _controls = _memory + vectors + iovecs;
        var name = _controls + controls;
        _arena = _memory + before;
        for (var i = 0; i < MaxMessages; i++)
        {
            *SegmentHeader(i) = new ControlHeader { Length = SegmentControl, Level = SolUdp, Type = Segment };
            _messages[i].Message = new Message { Name = name + NameLength * i, Buffers = lent + i, BufferCount = 1 };
        }

        // The one after the last sends the datagrams of a refused message one by one.
        _messages[MaxMessages].Message = new Message { Buffers = lent + MaxMessages, BufferCount = 1 };
    }

    /// <summary>Whether runs are still sent as one message.</summary>
    public bool IsSegmenting { get; private set; } = true;

    /// <inheritdoc cref="IDatagramBatch.Reserve"/>
    public Span<byte> Reserve(int maxLength)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)maxLength, (uint)ArenaLength);
        if (_count == MaxMessages || _used + maxLength > ArenaLength) Flush();
        return new Span<byte>(_arena + _used, maxLength);
    }

    /// <inheritdoc cref="IDatagramBatch.Commit"/>
    public void Commit(TransportAddress to, int length)
    {
        if (_open && to == _to && TryAppend(length)) return;
        ref var message = ref _messages[_count].Message;
        if (!LinuxDatagram.TryWriteName(message.Name, _isIPv6, to, out message.NameLength))
        {
            _sent.OnFailed(SendFailure.Unreachable);
            return;
        }

        *message.Buffers = new IoVector { Base = _arena + _used, Length = (nuint)length };
        var header = (byte*)SegmentHeader(_count);
        message.Control = header;
        message.ControlLength = 0;
        if (to.Local != 0)
        {
            // It ends where the other begins.
            message.Control = header - _reached.ControlLength;
            message.ControlLength = _reached.Write(header - _reached.ControlLength, to.Local);
        }

        SegmentLength(_count) = (ushort)length;
        _segments[_count++] = 1;
        _used += length;
        (_to, _open) = (to, IsSegmenting && length > 0);
    }

    /// <inheritdoc cref="IDatagramBatch.Flush"/>
    public void Flush()
    {
        _mayWait = true;
        for (var next = 0; next < _count;)
        {
            var sent = _socket.Send(_messages + next, _count - next, out var error);
            if (sent > 0)
            {
                OnSent(next, sent);
                next += sent;
            }
            else if (!MayTryAgain(error))
            {
                OnRefused(next++, error);
            }
        }

        (_count, _used, _open) = (0, 0, false);
    }

    /// <summary>Takes it in like what is built here.</summary>
    public void Send(TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        datagram.CopyTo(Reserve(datagram.Length));
        Commit(to, datagram.Length);
    }

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.AlignedFree(_memory);

    /// <summary>What an errno means to whoever counts.</summary>
    internal static SendFailure Failure(int error) => error switch
    {
        Eagain or Enobufs or Enomem => SendFailure.BufferFull,
        Enetunreach or Ehostunreach or Enetdown or Econnrefused or Eaddrnotavail => SendFailure.Unreachable,
        Emsgsize => SendFailure.TooLong,
        Eperm or Eacces => SendFailure.Forbidden,
        _ => SendFailure.Other,
    };

    private ControlHeader* SegmentHeader(int index) => (ControlHeader*)(_controls + (ControlLength * index) + ReachedAddresses.ControlSpace);

    private ref ushort SegmentLength(int index) => ref *(ushort*)(SegmentHeader(index) + 1);

    /// <summary>The datagram lies where the last one ends: perhaps it is the next of that one's run.</summary>
    private bool TryAppend(int length)
    {
        ref var message = ref _messages[_count - 1].Message;
        int segment = SegmentLength(_count - 1);
        var total = (int)message.Buffers->Length + length;
        if (length > segment || length == 0 || total > MaxMessageLength || _segments[_count - 1] == MaxSegments) return false;
        message.Buffers->Length = (nuint)total;
        if (_segments[_count - 1] == 1) message.ControlLength += SegmentControlSpace;
        _segments[_count - 1]++;
        _used += length;
        _open = length == segment;
        return true;
    }

    private void OnSent(int first, int count)
    {
        var (datagrams, bytes) = (0, 0L);
        for (var i = first; i < first + count; i++)
        {
            datagrams += _segments[i];
            bytes += (long)_messages[i].Message.Buffers->Length;
            if (_segments[i] > 1) _refusals = 0;
        }

        _sent.OnSent(datagrams, bytes);
    }

    /// <summary>Whether the call is worth repeating as it was.</summary>
    private bool MayTryAgain(int error)
    {
        if (error == Eintr) return true;
        if (error != Eagain || !_mayWait) return false;
        _mayWait = false;
        _socket.WaitUntilWritable(WaitForRoom);
        return true;
    }

    private void OnRefused(int index, int error)
    {
        if (_segments[index] == 1)
        {
            _sent.OnFailed(Failure(error));
            return;
        }

        if (error is not (Eio or Einval or Emsgsize or Enoprotoopt or Eopnotsupp))
        {
            _sent.OnFailed(Failure(error), _segments[index]);
            return;
        }

        // Where none goes by itself either, it was not for its being many: the address they leave from may be gone.
        if (!SendOneByOne(index) || !IsSegmenting || ++_refusals < RefusalsToEnd) return;
        IsSegmenting = false;
        _onSegmentingEnded?.Invoke(Marshal.GetPInvokeErrorMessage(error));
    }

    /// <summary>Whether any was taken.</summary>
    private bool SendOneByOne(int index)
    {
        var any = false;
        ref var refused = ref _messages[index].Message;
        var one = _messages + MaxMessages;
        one->Message.Name = refused.Name;
        one->Message.NameLength = refused.NameLength;
        one->Message.Control = refused.Control;
        one->Message.ControlLength = refused.ControlLength - SegmentControlSpace;
        var at = refused.Buffers->Base;
        var end = at + refused.Buffers->Length;
        int segment = SegmentLength(index);
        while (at < end)
        {
            var length = Math.Min(segment, (int)(end - at));
            *one->Message.Buffers = new IoVector { Base = at, Length = (nuint)length };
            int sent, error;
            while ((sent = _socket.Send(one, 1, out error)) < 0 && MayTryAgain(error))
            {
            }

            any |= sent > 0;
            if (sent > 0) _sent.OnSent(1, length);
            else _sent.OnFailed(Failure(error));
            at += length;
        }

        return any;
    }
}
