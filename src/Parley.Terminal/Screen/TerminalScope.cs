using System.Runtime.InteropServices;
using Parley.Client;

namespace Parley.Terminal.Screen;

/// <summary>
/// The terminal taken for a whole screen: alternate screen, no cursor, keys as they are pressed and not echoed. It is given
/// back as it was on Dispose, when the process ends by an error or a second signal, and while it is stopped by Ctrl-Z.
/// Ctrl-C stays a signal. One at a time; its methods may be called from any thread.
/// </summary>
internal sealed class TerminalScope : IDisposable
{
    private const int StandardInput = 0;

    private static readonly byte[] EnterSequence = "\e[?1049h\e[?25l\e[2J\e[H"u8.ToArray();

    /// <summary>Attributes off, cursor shown, arrow keys as a shell wants them (.NET changes that), the screen as it was before.</summary>
    private static readonly byte[] LeaveSequence = "\e[0m\e[?25h\e[?1l\e>\e[?1049l"u8.ToArray();

    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Stream _output;
    private readonly TerminalModes? _modes;
    private readonly PosixSignalRegistration[] _signals;
    private readonly EventHandler _onExit;
    private readonly UnhandledExceptionEventHandler _onUnhandled;
    private bool _taken;

    /// <param name="output">The terminal's; stays the caller's.</param>
    /// <param name="modes">The terminal's; null when it has none that can be changed.</param>
    internal TerminalScope(Stream output, TerminalModes? modes)
    {
        _output = output;
        _modes = modes;
        _onExit = (_, _) => GiveBack();
        _onUnhandled = (_, _) => GiveBack();
        AppDomain.CurrentDomain.ProcessExit += _onExit;
        AppDomain.CurrentDomain.UnhandledException += _onUnhandled;
        Take();
        _signals = OperatingSystem.IsLinux()
            ?
            [
                PosixSignalRegistration.Create(PosixSignal.SIGTSTP, OnStop),
                PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Changed?.Invoke()),
            ]
            : [];
    }

    /// <summary>The window has another size, or what was drawn is gone: draw everything again. Comes on any thread.</summary>
    public event Action? Changed;

    /// <summary>Whether there is a terminal for a whole screen: both input and output, and not a dumb one.</summary>
    public static bool IsPossible =>
        !Console.IsInputRedirected && !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <exception cref="ParleyException">There is no such terminal (<see cref="IsPossible"/>).</exception>
    public static TerminalScope Enter() => IsPossible
        ? new TerminalScope(Console.OpenStandardOutput(), TerminalModes.Of(StandardInput))
        : throw new ParleyException(ParleyError.Invalid, "Input and output are no terminal that can be drawn on");

    /// <summary>Writes at once and whole; nothing once the terminal is given back.</summary>
    /// <param name="bytes">UTF-8 and escape sequences.</param>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (!_taken) return;
            _output.Write(bytes);
            _output.Flush();
        }
    }

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        GiveBack();
        AppDomain.CurrentDomain.ProcessExit -= _onExit;
        AppDomain.CurrentDomain.UnhandledException -= _onUnhandled;
    }

    private void Take()
    {
        lock (_gate)
        {
            _modes?.SetKeyByKey();
            _output.Write(EnterSequence);
            _output.Flush();
            _taken = true;
        }
    }

    private void GiveBack()
    {
        // A terminal that takes no more output may hold a writer for ever; the process must end nevertheless.
        var alone = _gate.TryEnter(LongestWrite);
        try
        {
            if (!_taken) return;
            _taken = false;
            _modes?.Restore();
            _output.Write(LeaveSequence);
            _output.Flush();
        }
        catch (IOException)
        {
            // The window is gone: nobody is left to see it.
        }
        finally
        {
            if (alone) _gate.Exit();
        }
    }

    /// <summary>Ctrl-Z: the shell gets its terminal back, and after `fg` we take it again.</summary>
    private void OnStop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        lock (_gate)
        {
            if (!_taken) return;
            GiveBack();
            TerminalModes.StopProcess();
            Take();
        }

        Changed?.Invoke();
    }
}
