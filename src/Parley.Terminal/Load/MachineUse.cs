using System.Globalization;

namespace Parley.Terminal.Load;

/// <summary>What the system says all cores have done so far: the first line of /proc/stat (proc(5)), in its ticks.</summary>
/// <param name="Busy">Not idle.</param>
/// <param name="Total">All.</param>
internal readonly record struct MachineUse(long Busy, long Total)
{
    /// <summary>USER_HZ, which is 100 on every Linux of today.</summary>
    private const int TicksPerSecond = 100;

    /// <summary>Now; null where there is no /proc.</summary>
    public static MachineUse? Now => OperatingSystem.IsLinux() ? Parse(File.ReadLines("/proc/stat").First()) : null;

    /// <summary>Reads "cpu  user nice system idle iowait irq softirq steal guest guest_nice".</summary>
    public static MachineUse Parse(string line)
    {
        var figures = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(word => long.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        var total = figures.Sum();
        return new MachineUse(total - figures[3] - figures[4], total);
    }

    /// <summary>How much of the machine went, since a moment, to others than those whose time is known, in percent.</summary>
    public double OthersSince(MachineUse before, double ownSeconds) =>
        Total == before.Total ? 0 : Math.Max(0, 100 * (Busy - before.Busy - (ownSeconds * TicksPerSecond)) / (Total - before.Total));
}
