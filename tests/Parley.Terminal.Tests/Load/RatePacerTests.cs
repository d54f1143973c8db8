using Microsoft.Extensions.Time.Testing;
using Parley.Client;
using Parley.Protocol;
using Parley.Terminal.Load;

namespace Parley.Terminal.Tests.Load;

public sealed class RatePacerTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly FakeTimeProvider _time = new();
    private readonly List<TimeSpan> _told = [];

    [Fact]
    public async Task A_call_that_is_too_many_is_made_again_when_the_server_says()
    {
        using var pacer = new RatePacer(_time, _told.Add);
        var calls = 0;
        var call = pacer.RunAsync(_ => ++calls < 3 ? throw TooMany(7) : Task.FromResult("in"), None);
        Assert.Equal(1, calls);
        _time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Equal((1, false), (calls, call.IsCompleted));
        await AdvanceUntilAsync(() => calls == 2, TimeSpan.FromSeconds(0.1));
        await AdvanceUntilAsync(() => call.IsCompleted, TimeSpan.FromSeconds(7));
        Assert.Equal("in", await call);
        Assert.Equal((3, 2), (calls, pacer.Refusals));
        Assert.Equal(TimeSpan.FromSeconds(7), Assert.Single(_told));
    }

    [Fact]
    public async Task Calls_go_side_by_side_until_one_is_refused_and_then_one_at_a_time()
    {
        using var pacer = new RatePacer(_time, _told.Add);
        var (first, second) = (new TaskCompletionSource<int>(), new TaskCompletionSource<int>());
        var (one, two) = (pacer.RunAsync(_ => first.Task, None), pacer.RunAsync(_ => second.Task, None));
        second.SetResult(2);
        first.SetResult(1);
        Assert.Equal((1, 2), (await one, await two));

        var refusals = 1;
        var (under, most) = (0, 0);
        var held = new TaskCompletionSource();
        async Task<int> CallAsync(CancellationToken ct)
        {
            if (refusals-- > 0) throw TooMany(1);
            most = Math.Max(most, Interlocked.Increment(ref under));
            await held.Task;
            Interlocked.Decrement(ref under);
            return 0;
        }

        var calls = Enumerable.Range(0, 3).Select(_ => pacer.RunAsync(CallAsync, None)).ToList();
        await AdvanceUntilAsync(() => Volatile.Read(ref under) > 0, TimeSpan.FromSeconds(1));
        held.SetResult();
        await Task.WhenAll(calls);
        Assert.Equal((1, 1), (most, pacer.Refusals));
    }

    [Fact]
    public async Task Another_failure_is_the_callers_and_leaves_the_way_free()
    {
        using var pacer = new RatePacer(_time, _told.Add);
        var refused = await Assert.ThrowsAsync<ParleyException>(() => pacer.RunAsync<int>(_ => throw new ParleyException(ParleyError.Refused, "Full.", ErrorCodes.MeetingFull), None));
        Assert.Equal(ErrorCodes.MeetingFull, refused.Code);
        Assert.Equal(5, await pacer.RunAsync(_ => Task.FromResult(5), None));
        Assert.Empty(_told);
    }

    [Fact]
    public async Task Who_gives_up_waits_no_longer()
    {
        using var pacer = new RatePacer(_time, _told.Add);
        using var patience = new CancellationTokenSource();
        var call = pacer.RunAsync<int>(_ => throw TooMany(60), patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    private static ParleyException TooMany(int seconds) =>
        new(ParleyError.Refused, $"That was too many. Try again in {seconds} seconds.", ErrorCodes.RateLimited);

    /// <summary>Time goes on in steps until something has happened; the test's own limit ends it.</summary>
    private async Task AdvanceUntilAsync(Func<bool> happened, TimeSpan step)
    {
        while (!happened())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            _time.Advance(step);
            await Task.Yield();
        }
    }
}
