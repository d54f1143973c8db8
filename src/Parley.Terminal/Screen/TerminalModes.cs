using System.Runtime.InteropServices;

namespace Parley.Terminal.Screen;

/// <summary>The modes of one terminal (termios(3)), and back to those it had. Linux only: the layout of the struct is the system's.</summary>
internal sealed partial class TerminalModes
{
    // struct termios of glibc and musl: four flag words, c_line, c_cc[32], two speeds: 60 bytes.
    private const int StructSize = 60;
    private const int InputFlags = 0;
    private const int LocalFlags = 12;
    private const int ControlCharacters = 17;
    private const int Vtime = 5;
    private const int Vmin = 6;

    /// <summary>IXON: Ctrl-S would freeze the screen.</summary>
    private const uint FlowControl = 0x400;

    /// <summary>ICANON, ECHO and IEXTEN. ISIG stays: Ctrl-C and Ctrl-Z are signals.</summary>
    private const uint LineEditing = 0x2 | 0x8 | 0x8000;

    private const int ApplyNow = 0;
    private const int InputQueue = 0;
    private const int SigStop = 19;

    private readonly int _descriptor;
    private readonly byte[] _original;

    private TerminalModes(int descriptor, byte[] original)
    {
        _descriptor = descriptor;
        _original = original;
    }

    /// <param name="descriptor">Of the terminal, usually standard input.</param>
    /// <returns>Null when it is no terminal, or not Linux.</returns>
    public static TerminalModes? Of(int descriptor)
    {
        if (!OperatingSystem.IsLinux()) return null;
        // Room beyond what the struct takes on any libc.
        var modes = new byte[StructSize * 2];
        return GetAttributes(descriptor, modes) == 0 ? new TerminalModes(descriptor, modes) : null;
    }

    /// <summary>Reads give each key at once, and nothing is echoed.</summary>
    public void SetKeyByKey()
    {
        var modes = (byte[])_original.Clone();
        Clear(modes.AsSpan(InputFlags), FlowControl);
        Clear(modes.AsSpan(LocalFlags), LineEditing);
        modes[ControlCharacters + Vmin] = 1;
        modes[ControlCharacters + Vtime] = 0;
        _ = SetAttributes(_descriptor, ApplyNow, modes);
    }

    /// <summary>As it was; keys that nobody has read do not reach the shell.</summary>
    public void Restore()
    {
        // Not TCSAFLUSH: it would wait for output that a paused terminal never takes.
        _ = SetAttributes(_descriptor, ApplyNow, _original);
        _ = Flush(_descriptor, InputQueue);
    }

    /// <summary>Stops this process as Ctrl-Z does by default; returns once it goes on.</summary>
    public static void StopProcess() => _ = Raise(SigStop);

    private static void Clear(Span<byte> word, uint flags)
    {
        var flagWord = MemoryMarshal.Cast<byte, uint>(word);
        flagWord[0] &= ~flags;
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetAttributes(int descriptor, Span<byte> termios);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetAttributes(int descriptor, int actions, ReadOnlySpan<byte> termios);

    [LibraryImport("libc", EntryPoint = "tcflush")]
    private static partial int Flush(int descriptor, int queue);

    [LibraryImport("libc", EntryPoint = "raise")]
    private static partial int Raise(int signal);
}
