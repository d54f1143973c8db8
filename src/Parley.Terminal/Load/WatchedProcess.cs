using System.ComponentModel;
using System.Diagnostics;
using Parley.Client;

namespace Parley.Terminal.Load;

/// <summary>What the system says of the server's process.</summary>
internal sealed class WatchedProcess : IDisposable
{
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

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();
}
