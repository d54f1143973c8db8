using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Parley.Client;

namespace Parley.Terminal.Join.Media;

/// <summary>
/// A program that makes or takes media over pipes. It is ended with its owner and, by whatever ends this process in an orderly
/// way, with the process; when that is killed, the broken pipe ends it. (PR_SET_PDEATHSIG would end it with the thread that started
/// it, which the thread pool takes back at will.) What it says is read to the end and the first lines are kept.
/// </summary>
internal sealed class MediaProcess : IDisposable
{
    private const int ComplaintLimit = 2_000;

    private static readonly ConcurrentDictionary<MediaProcess, byte> Running = new();

    private readonly Process _process;
    private readonly StringBuilder _complaint = new();
    private readonly Task _listening;
    private int _disposed;

    static MediaProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var process in Running.Keys) process.Kill();
    };

    private MediaProcess(Process process)
    {
        _process = process;
        Running[this] = 0;
        _listening = Task.Run(ListenAsync);
    }

    /// <summary>What it makes.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>What it takes.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    public int Id => _process.Id;

    /// <exception cref="ParleyException">It cannot be started.</exception>
    public static MediaProcess Start(string program, IEnumerable<string> arguments)
    {
        // All three are redirected: the program shares nothing with the terminal.
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        // Its sentences are read by MediaComplaint.
        start.Environment["LC_ALL"] = "C";
        start.Environment["AV_LOG_FORCE_NOCOLOR"] = "1";
        try
        {
            return new MediaProcess(Process.Start(start)!);
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new ParleyException(ParleyError.Media, $"{program} cannot be started: {e.Message}", inner: e);
        }
    }

    /// <summary>Waits until it has ended and said all.</summary>
    /// <returns>The first lines it said; empty when none.</returns>
    public async Task<string> ComplaintAsync()
    {
        await _listening;
        lock (_complaint) return _complaint.ToString();
    }

    /// <summary>Ends it; done when it has ended.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        Kill();
        Running.TryRemove(this, out _);
        _ = CloseAsync();
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended already.
        }
    }

    private async Task CloseAsync()
    {
        await _listening;
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ListenAsync()
    {
        var buffer = new byte[4096];
        var error = _process.StandardError.BaseStream;
        try
        {
            while (await error.ReadAsync(buffer) is > 0 and var read)
            {
                lock (_complaint)
                {
                    if (_complaint.Length < ComplaintLimit) _complaint.Append(Encoding.UTF8.GetString(buffer, 0, read));
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pipe is gone, and with it what would have been said.
        }
    }
}
