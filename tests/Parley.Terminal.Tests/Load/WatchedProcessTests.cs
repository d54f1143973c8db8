using System.Diagnostics;
using Parley.Terminal.Load;

namespace Parley.Terminal.Tests.Load;

public sealed class WatchedProcessTests
{
    [Fact]
    public void The_time_of_the_thread_that_compiles_is_told_apart_from_the_rest()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Only Linux tells of another process's threads.");
        using var watched = new WatchedProcess(Environment.ProcessId);
        var (before, ours) = (watched.Compilation(), TimeSpan.Zero);

        // A thread of ours under that name, beside the runtime's own.
        var compiling = new Thread(() =>
        {
            for (var from = Stopwatch.GetTimestamp(); ours < TimeSpan.FromMilliseconds(100) && Stopwatch.GetElapsedTime(from) < TimeSpan.FromSeconds(60);)
            {
                ours = watched.Compilation() - before;
            }
        })
        { Name = ".NET Tiered Compilation Worker" };
        compiling.Start();
        compiling.Join();
        Assert.True(ours >= TimeSpan.FromMilliseconds(100), $"{ours}");
        Assert.True(watched.Sample()!.Value.Cpu >= ours);
    }

    [Fact]
    public void Nothing_is_told_of_a_process_that_has_ended()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Only Linux has cat for certain, and tells of another process's threads.");
        using var process = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true })!;
        using var watched = new WatchedProcess(process.Id);
        Assert.NotNull(watched.Sample());
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.Null(watched.Sample());
        Assert.Equal(TimeSpan.Zero, watched.Compilation());
    }
}
