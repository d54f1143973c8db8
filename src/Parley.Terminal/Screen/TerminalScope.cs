using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
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

    private static volatile TerminalScope? _current;

    private readonly Lock _gate = new();
    private readonly Stream _output;
    private readonly TerminalModes? _modes;
    private readonly PosixSignalRegistration[] _signals;
    private readonly EventHandler _onExit;
    private bool _taken;
    private volatile bool _over;

    /// <param name="output">The terminal's; stays the caller's.</param>
    /// <param name="modes">The terminal's; null when it has none that can be changed.</param>
    internal TerminalScope(Stream output, TerminalModes? modes)
    {
        _output = output;
        _modes = modes;
        _onExit = (_, _) => End();
        AppDomain.CurrentDomain.ProcessExit += _onExit;
        _current = this;
        Take();
        _signals = OperatingSystem.IsLinux()
            ?
            [
                PosixSignalRegistration.Create(PosixSignal.SIGTSTP, OnStop),
                PosixSignalRegistration.Create(PosixSignal.SIGCONT, OnContinue),
                PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Changed?.Invoke()),
            ]
            : [];
    }

    /// <summary>The window has another size, or what was drawn is gone: draw everything again. Comes on any thread.</summary>
    public event Action? Changed;

    /// <summary>Whether there is a terminal for a whole screen: both input and output, and not a dumb one.</summary>
    public static bool IsPossible =>
        !Console.IsInputRedirected && !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <summary>
    /// The keys, as the terminal sends them. A read waits until there is one, whatever happens meanwhile: read on a background thread.
    /// Console.OpenStandardInput and Console.ReadKey are no substitute, for they set modes of their own and echo.
    /// </summary>
    public static Stream OpenKeys() => new FileStream(new SafeFileHandle(StandardInput, ownsHandle: false), FileAccess.Read, bufferSize: 0);

    /// <exception cref="ParleyException">There is no such terminal (<see cref="IsPossible"/>).</exception>
    public static TerminalScope Enter() => IsPossible
        ? new TerminalScope(Console.OpenStandardOutput(), TerminalModes.Of(StandardInput))
        : throw new ParleyException(ParleyError.Invalid, "Input and output are no terminal that can be drawn on");

    /// <summary>Gives the terminal back, if one is taken: before an error is told on it, and the process ends.</summary>
    public static void EndCurrent() => _current?.End();

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
        End();
        AppDomain.CurrentDomain.ProcessExit -= _onExit;
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

    private void End()
    {
        _over = true;
        GiveBack();
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

    /// <summary>Ctrl-Z: the shell gets its terminal back.</summary>
    private void OnStop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        // Held until the process goes on, so that nobody draws meanwhile.
        lock (_gate)
        {
            GiveBack();
            TerminalModes.StopProcess();
        }
    }

    /// <summary>`fg`, or the end of a SIGSTOP that nobody could see coming.</summary>
    private void OnContinue(PosixSignalContext signal)
    {
        // .NET would set the modes that it knows of, after ours.
        signal.Cancel = true;
        lock (_gate)
        {
            if (_over) return;
            Take();
        }

        Changed?.Invoke();
    }
}
