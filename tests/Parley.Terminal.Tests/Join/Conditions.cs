namespace Parley.Terminal.Tests.Join;

/// <summary>Waits for what comes to be; the deadline only ever fails a test.</summary>
internal static class Conditions
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    public static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var start = TimeProvider.System.GetTimestamp(); !await condition();)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Limit, $"never: {what}");
            await Task.Delay(Step, TestContext.Current.CancellationToken);
        }
    }
}
