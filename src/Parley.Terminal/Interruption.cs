using System.Runtime.InteropServices;

namespace Parley.Terminal;

/// <summary>
/// The first SIGINT, SIGTERM or SIGHUP cancels, so that a command can leave in an orderly way; the second ends the process at
/// once, with the terminal as it was (<see cref="Screen.TerminalScope"/>).
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _cancelled = new();
    private readonly PosixSignalRegistration[] _signals;
    private int _exitCode;

    public Interruption() => _signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Handle(signal, ExitCodes.Interrupted)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Handle(signal, ExitCodes.Terminated)),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => Handle(signal, ExitCodes.HangUp)),
    ];

    public CancellationToken Token => _cancelled.Token;

    /// <summary>130, 143 or 129 by the first signal; 0 before one.</summary>
    public int ExitCode => Volatile.Read(ref _exitCode);

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _cancelled.Dispose();
    }

    private void Handle(PosixSignalContext signal, int exitCode)
    {
        signal.Cancel = true;
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) != 0) Environment.Exit(exitCode);
        // Not Cancel(): what its callbacks throw belongs to the command, not to the thread of the signals.
        _ = _cancelled.CancelAsync();
    }
}
