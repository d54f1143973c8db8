using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Parley.Browser.Harness;

/// <summary>
/// A slow, long, lossy line between two TUN devices, carried by a thread of our own: many kernels have no netem. What comes out of a TUN
/// device is whole IP packets with their checksums, never what a network card would have cut.
/// </summary>
internal sealed unsafe partial class NarrowLink : IDisposable
{
    private const int ReadWrite = 2, NonBlock = 0x800, CloseOnExec = 0x80000;
    private const int LargestPacket = 65_536;

    /// <summary>TUNSETIFF (linux/if_tun.h) with IFF_TUN and IFF_NO_PI: IP packets with nothing before them.</summary>
    private const nuint SetInterface = 0x400454CA;
    private const short Tun = 0x0001, WithoutInformation = 0x1000;
    private const short PollIn = 1;

    /// <summary>SCHED_FIFO, sched(7).</summary>
    private const int FirstInFirstOut = 1;
    private const int NameLength = 16, InterfaceRequestLength = 40;

    /// <summary>While nothing is due, whether it is over is looked at this often.</summary>
    private static readonly TimeSpan LookAround = TimeSpan.FromMilliseconds(100);

    private readonly int _near, _far;
    private readonly Thread _thread;
    private volatile bool _ends;

    /// <param name="near">The name of the device at one end. Both may be moved into a namespace and renamed there; they are gone with this.</param>
    /// <param name="far">The name of the device at the other end.</param>
    public NarrowLink(string near, string far, PathConditions conditions)
    {
        _near = Open(near);
        _far = Open(far);
        Up = new NarrowPath(conditions, seed: 1);
        Down = new NarrowPath(conditions, seed: 2);
        _thread = new Thread(Run) { Name = "narrow link", IsBackground = true };
        _thread.Start();
    }

    /// <summary>From near to far.</summary>
    public NarrowPath Up { get; }

    /// <summary>From far to near.</summary>
    public NarrowPath Down { get; }

    public void Dispose()
    {
        _ends = true;
        _thread.Join();
        _ = Close(_near);
        _ = Close(_far);
    }

    private void Run()
    {
        // Before everything else that wants the processor: a line is never late because a browser is busy. Where that is refused, it may be.
        var priority = 1;
        _ = Schedule(0, FirstInFirstOut, &priority);
        var buffer = new byte[LargestPacket];
        var ready = stackalloc PollEntry[2];
        (ready[0], ready[1]) = (new PollEntry(_near), new PollEntry(_far));
        while (!_ends)
        {
            Carry(_near, Up, _far, buffer);
            Carry(_far, Down, _near, buffer);
            var wait = LookAround;
            if (Up.Due is { } up && up - Now < wait) wait = up - Now;
            if (Down.Due is { } down && down - Now < wait) wait = down - Now;
            if (wait <= TimeSpan.Zero) continue;
            var timeout = new Timeout { Seconds = (nint)wait.TotalSeconds, Nanoseconds = (nint)(wait.TotalNanoseconds % 1e9) };
            _ = Poll(ready, 2, &timeout, 0);
        }
    }

    private static void Carry(int from, NarrowPath path, int to, byte[] buffer)
    {
        nint length;
        while ((length = Read(from, buffer, buffer.Length)) > 0) path.Take(buffer[..(int)length], Now);

        // A device that is not up yet refuses what comes, like a cable that is not plugged in.
        while (path.TryDeliver(Now, out var packet)) _ = Write(to, packet, packet.Length);
    }

    private static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    private static int Open(string name)
    {
        var descriptor = Open("/dev/net/tun", ReadWrite | NonBlock | CloseOnExec);
        var request = new byte[InterfaceRequestLength];
        Encoding.ASCII.GetBytes(name, request);
        BitConverter.TryWriteBytes(request.AsSpan(NameLength), (short)(Tun | WithoutInformation));
        if (descriptor >= 0 && Control(descriptor, SetInterface, request) == 0) return descriptor;
        var error = Marshal.GetLastPInvokeError();
        if (descriptor >= 0) _ = Close(descriptor);
        throw new Win32Exception(error, $"No TUN device {name}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, byte[] argument);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int descriptor, byte[] buffer, nint length);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, byte[] buffer, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int Schedule(int thread, int policy, int* priority);

    [LibraryImport("libc", EntryPoint = "ppoll")]
    private static partial int Poll(PollEntry* entries, nuint count, Timeout* timeout, nint signals);

    /// <summary>struct pollfd, poll(2).</summary>
    [StructLayout(LayoutKind.Sequential, Size = 8)]
    private readonly struct PollEntry(int descriptor)
    {
        public readonly int Descriptor = descriptor;
        public readonly short Events = PollIn;
    }

    /// <summary>struct timespec.</summary>
    private struct Timeout
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
