using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Parley.Terminal.Tests.Screen;

/// <summary>Both ends of a terminal that no window shows (pty(7)), in its usual modes.</summary>
internal sealed partial class PseudoTerminal : IDisposable
{
    private const int ReadWrite = 2;
    private const int NotControlling = 0x100;

    private readonly SafeFileHandle _window;
    private readonly SafeFileHandle _terminal;

    public PseudoTerminal()
    {
        _window = new SafeFileHandle(OpenPty(ReadWrite | NotControlling), ownsHandle: true);
        var name = new byte[64];
        if (_window.IsInvalid || Grant(Window) != 0 || Unlock(Window) != 0 || Name(Window, name, name.Length) != 0)
            throw new InvalidOperationException("There is no pseudo terminal.");
        _terminal = new SafeFileHandle(Open(name, ReadWrite | NotControlling), ownsHandle: true);
        if (_terminal.IsInvalid) throw new InvalidOperationException("The pseudo terminal cannot be opened.");
    }

    /// <summary>The program's end.</summary>
    public int Descriptor => (int)_terminal.DangerousGetHandle();

    private int Window => (int)_window.DangerousGetHandle();

    /// <summary>termios(3) as it is now.</summary>
    public byte[] Modes()
    {
        var modes = new byte[60];
        Assert.Equal(0, GetAttributes(Descriptor, modes));
        return modes;
    }

    public void Dispose()
    {
        _terminal.Dispose();
        _window.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt")]
    private static partial int OpenPty(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt")]
    private static partial int Grant(int window);

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    private static partial int Unlock(int window);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static partial int Name(int window, Span<byte> name, nint length);

    [LibraryImport("libc", EntryPoint = "open")]
    private static partial int Open(ReadOnlySpan<byte> path, int flags);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetAttributes(int descriptor, Span<byte> termios);
}
