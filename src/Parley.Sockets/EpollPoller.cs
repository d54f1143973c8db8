using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using Parley.Media;
using static Parley.Sockets.LinuxSockets;

namespace Parley.Sockets;

/// <summary>
/// Linux: epoll, and up to <see cref="SocketPoller.BatchSize"/> datagrams by one recvmmsg. Every handle passes as a
/// SafeHandle, so a number that was closed is never used for what has it next.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class EpollPoller : SocketPoller
{
    /// <summary>Sockets told of by one wait; the others' turn is the next.</summary>
    private const int MaxEvents = 256;

    /// <summary>Room for the control messages of a datagram: the time (32 bytes), the segments' length (24), and where it was sent to (40).</summary>
    private const int ControlLength = 96;

    /// <summary>The longest UDP payload there is: datagrams in one piece are no longer.</summary>
    private const int MaxCoalescedLength = 65_536;

    /// <summary>What the waker's events carry in place of a socket's index.</summary>
    private const ulong WakerKey = ulong.MaxValue;

    private readonly object _lock = new();
    private readonly Stack<int> _free = new();
    private readonly SafeFileHandle _epoll;
    private readonly SafeFileHandle _waker;
    private readonly byte* _memory;
    private readonly byte* _events;
    private readonly byte* _names;
    private readonly byte* _control;
    private readonly byte* _buffers;
    private readonly int _bufferLength;
    private readonly bool _coalesces;
    private readonly MessageVector* _messages;
    private readonly (byte Message, int Offset, int Length)[] _datagrams;
    private readonly long[] _arrivals = new long[BatchSize];
    private readonly ushort[] _locals = new ushort[BatchSize];
    private LoopSocket?[] _sockets = new LoopSocket?[16];
    private int _count;
    private bool _isIPv6;

    /// <param name="coalesces">See <see cref="SocketPoller.Create"/>.</param>
    /// <exception cref="Win32Exception">The process has no descriptors left.</exception>
    public EpollPoller(bool coalesces = false)
    {
        _coalesces = coalesces;
        _bufferLength = coalesces ? MaxCoalescedLength : MaxDatagramLength;
        _datagrams = new (byte, int, int)[BatchSize * (coalesces ? CoalescedDatagrams.MaxCount : 1)];
        _epoll = Own(EpollCreate(EpollCloseOnExec));
        try
        {
            _waker = Own(EventCreate(0, EventNonBlock | EventCloseOnExec));
        }
        catch
        {
            _epoll.Dispose();
            throw;
        }

        // One block, the parts that want alignment first.
        var vectors = sizeof(MessageVector) * BatchSize;
        var iovecs = sizeof(IoVector) * BatchSize;
        var names = 32 * BatchSize;
        var events = 16 * MaxEvents;
        var control = ControlLength * BatchSize;
        var buffers = _bufferLength * BatchSize;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(vectors + iovecs + control + names + events + buffers), 64);
        _messages = (MessageVector*)_memory;
        var lent = (IoVector*)(_memory + vectors);
        _control = _memory + vectors + iovecs;
        _names = _control + control;
        _events = _names + names;
        _buffers = _events + events;
        new Span<byte>(_memory, vectors + iovecs + control + names).Clear();
        for (var i = 0; i < BatchSize; i++)
        {
            lent[i] = new IoVector { Base = _buffers + i * _bufferLength, Length = (nuint)_bufferLength };
            _messages[i].Message = new Message
            {
                Name = _names + 32 * i,
                NameLength = SockAddr.MaxLength,
                Buffers = lent + i,
                BufferCount = 1,
                Control = _control + ControlLength * i,
            };
        }

        Watch(_waker, WakerKey);
    }

    /// <inheritdoc/>
    public override void Add(LoopSocket socket)
    {
        lock (_lock)
        {
            if (!_free.TryPop(out var index)) index = _count++;
            if (index == _sockets.Length) Array.Resize(ref _sockets, index * 2);
            socket.PollerIndex = index;
            _sockets[index] = socket;
        }

        if (_coalesces)
        {
            Switch(socket, SolUdp, UdpGro);
            Switch(socket, SolSocket, TimestampNanoseconds);
        }

        Watch(socket.Handle, (ulong)socket.PollerIndex);
    }

    /// <inheritdoc/>
    public override void Remove(LoopSocket socket)
    {
        EpollControl(_epoll, EpollDelete, socket.Handle, _events);
        lock (_lock)
        {
            _sockets[socket.PollerIndex] = null;
            _free.Push(socket.PollerIndex);
        }
    }

    /// <inheritdoc/>
    public override int Wait(int milliseconds, Span<LoopSocket?> ready)
    {
        // Less than 0 is an interrupted wait: the caller looks at its clock and comes back.
        var events = EpollWait(_epoll, _events, Math.Min(MaxEvents, ready.Length), milliseconds);
        var count = 0;
        lock (_lock)
        {
            for (var i = 0; i < events; i++)
            {
                var key = Unaligned(_events + i * EpollEventLength + EpollDataOffset);
                if (key == WakerKey) TakeWakeUp();
                else if (_sockets[key] is { } socket) ready[count++] = socket;
            }
        }

        return count;
    }

    /// <inheritdoc/>
    public override void Pause(TimeSpan time)
    {
        var timeout = new TimeSpec { Seconds = (nint)(time.Ticks / TimeSpan.TicksPerSecond), Nanoseconds = (nint)(time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick) };
        _ = Poll(null, 0, &timeout, null);
    }

    /// <inheritdoc/>
    public override void Wake()
    {
        var one = 1ul;
        try
        {
            Write(_waker, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // Nobody is waiting any more.
        }
    }

    /// <inheritdoc/>
    public override int Receive(LoopSocket socket)
    {
        // The system writes how long names and control messages are where we say how long they may be.
        var hasControl = _coalesces || socket.Reached is not null;
        for (var i = 0; i < BatchSize; i++)
        {
            _messages[i].Message.NameLength = SockAddr.MaxLength;
            _messages[i].Message.ControlLength = hasControl ? (nuint)ControlLength : 0;
        }

        _isIPv6 = socket.IsIPv6;

        // Less than 0: nothing there, or an error of an earlier send.
        var received = Math.Max(0, LinuxSockets.Receive(socket.Handle, _messages, BatchSize, DontWait, null));
        var count = 0;
        for (var i = 0; i < received; i++)
        {
            var piece = new CoalescedDatagrams((int)_messages[i].Length, ReadControl(i, socket.Reached));
            for (var part = 0; part < piece.Count; part++)
            {
                var (offset, length) = piece[part];
                _datagrams[count++] = ((byte)i, offset, length);
            }
        }

        return count;
    }

    /// <inheritdoc/>
    public override bool TryGet(int index, out TransportAddress from, out Span<byte> datagram)
    {
        var (at, offset, length) = _datagrams[index];
        ref var message = ref _messages[at];
        from = SockAddr.Read(new ReadOnlySpan<byte>(message.Message.Name, SockAddr.MaxLength), _isIPv6) with { Local = _locals[at] };
        datagram = new Span<byte>(_buffers + at * _bufferLength + offset, length);
        return (message.Message.Flags & Truncated) == 0 && length <= MaxDatagramLength;
    }

    /// <inheritdoc/>
    public override long ArrivedAt(int index) => _coalesces ? _arrivals[_datagrams[index].Message] : 0;

    /// <inheritdoc/>
    public override bool Send(LoopSocket socket, TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        try
        {
            return LinuxDatagram.TrySend(socket.Handle, socket.IsIPv6, socket.Reached, to, datagram, out _);
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_epoll.IsClosed) return;
        _epoll.Dispose();
        _waker.Dispose();
        NativeMemory.AlignedFree(_memory);
    }

    /// <summary>Notes when a message came, and to which address; gives the length of its segments, or 0.</summary>
    private int ReadControl(int index, ReachedAddresses? reached)
    {
        var segment = 0;
        (_arrivals[index], _locals[index]) = (0, 0);
        var length = Math.Min((int)_messages[index].Message.ControlLength, ControlLength);
        var reader = new ControlMessageReader(new ReadOnlySpan<byte>(_control + index * ControlLength, length));
        while (reader.TryRead(out var level, out var type, out var data))
        {
            if (level == SolUdp && type == UdpGro && data.Length >= sizeof(int))
            {
                segment = MemoryMarshal.Read<int>(data);
            }
            else if (level == SolSocket && type == TimestampNanoseconds && data.Length == 2 * sizeof(long))
            {
                // struct timespec
                var (seconds, nanoseconds) = (MemoryMarshal.Read<long>(data), MemoryMarshal.Read<long>(data[sizeof(long)..]));
                _arrivals[index] = DateTime.UnixEpoch.Ticks + (seconds * TimeSpan.TicksPerSecond) + (nanoseconds / TimeSpan.NanosecondsPerTick);
            }
            else if (reached is not null)
            {
                _locals[index] = reached.Read(level, type, data);
            }
        }

        return segment;
    }

    /// <summary>A system that does not know it does without.</summary>
    private static void Switch(LoopSocket socket, int level, int option)
    {
        var on = 1;
        try
        {
            socket.Socket.SetRawSocketOption(level, option, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in on)));
        }
        catch (SocketException)
        {
        }
    }

    private static ulong Unaligned(byte* at) => MemoryMarshal.Read<ulong>(new ReadOnlySpan<byte>(at, sizeof(ulong)));

    private static SafeFileHandle Own(int descriptor) => descriptor >= 0
        ? new SafeFileHandle(descriptor, ownsHandle: true)
        : throw new Win32Exception(Marshal.GetLastPInvokeError());

    private void Watch(SafeHandle descriptor, ulong key)
    {
        var change = stackalloc byte[16];
        MemoryMarshal.Write(new Span<byte>(change, 16), EpollIn);
        MemoryMarshal.Write(new Span<byte>(change + EpollDataOffset, sizeof(ulong)), key);
        if (EpollControl(_epoll, EpollAdd, descriptor, change) < 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    private void TakeWakeUp()
    {
        var count = 0ul;
        Read(_waker, &count, sizeof(ulong));
    }
}
