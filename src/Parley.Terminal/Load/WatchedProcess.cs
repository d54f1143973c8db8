using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Parley.Client;

namespace Parley.Terminal.Load;

/// <summary>What the system says of the server's process.</summary>
internal sealed class WatchedProcess : IDisposable
{
    /// <summary>Of a name the system keeps 15 characters.</summary>
    private const string CompilingThread = ".NET Tiered Com";

    /// <summary>What Linux counts CPU in for who reads /proc: USER_HZ, 100 on every architecture .NET runs on.</summary>
    private static readonly TimeSpan CpuTick = TimeSpan.FromMilliseconds(10);

    private readonly Process _process;

    /// <exception cref="ParleyException">There is no such process.</exception>
    public WatchedProcess(int id)
    {
        try
        {
            _process = Process.GetProcessById(id);
        }
        catch (ArgumentException e)
        {
            throw new ParleyException(ParleyError.Invalid, $"--server-pid: there is no process {id} on this machine.", inner: e);
        }
    }

    /// <summary>The most memory that was seen since <see cref="ResetPeak"/>, bytes.</summary>
    public long PeakMemory { get; private set; }

    public void ResetPeak() => PeakMemory = 0;

    /// <summary>CPU time so far and resident memory now; null when the process has ended or is not ours to look at.</summary>
    public (TimeSpan Cpu, long Memory)? Sample()
    {
        try
        {
            _process.Refresh();
            if (_process.HasExited) return null;
            var memory = _process.WorkingSet64;
            PeakMemory = Math.Max(PeakMemory, memory);
            return (_process.TotalProcessorTime, memory);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>
    /// CPU time so far of the thread that compiles well what a .NET server has compiled quickly; zero where there is none, for it ends when it has
    /// had nothing to do for a while, and where the system does not tell (not Linux).
    /// </summary>
    public TimeSpan Compilation()
    {
        var total = TimeSpan.Zero;
        foreach (var task in Tasks())
        {
            try
            {
                if (!File.ReadAllText(Path.Combine(task, "comm")).StartsWith(CompilingThread, StringComparison.Ordinal)) continue;

                // proc_pid_stat(5): after the name, which may hold anything, utime and stime are the 12th and 13th.
                var stat = File.ReadAllText(Path.Combine(task, "stat"));
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                total += CpuTick * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture));
            }
            catch (IOException)
            {
                // It has ended.
            }
        }

        return total;
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();

    /// <summary>The folders of the process's threads; none when it has ended, also while they are listed, and where there is no /proc.</summary>
    private string[] Tasks()
    {
        try
        {
            return Directory.GetDirectories($"/proc/{_process.Id}/task");
        }
        catch (IOException)
        {
            return [];
        }
    }
}
