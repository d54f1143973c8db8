using System.Runtime.InteropServices;

namespace Parley.Server.MediaHost;

/// <summary>
/// Gives a thread that works little, but on time, the processor before others. <see cref="Thread.Priority"/> does nothing on Linux, where each thread has a
/// niceness of its own (setpriority(2)); a lower one than before takes CAP_SYS_NICE or room in RLIMIT_NICE (systemd: LimitNICE=).
/// </summary>
internal static partial class ThreadUrgency
{
    /// <summary>What audio threads of browsers and desktops have.</summary>
    private const int Niceness = -10;

    private const int Process = 0, CallingThread = 0;

    /// <summary>For the calling thread. False where the system does not allow it: it then goes on as all others do.</summary>
    public static bool Raise() => OperatingSystem.IsLinux() && SetPriority(Process, CallingThread, Niceness) == 0;

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int niceness);
}
