using Parley.Terminal.Load;

namespace Parley.Terminal.Tests.Load;

public sealed class MachineUseTests
{
    [Fact]
    public void Idle_and_waiting_for_disks_are_not_busy_and_guests_are_not_counted_twice()
    {
        var use = MachineUse.Parse("cpu  100 20 300 4000 500 6 70 8 90 9");
        Assert.Equal((504, 5_004), (use.Busy, use.Total));
    }

    [Fact]
    public void Others_are_what_is_busy_beyond_what_is_known()
    {
        var before = new MachineUse(1_000, 10_000);
        var after = new MachineUse(1_500, 12_000);
        Assert.Equal(25, after.OthersSince(before, 0), 6);
        Assert.Equal(10, after.OthersSince(before, 3), 6);
        Assert.Equal(0, after.OthersSince(before, 6));
        Assert.Equal(0, before.OthersSince(before, 1));
    }

    [Fact]
    public void The_system_tells_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no /proc.");
        Assert.True(MachineUse.Now is { Busy: > 0 } now && now.Total >= now.Busy);
    }
}
