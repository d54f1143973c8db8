using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using Parley.Media;
using static Parley.Sockets.LinuxSockets;

namespace Parley.Sockets;

/// <summary>
/// Linux: ppoll, recvmmsg into an arena of our own, each datagram with the time the system received it and which of our addresses it came to, and <see cref="SegmentedBatch"/>.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class LinuxUdpPort : UdpPort, IMessageSocket
{
    /// <summary>Room for the control messages of a datagram: the time (32 bytes), and where it was sent to (40).</summary>
    private const int ControlLength = 72;

    private const int NameLength = 32;

    private readonly SafeSocketHandle _handle;
    private readonly SafeFileHandle _waker;
    private readonly SegmentedBatch _batch;
    private readonly int _descriptor;
    private readonly byte* _memory;
    private readonly byte* _buffers;
    private readonly MessageVector* _messages;
    private readonly PollDescriptor* _waited;
    private readonly ReachedAddresses _reached;
    private readonly List<SegmentedBatch> _opened = [];
    private int _received;

    /// <exception cref="SocketException">The port cannot be bound.</exception>
    /// <exception cref="Win32Exception">The process has no descriptors left.</exception>
    public LinuxUdpPort(int port, Action<string>? onSegmentingEnded) : base(port)
    {
        _handle = Socket.SafeHandle;
        _descriptor = (int)_handle.DangerousGetHandle();
        var waker = EventCreate(0, EventNonBlock | EventCloseOnExec);
        if (waker < 0)
        {
            Socket.Dispose();
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        _waker = new SafeFileHandle(waker, ownsHandle: true);
        _reached = new ReachedAddresses(IsIPv6);
        _reached.Enable(Socket);
        _batch = new SegmentedBatch(this, IsIPv6, _reached, Sent, onSegmentingEnded);
        EnableTimestamps();

        // One block, the parts that want alignment first.
        var vectors = sizeof(MessageVector) * BatchSize;
        var iovecs = sizeof(IoVector) * BatchSize;
        var controls = ControlLength * BatchSize;
        var names = NameLength * BatchSize;
        var polled = sizeof(PollDescriptor) * 2;
        var before = vectors + iovecs + controls + names + polled;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(before + MaxDatagramLength * BatchSize), 64);
        new Span<byte>(_memory, before).Clear();
        _messages = (MessageVector*)_memory;
        var lent = (IoVector*)(_memory + vectors);
        var control = _memory + vectors + iovecs;
        var name = control + controls;
        _waited = (PollDescriptor*)(name + names);
        _waited[0] = new PollDescriptor { Descriptor = _descriptor, Events = PollIn };
        _waited[1] = new PollDescriptor { Descriptor = waker, Events = PollIn };
        _buffers = _memory + before;
        for (var i = 0; i < BatchSize; i++)
        {
            lent[i] = new IoVector { Base = _buffers + i * MaxDatagramLength, Length = MaxDatagramLength };
            _messages[i].Message = new Message
            {
                Name = name + NameLength * i,
                NameLength = SockAddr.MaxLength,
                Buffers = lent + i,
                BufferCount = 1,
                Control = control + ControlLength * i,
                ControlLength = ControlLength,
            };
        }
    }

    /// <inheritdoc/>
    public override bool IsSegmenting => _batch.IsSegmenting;

    /// <inheritdoc/>
    public override bool Wait(TimeSpan time)
    {
        var ticks = Math.Clamp(time.Ticks, 0, TimeSpan.TicksPerSecond);
        var timeout = new TimeSpec { Seconds = (nint)(ticks / TimeSpan.TicksPerSecond), Nanoseconds = (nint)(ticks % TimeSpan.TicksPerSecond * 100) };

        // Less than 0 is an interrupted wait: the caller looks at its clock and comes back.
        if (Poll(_waited, 2, &timeout, null) <= 0) return false;
        if (_waited[1].Returned != 0)
        {
            var count = 0ul;
            Read(_waker, &count, sizeof(ulong));
        }

        return _waited[0].Returned != 0;
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
    public override int Receive()
    {
        // The system writes how long names and control messages are where we say how long they may be.
        for (var i = 0; i < _received; i++) (_messages[i].Message.NameLength, _messages[i].Message.ControlLength) = (SockAddr.MaxLength, ControlLength);

        // Less than 0: nothing there, or an error of an earlier send.
        return _received = Math.Max(0, LinuxSockets.Receive(_descriptor, _messages, BatchSize, DontWait, null));
    }

    /// <inheritdoc/>
    public override Span<byte> Take(int index, out TransportAddress from, out long receivedAt)
    {
        ref var message = ref _messages[index];
        receivedAt = 0;
        ushort local = 0;
        var reader = new ControlMessageReader(new ReadOnlySpan<byte>(message.Message.Control, (int)Math.Min(message.Message.ControlLength, ControlLength)));
        while (reader.TryRead(out var level, out var type, out var data))
        {
            if (level == SolSocket && type == TimestampNanoseconds)
            {
                if (data.Length >= sizeof(TimeSpec)) receivedAt = Ticks(MemoryMarshal.Read<TimeSpec>(data));
            }
            else
            {
                local = _reached.Read(level, type, data);
            }
        }

        from = SockAddr.Read(new ReadOnlySpan<byte>(message.Message.Name, SockAddr.MaxLength), IsIPv6) with { Local = local };
        var isWhole = (message.Message.Flags & Truncated) == 0;
        return new Span<byte>(_buffers + index * MaxDatagramLength, isWhole ? (int)message.Length : 0);
    }

    /// <inheritdoc/>
    public override IDatagramBatch OpenBatch()
    {
        var batch = new SegmentedBatch(this, IsIPv6, _reached, Sent, onSegmentingEnded: null);
        _opened.Add(batch);
        return batch;
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
        try
        {
            if (LinuxDatagram.TrySend(_handle, IsIPv6, _reached, to, datagram, out var failure)) Sent.OnSent(1, datagram.Length);
            else Sent.OnFailed(failure);
        }
        catch (ObjectDisposedException)
        {
            // The plane is stopping; the peer learns it from the missing consent.
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_waker.IsClosed) return;
        base.Dispose();
        _waker.Dispose();
        _batch.Dispose();
        foreach (var batch in _opened) batch.Dispose();
        NativeMemory.AlignedFree(_memory);
    }

    int IMessageSocket.Send(MessageVector* messages, int count, out int error)
    {
        var sent = LinuxSockets.Send(_descriptor, messages, (uint)count, DontWait);
        error = sent < 0 ? Marshal.GetLastPInvokeError() : 0;
        return sent;
    }

    void IMessageSocket.WaitUntilWritable(TimeSpan time)
    {
        var timeout = new TimeSpec { Nanoseconds = (nint)(time.Ticks * TimeSpan.NanosecondsPerTick) };
        var waited = new PollDescriptor { Descriptor = _descriptor, Events = PollOut };
        _ = Poll(&waited, 1, &timeout, null);
    }

    private static long Ticks(TimeSpec time) => time.Seconds * TimeSpan.TicksPerSecond + time.Nanoseconds / TimeSpan.NanosecondsPerTick;

    /// <summary>Where the system's time has 64 bits, which is wherever media is likely to be served.</summary>
    private void EnableTimestamps()
    {
        if (sizeof(nint) < sizeof(long)) return;
        var on = 1;
        try
        {
            Socket.SetRawSocketOption(SolSocket, TimestampNanoseconds, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in on)));
        }
        catch (SocketException)
        {
            // Then we go by our own time.
        }
    }
}
