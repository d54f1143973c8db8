using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Parley.Server.Signalling;
using Parley.Server.Tests.Meetings;

namespace Parley.Server.Tests.Signalling;

public sealed class OutboxTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<string> _sent = new();
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<string> _arrived = Channel.CreateUnbounded<string>();
    private TaskCompletionSource? _client;

    [Fact]
    public async Task Sends_nothing_before_it_is_open_and_then_all_in_order()
    {
        var outbox = Create();
        for (var i = 0; i < 100; i++) outbox.Send($"{i}", i);
        Assert.Empty(_sent);
        outbox.Open();
        for (var i = 0; i < 100; i++) await _arrived.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), _sent);
        await outbox.DisposeAsync();
    }

    [Fact]
    public void An_event_and_the_wait_for_the_next_leave_nothing_to_collect()
    {
        var (context, before) = (new Turns(), SynchronizationContext.Current);
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            var (sent, argument) = (0, new object());
            var outbox = new Outbox(
                (_, _, _) =>
                {
                    sent++;
                    return ValueTask.CompletedTask;
                },
                () => { },
                _time);
            outbox.Open();
            context.AwaitTurn();
            context.Run();
            for (var i = 0; i < 20; i++) SendOne();
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++) SendOne();
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Assert.Equal(120, sent);
            Assert.Equal(0, allocated);

            void SendOne()
            {
                outbox.Send("event", argument);
                context.Run();
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    [Fact]
    public async Task A_client_that_is_too_far_behind_is_dropped()
    {
        _client = new TaskCompletionSource();
        var outbox = Create();
        outbox.Open();
        outbox.Send("taken by the pump", null);
        await _arrived.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();
        for (var i = 0; i < Outbox.Capacity; i++) outbox.Send("waits", null);
        Assert.False(outbox.IsClosed);
        outbox.Send("too much", null);
        Assert.True(outbox.IsClosed);
        await _aborted.Task.Soon();
        _client.SetResult();
        await outbox.DisposeAsync();
    }

    [Fact]
    public async Task Closes_after_the_last_event_and_after_a_reply_under_way()
    {
        var outbox = Create();
        var reply = new TaskCompletionSource();
        outbox.AwaitReply(reply.Task);
        outbox.Open();
        outbox.Send("goodbye", null);
        outbox.Close();
        outbox.Send("after the close", null);
        await _arrived.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();
        Assert.False(_aborted.Task.IsCompleted);
        reply.SetResult();
        await _aborted.Task.Soon();
        Assert.Equal(["goodbye"], _sent);
    }

    [Fact]
    public async Task Waits_for_a_client_that_does_not_read_its_farewell_only_so_long()
    {
        _client = new TaskCompletionSource();
        var outbox = Create();
        outbox.Open();
        outbox.Send("goodbye", null);
        outbox.Close();
        Assert.False(_aborted.Task.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(5));
        await _aborted.Task.Soon();
    }

    [Fact]
    public async Task After_its_disposal_nothing_is_sent()
    {
        var outbox = Create();
        outbox.Send("never", null);
        await outbox.DisposeAsync();
        outbox.Open();
        outbox.Send("never", null);
        outbox.Close();
        Assert.Empty(_sent);
        Assert.False(_aborted.Task.IsCompleted);
    }

    private Outbox Create() => new(
        async (name, _, cancellation) =>
        {
            _sent.Enqueue(name);
            _arrived.Writer.TryWrite(name);
            if (_client is { } client) await client.Task.WaitAsync(cancellation);
        },
        () => _aborted.TrySetResult(),
        _time);

    /// <summary>What goes on after a wait does so on the test's own thread, in its turn.</summary>
    private sealed class Turns : SynchronizationContext
    {
        private readonly ConcurrentQueue<(SendOrPostCallback Step, object? State)> _steps = new();

        public override void Post(SendOrPostCallback d, object? state) => _steps.Enqueue((d, state));

        /// <summary>For what another thread hands over.</summary>
        public void AwaitTurn() => Assert.True(SpinWait.SpinUntil(() => !_steps.IsEmpty, TimeSpan.FromSeconds(30)));

        public void Run()
        {
            while (_steps.TryDequeue(out var next)) next.Step(next.State);
        }
    }
}
