using System.Collections.Concurrent;
using Parley.Client.Transport;
using Parley.Media.Dtls;

namespace Parley.Client.Tests.Transport;

public sealed class DtlsWorkerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly DtlsOutcome Ended = new() { Failure = DtlsFailure.Timeout };

    [Fact]
    public void Carries_datagrams_to_a_handshake_and_back()
    {
        using var worker = new DtlsWorker();
        var sent = new BlockingCollection<byte[]>();
        var done = new BlockingCollection<DtlsOutcome>();
        using var pipe = worker.Start(
            datagrams =>
            {
                Span<byte> buffer = stackalloc byte[DtlsRecord.MaxDatagramLength];
                for (var i = 0; i < 2; i++)
                {
                    int length;
                    while ((length = datagrams.Receive(buffer, Limit)) == 0)
                    {
                    }

                    datagrams.Send(buffer[..length]);
                }

                return Ended;
            },
            datagram => sent.Add(datagram.ToArray()),
            done.Add);
        pipe.Feed("one"u8);
        pipe.Feed("two"u8);
        Assert.Same(Ended, Take(done));
        Assert.Equal("one"u8, Take(sent));
        Assert.Equal("two"u8, Take(sent));

        // What comes after it waits for whoever has the connection.
        pipe.Feed("three"u8);
        var left = new byte[DtlsRecord.MaxDatagramLength];
        Assert.True(pipe.TryTake(left, out var length));
        Assert.Equal("three"u8, left.AsSpan(0, length));
        Assert.False(pipe.TryTake(left, out _));
    }

    [Fact]
    public void No_more_run_at_once_than_there_may_be_threads_and_the_others_wait()
    {
        const int Handshakes = 40;
        using var worker = new DtlsWorker(3);
        var (running, most) = (0, 0);
        var all = new object();
        var done = new BlockingCollection<DtlsOutcome>();
        using var three = new CountdownEvent(3);
        for (var i = 0; i < Handshakes; i++)
        {
            worker.Start(
                _ =>
                {
                    lock (all) most = Math.Max(most, ++running);

                    // The first three wait for one another: so many do run at once.
                    if (!three.IsSet) three.Signal();
                    Assert.True(three.Wait(Limit, TestContext.Current.CancellationToken));
                    lock (all) running--;
                    return Ended;
                },
                static _ => { },
                done.Add);
        }

        for (var i = 0; i < Handshakes; i++) Assert.Same(Ended, Take(done));
        Assert.Equal(3, most);
        Assert.InRange(worker.Threads, 0, 3);
    }

    [Fact]
    public void Disposing_the_pipe_gives_its_handshake_up()
    {
        using var worker = new DtlsWorker(1);
        var done = new BlockingCollection<DtlsOutcome>();
        using var begun = new ManualResetEventSlim();
        var first = worker.Start(datagrams => Waiting(datagrams, begun), static _ => { }, done.Add);
        Assert.True(begun.Wait(Limit, TestContext.Current.CancellationToken));

        // One that has not begun never does.
        var ran = false;
        var second = worker.Start(
            _ =>
            {
                ran = true;
                return Ended;
            },
            static _ => { },
            done.Add);
        second.Dispose();
        first.Dispose();
        Assert.Equal(DtlsFailure.Closed, Take(done).Failure);
        Assert.Equal(DtlsFailure.Closed, Take(done).Failure);
        Assert.False(ran);
        Assert.False(first.Feed("x"u8));
    }

    [Fact]
    public void A_handshake_that_throws_has_failed_and_its_thread_goes_on()
    {
        using var worker = new DtlsWorker(1);
        var done = new BlockingCollection<DtlsOutcome>();
        worker.Start(static _ => throw new InvalidOperationException(), static _ => { }, outcome =>
        {
            done.Add(outcome);
            throw new InvalidOperationException();
        });
        Assert.Equal(DtlsFailure.ProtocolError, Take(done).Failure);
        worker.Start(static _ => Ended, static _ => { }, done.Add);
        Assert.Same(Ended, Take(done));
    }

    [Fact]
    public void The_end_gives_up_what_runs_and_what_waits_and_leaves_no_thread()
    {
        var worker = new DtlsWorker(2);
        var done = new BlockingCollection<DtlsOutcome>();
        using var begun = new ManualResetEventSlim();
        for (var i = 0; i < 10; i++) worker.Start(datagrams => Waiting(datagrams, begun), static _ => { }, done.Add);
        Assert.True(begun.Wait(Limit, TestContext.Current.CancellationToken));
        worker.Dispose();
        worker.Dispose();
        Assert.Equal(0, worker.Threads);
        Assert.Equal(10, done.Count);
        Assert.All(done, outcome => Assert.Equal(DtlsFailure.Closed, outcome.Failure));
        Assert.Throws<ObjectDisposedException>(() => worker.Start(static _ => Ended, static _ => { }, static _ => { }));
    }

    [Fact]
    public void The_worker_may_be_ended_from_one_of_its_threads()
    {
        var worker = new DtlsWorker();
        using var done = new ManualResetEventSlim();
        worker.Start(static _ => Ended, static _ => { }, _ =>
        {
            worker.Dispose();
            done.Set();
        });
        Assert.True(done.Wait(Limit, TestContext.Current.CancellationToken));
        worker.Dispose();
        Assert.Equal(0, worker.Threads);
    }

    [Fact]
    public void A_pipe_holds_no_more_than_its_bound()
    {
        using var pipe = new DtlsPipe(static _ => { });
        for (var i = 0; i < DtlsPipe.Capacity; i++) Assert.True(pipe.Feed([(byte)i]));
        Assert.False(pipe.Feed("more"u8));
        var buffer = new byte[DtlsRecord.MaxDatagramLength];
        Assert.Equal(1, pipe.Receive(buffer, Limit));
        Assert.Equal(0, buffer[0]);
        Assert.False(pipe.Feed(new byte[DtlsRecord.MaxDatagramLength + 1]));
        Assert.False(pipe.Feed([]));
        Assert.True(pipe.Feed("room"u8));
        Assert.Equal(3, pipe.Dropped);
    }

    [Fact]
    public void A_pipe_with_nothing_in_it_says_so_when_the_wait_is_over()
    {
        using var pipe = new DtlsPipe(static _ => { });
        Assert.Equal(0, pipe.Receive(new byte[DtlsRecord.MaxDatagramLength], TimeSpan.FromMilliseconds(1)));
    }

    private static DtlsOutcome Waiting(IDtlsDatagrams datagrams, ManualResetEventSlim begun)
    {
        begun.Set();
        int length;
        while ((length = datagrams.Receive(new byte[DtlsRecord.MaxDatagramLength], Limit)) >= 0)
        {
        }

        return length < 0 ? new DtlsOutcome { Failure = DtlsFailure.Closed } : Ended;
    }

    private static T Take<T>(BlockingCollection<T> from) =>
        from.TryTake(out var item, Limit) ? item : throw new TimeoutException("Nothing came.");
}
