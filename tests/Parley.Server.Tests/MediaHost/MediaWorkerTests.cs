using System.Net;
using System.Net.Sockets;
using Parley.Media.Session;
using Parley.Server.MediaHost;
using Parley.Sockets;

namespace Parley.Server.Tests.MediaHost;

public sealed class MediaWorkerTests : IDisposable
{
    private readonly Conditions _conditions = new();
    private readonly List<Exception> _faults = [];
    private readonly MediaWorker _worker;

    public MediaWorkerTests()
    {
        _worker = new MediaWorker(UdpPort.Open(0), null, new MediaClock(TimeProvider.System), new NoEvents(), fault => _conditions.Change(() => _faults.Add(fault)));
        _worker.Start();
    }

    public void Dispose() => _worker.Dispose();

    [Fact]
    public void What_is_posted_runs_in_order_on_one_thread_of_its_own()
    {
        var ran = new List<(int Number, int Thread)>();
        for (var i = 0; i < 1_000; i++)
        {
            var number = i;
            _worker.Post(() => _conditions.Change(() => ran.Add((number, Environment.CurrentManagedThreadId))));
        }

        _conditions.Wait(() => ran.Count == 1_000, "all that was posted");
        Assert.Equal(Enumerable.Range(0, 1_000), ran.Select(one => one.Number));
        Assert.NotEqual(Environment.CurrentManagedThreadId, Assert.Single(ran.Select(one => one.Thread).Distinct()));
    }

    [Fact]
    public void A_fault_is_reported_and_the_worker_goes_on()
    {
        var ran = false;
        _worker.Post(() => throw new InvalidOperationException("ours"));
        _worker.Post(() => _conditions.Change(() => ran = true));
        _conditions.Wait(() => ran, "the next action");
        Assert.Equal("ours", Assert.Single(_faults).Message);
    }

    [Fact]
    public void Datagrams_reach_the_engine()
    {
        using var client = new UdpClient(0, AddressFamily.InterNetwork);
        for (var i = 0; i < 10; i++) client.Send([(byte)(0xF0 + i), 1, 2], new IPEndPoint(IPAddress.Loopback, _worker.Port));
        Conditions.Poll(() => _worker.Engine.Counters.Dropped(DropReason.NotOurs) == 10, "ten datagrams that are not ours");
        Assert.Equal(30, _worker.Engine.Counters.ReceivedBytes);
    }

    /// <summary>An exception that leaves a thread ends the process, with every meeting's last words unsaid.</summary>
    [Fact]
    public void A_fault_while_it_stops_is_reported_too()
    {
        using var began = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var last = false;
        _worker.Post(() =>
        {
            began.Set();
            goOn.Wait(TestContext.Current.CancellationToken);
            throw new InvalidOperationException("late");
        });
        _worker.Post(() => last = true);
        began.Wait(TestContext.Current.CancellationToken);
        var stopping = new Thread(_worker.Dispose);
        stopping.Start();
        Conditions.Poll(() => stopping.ThreadState.HasFlag(ThreadState.WaitSleepJoin), "the wait for the worker's end");
        goOn.Set();
        stopping.Join();

        Assert.Equal("late", Assert.Single(_faults).Message);

        // What was asked of it before the end is done: rooms close in order.
        Assert.True(last);
    }

    [Fact]
    public void Stopping_twice_and_posting_after_the_end_are_nothing()
    {
        _worker.Dispose();
        _worker.Dispose();
        _worker.Post(() => Assert.Fail("nobody runs it"));
        using var never = new MediaWorker(UdpPort.Open(0), null, new MediaClock(TimeProvider.System), new NoEvents(), _ => { });
    }
}
