using Parley.Server.MediaHost;

namespace Parley.Server.Tests.MediaHost;

public sealed class TickBudgetTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly TickBudget _budget = new(Interval);

    [Fact]
    public void Rounds_that_take_most_of_the_time_are_a_shortage_until_ten_calm_seconds_have_passed()
    {
        Run(200, milliseconds: 14);
        Assert.False(_budget.IsShort);

        Assert.Equal(1, Run(100, milliseconds: 18));
        Assert.True(_budget.IsShort);

        // Less, but not so little that the dear encodes would fit in again.
        Assert.Equal(0, Run(2_000, milliseconds: 10));
        Assert.True(_budget.IsShort);

        Run(400, milliseconds: 6);
        Run(10, milliseconds: 18);
        Run(400, milliseconds: 6);
        Assert.True(_budget.IsShort);
        Run(200, milliseconds: 6);
        Assert.False(_budget.IsShort);
        Assert.Equal(1, Run(100, milliseconds: 25));
    }

    [Fact]
    public void A_pause_of_the_process_is_no_shortage()
    {
        Run(100, milliseconds: 8);
        Run(1, milliseconds: 5_000);
        Run(10, milliseconds: 8);
        Assert.False(_budget.IsShort);
    }

    private int Run(int rounds, double milliseconds)
    {
        var begun = 0;
        for (var i = 0; i < rounds; i++) begun += _budget.OnRound(TimeSpan.FromMilliseconds(milliseconds)) ? 1 : 0;
        return begun;
    }
}
