using System.CommandLine;
using System.Security.Authentication;
using Parley.Client;
using Parley.Terminal.Screen;

namespace Parley.Terminal;

/// <summary>Runs what a command does: signals become a token, and whatever goes wrong one line and an exit code.</summary>
internal static class CommandRunner
{
    /// <summary>On every command: tells all about an error, for who reports it.</summary>
    public static Option<bool> Debug { get; } = new("--debug")
    {
        Description = "Show the stack of an error, for a report of it",
        Recursive = true,
    };

    /// <summary>Sets what <paramref name="command"/> does.</summary>
    /// <param name="body">
    /// Returns the exit code. It may throw: <see cref="ParleyException"/> for what people can mend, <see cref="OperationCanceledException"/>
    /// once its token is cancelled (SIGINT, SIGTERM or SIGHUP), anything else for a bug.
    /// </param>
    public static void Runs(this Command command, Func<ParseResult, CancellationToken, Task<int>> body) =>
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(Debug), ct => body(parsed, ct)));

    /// <summary>The same, for what has no exit code of its own: it ends with 0.</summary>
    public static void Runs(this Command command, Func<ParseResult, CancellationToken, Task> body) =>
        command.Runs(async (parsed, ct) =>
        {
            await body(parsed, ct);
            return ExitCodes.Ok;
        });

    /// <summary>One line on standard error, whatever the text holds: some of it comes from servers.</summary>
    public static void WriteError(string message) => Console.Error.WriteLine("parley: " + SafeText.Line(message));

    private static async Task<int> RunAsync(bool debug, Func<CancellationToken, Task<int>> body)
    {
        using var interruption = new Interruption();
        UnhandledExceptionEventHandler onUnhandled = (_, e) => Environment.Exit(Report((Exception)e.ExceptionObject, debug));
        AppDomain.CurrentDomain.UnhandledException += onUnhandled;
        try
        {
            return await body(interruption.Token);
        }
        catch (Exception e) when (interruption.Token.IsCancellationRequested && IsCancellation(e))
        {
            return interruption.ExitCode;
        }
        catch (Exception e)
        {
            return Report(e, debug);
        }
        finally
        {
            AppDomain.CurrentDomain.UnhandledException -= onUnhandled;
        }
    }

    /// <summary>A cancelled call may come back wrapped, by us or by HttpClient.</summary>
    private static bool IsCancellation(Exception e) =>
        e is OperationCanceledException || e.InnerException is OperationCanceledException;

    /// <summary>The server's certificate was not taken.</summary>
    private static bool IsDistrust(Exception e) =>
        e is AuthenticationException || (e.InnerException is { } inner && IsDistrust(inner));

    private static int Report(Exception e, bool debug)
    {
        TerminalScope.EndCurrent();
        if (debug) Console.Error.WriteLine(e);
        if (e is ParleyException known)
        {
            var hint = known.Code is { } code ? $" ({code})" : IsDistrust(known) ? " See --insecure and --certificate-sha256." : "";
            WriteError(known.Message + hint);
            return ExitCodes.Of(known.Error);
        }

        WriteError($"a bug in parley: {e.GetType().Name}: {e.Message}" + (debug ? "" : " (run it again with --debug and report what it shows)"));
        return ExitCodes.Internal;
    }
}
