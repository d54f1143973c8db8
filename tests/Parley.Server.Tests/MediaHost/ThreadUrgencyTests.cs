using System.Globalization;
using Parley.Server.MediaHost;

namespace Parley.Server.Tests.MediaHost;

public sealed class ThreadUrgencyTests
{
    [Fact]
    public void One_thread_is_raised_where_it_is_allowed_and_no_other()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Niceness of threads is Linux's.");
        var before = Niceness();
        var (isRaised, after) = (false, 0);
        var thread = new Thread(() => (isRaised, after) = (ThreadUrgency.Raise(), Niceness()));
        thread.Start();
        thread.Join();
        Assert.Equal(isRaised ? -10 : before, after);
        Assert.Equal(before, Niceness());
        if (MayRaise()) Assert.True(isRaised);
    }

    /// <summary>CAP_SYS_NICE is bit 23 of what the process may (capabilities(7)).</summary>
    private static bool MayRaise()
    {
        var mine = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("CapEff:", StringComparison.Ordinal));
        return (ulong.Parse(mine[7..], NumberStyles.AllowLeadingWhite | NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) >> 23 & 1) == 1;
    }

    /// <summary>Of the calling thread: the 19th field of its stat (proc(5)), counted behind the name, which may hold anything.</summary>
    private static int Niceness()
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }
}
