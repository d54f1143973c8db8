using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Parley.Client.Transport;

namespace Parley.Client.Tests.Transport;

public sealed class MediaLoopTests
{
    public static TheoryData<bool> Ways => MediaLoopSocketTests.Ways;

    [Fact]
    public void Timers_come_in_order_and_not_before_their_time()
    {
        var time = new FakeTimeProvider();
        using var loop = new MediaLoop("test", time);
        var order = new List<(string Who, TimeSpan When)>();
        var clients = new Dictionary<string, RecordingClient>();
        foreach (var (name, seconds) in new[] { ("c", 3), ("a", 1), ("b", 2) })
        {
            var client = clients[name] = RecordingClient.In(loop);
            client.NextDeadline = TimeSpan.FromSeconds(seconds);
            client.Timer = now => order.Add((name, now));
            client.Registration.Arm();
        }

        Flush(loop);
        time.Advance(TimeSpan.FromMilliseconds(999));
        Flush(loop);
        Assert.Empty(order);
        time.Advance(TimeSpan.FromMilliseconds(1));
        clients["a"].Next();
        time.Advance(TimeSpan.FromSeconds(5));
        clients["b"].Next();
        clients["c"].Next();
        Flush(loop);
        Assert.Equal(["a", "b", "c"], order.Select(entry => entry.Who));
        Assert.Equal([1.0, 6.0, 6.0], order.Select(entry => entry.When.TotalSeconds));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_timer_fires_in_real_time_not_too_early(bool portable)
    {
        using var loop = Loop(portable);
        var client = RecordingClient.In(loop);
        var early = TimeSpan.MinValue;
        var deadline = loop.Now + TimeSpan.FromMilliseconds(20);
        client.NextDeadline = deadline;
        client.Timer = now => early = deadline - now;
        client.Registration.Arm();
        Assert.Equal("timer", client.Next());
        Flush(loop);
        Assert.InRange(early, TimeSpan.FromDays(-1), TimeSpan.Zero);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Arming_makes_a_far_deadline_near(bool portable)
    {
        using var loop = Loop(portable);
        var client = RecordingClient.In(loop);
        client.NextDeadline = TimeSpan.FromDays(20);
        client.Registration.Arm();
        Flush(loop);
        client.NextDeadline = TimeSpan.Zero;
        client.Registration.Arm();
        Assert.Equal("timer", client.Next());
    }

    [Fact]
    public void A_client_that_is_never_content_does_not_keep_the_others_from_their_turn()
    {
        using var loop = Loop(false);
        var greedy = RecordingClient.In(loop);
        greedy.Timer = _ => greedy.NextDeadline = TimeSpan.Zero;
        greedy.NextDeadline = TimeSpan.Zero;
        greedy.Registration.Arm();
        greedy.Next();
        var other = RecordingClient.In(loop);
        other.Open("127.0.0.1");
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        peer.SendTo("x"u8, other.Address(0));
        Assert.Equal("0:x", other.Next());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void While_datagrams_gather_only_the_punctual_have_their_turns(bool portable)
    {
        // Each round takes long, and in each everybody has one turn; a punctual client has more.
        using var loop = new MediaLoop("test", options: new MediaLoopOptions { Portable = portable, Gather = TimeSpan.FromMilliseconds(250) });
        var punctual = RecordingClient.In(loop, isPunctual: true);
        var turns = 0;
        punctual.Timer = now =>
        {
            turns++;
            punctual.NextDeadline = now + TimeSpan.FromMilliseconds(1);
        };
        punctual.NextDeadline = TimeSpan.Zero;
        punctual.Registration.Arm();
        var other = RecordingClient.In(loop);
        var between = new List<int>();
        other.Timer = now =>
        {
            between.Add(turns);
            turns = 0;
            other.NextDeadline = between.Count < 5 ? now : TimeSpan.MaxValue;
        };
        other.NextDeadline = TimeSpan.Zero;
        other.Registration.Arm();
        for (var i = 0; i < 5; i++) other.Next();
        Flush(loop);
        Assert.Equal(5, between.Count);
        Assert.True(between.Skip(1).Max() > 2, string.Join(' ', between));
    }

    [Fact]
    public void What_is_posted_runs_in_order_on_the_loops_thread()
    {
        using var loop = Loop(false);
        var client = RecordingClient.In(loop);
        var ran = new List<int>();
        Assert.False(loop.IsLoopThread);
        for (var i = 0; i < 1_000; i++)
        {
            var number = i;
            if (i % 2 == 0) loop.Post(() => ran.Add(number));
            else client.Registration.Post(() => ran.Add(loop.IsLoopThread ? number : -1));
        }

        Flush(loop);
        Assert.Equal(Enumerable.Range(0, 1_000), ran);
    }

    [Fact]
    public void What_a_client_posts_may_bring_its_deadline_forward()
    {
        using var loop = Loop(false);
        var client = RecordingClient.In(loop);
        client.Registration.Post(() => client.NextDeadline = TimeSpan.Zero);
        Assert.Equal("timer", client.Next());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_client_may_end_itself_from_its_callbacks(bool portable)
    {
        using var loop = Loop(portable);
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

        // In a batch: what came with it is not handed over any more.
        var receiving = RecordingClient.In(loop);
        receiving.Open("127.0.0.1");
        receiving.Datagram = (_, _, _) => receiving.Registration.Dispose();
        var ended = false;
        receiving.BatchEnd = () => ended = true;
        Hold(loop, () =>
        {
            for (var i = 0; i < 10; i++) peer.SendTo("x"u8, receiving.Address(0));
        });
        Assert.Equal("0:x", receiving.Next());
        Flush(loop);
        Assert.False(receiving.HasMore);
        Assert.False(ended);

        var timed = RecordingClient.In(loop);
        timed.NextDeadline = TimeSpan.Zero;
        timed.Timer = _ =>
        {
            timed.NextDeadline = TimeSpan.Zero;
            timed.Registration.Dispose();
        };
        timed.Registration.Arm();
        Assert.Equal("timer", timed.Next());
        Flush(loop);
        Assert.False(timed.HasMore);
        Assert.Throws<ObjectDisposedException>(() => timed.Open("127.0.0.1"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_client_may_end_another_whose_datagrams_wait_in_the_same_round(bool portable)
    {
        using var loop = Loop(portable);
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var one = RecordingClient.In(loop);
        var two = RecordingClient.In(loop);
        one.Open("127.0.0.1");
        two.Open("127.0.0.1");
        one.Datagram = (_, _, _) => two.Registration.Dispose();
        two.Datagram = (_, _, _) => one.Registration.Dispose();
        Hold(loop, () =>
        {
            peer.SendTo("x"u8, one.Address(0));
            peer.SendTo("x"u8, two.Address(0));
        });
        Flush(loop);
        Flush(loop);
        Assert.True(one.HasMore ^ two.HasMore);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void After_it_is_disposed_elsewhere_nothing_is_called(bool portable)
    {
        using var loop = Loop(portable);
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var client = RecordingClient.In(loop);
        client.Open("127.0.0.1");
        var address = client.Address(0);
        peer.SendTo("x"u8, address);
        client.Next();

        client.Registration.Dispose();
        client.Registration.Dispose();
        client.NextDeadline = TimeSpan.Zero;
        client.Registration.Arm();
        client.Registration.Post(() => client.NextDeadline = TimeSpan.MinValue);
        client.Registration.Send(0, client.Registration.LocalAddress(0), "x"u8);
        peer.SendTo("x"u8, address);
        Flush(loop);
        Assert.False(client.HasMore);
        Assert.Equal(TimeSpan.Zero, client.NextDeadline);

        // The port is free again.
        using var next = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        next.Bind(address);
    }

    [Theory]
    [InlineData("datagram")]
    [InlineData("batch")]
    [InlineData("timer")]
    [InlineData("posted")]
    public void A_fault_ends_its_client_and_no_other(string where)
    {
        using var loop = Loop(false);
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var client = RecordingClient.In(loop);
        var other = RecordingClient.In(loop);
        client.Open("127.0.0.1");
        other.Open("127.0.0.1");
        var fault = new InvalidOperationException("ours");
        switch (where)
        {
            case "datagram":
                client.Datagram = (_, _, _) => throw fault;
                break;
            case "batch":
                client.BatchEnd = () => throw fault;
                break;
            case "timer":
                client.Timer = _ => throw fault;
                client.Registration.Post(() => client.NextDeadline = TimeSpan.Zero);
                break;
            default:
                client.Registration.Post(() => throw fault);
                break;
        }

        peer.SendTo("x"u8, client.Address(0));
        while (client.Next() != "fault")
        {
        }

        Assert.Same(fault, client.Fault);
        Assert.Throws<ObjectDisposedException>(() => client.Open("127.0.0.1"));
        peer.SendTo("x"u8, other.Address(0));
        Assert.Equal("0:x", other.Next());
        Assert.False(client.HasMore);
    }

    [Fact]
    public void A_fault_in_what_belongs_to_no_client_is_told()
    {
        using var told = new ManualResetEventSlim();
        using var loop = new MediaLoop("test", options: new MediaLoopOptions { OnPostFault = _ => told.Set() });
        loop.Post(() => throw new InvalidOperationException());
        Assert.True(told.Wait(RecordingClient.Limit, TestContext.Current.CancellationToken));
        Flush(loop);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_end_of_the_loop_is_the_end_of_its_clients(bool portable)
    {
        var loop = Loop(portable);
        var client = RecordingClient.In(loop);
        client.Open("127.0.0.1");
        var address = client.Address(0);
        var ran = false;
        loop.Post(() => ran = true);
        loop.Dispose();
        loop.Dispose();
        Assert.True(ran);
        Assert.Throws<ObjectDisposedException>(() => loop.Register(client));
        Assert.Throws<ObjectDisposedException>(() => client.Open("127.0.0.1"));
        loop.Post(() => ran = false);
        client.Registration.Arm();
        client.Registration.Send(0, client.Registration.LocalAddress(0), "x"u8);
        client.Registration.Dispose();
        Assert.True(ran);
        using var next = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        next.Bind(address);
    }

    [Fact]
    public void The_loop_may_be_ended_from_its_own_thread()
    {
        var loop = Loop(false);
        var client = RecordingClient.In(loop);
        using var posted = new ManualResetEventSlim();
        client.Registration.Post(() =>
        {
            loop.Dispose();
            posted.Set();
        });
        Assert.True(posted.Wait(RecordingClient.Limit, TestContext.Current.CancellationToken));
        loop.Dispose();
        Assert.Throws<ObjectDisposedException>(() => client.Open("127.0.0.1"));
    }

    [Fact]
    public void Many_threads_may_open_send_arm_and_close_at_once()
    {
        using var loop = Loop(false);
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 50; i++)
            {
                var client = RecordingClient.In(loop);
                client.Open("127.0.0.1");
                client.Registration.Send(0, client.Registration.LocalAddress(0), "x"u8);
                client.Registration.Arm();
                Assert.Equal("0:x", client.Next());
                client.Registration.Dispose();
                Assert.False(client.HasMore);
            }
        });
        Assert.Equal(0, loop.Drops);
    }

    private static MediaLoop Loop(bool portable) => new("test", options: new MediaLoopOptions { Portable = portable });

    /// <summary>Waits until the loop has gone round twice: it has served what was there before.</summary>
    private static void Flush(MediaLoop loop)
    {
        for (var i = 0; i < 2; i++)
        {
            using var done = new ManualResetEventSlim();
            loop.Post(done.Set);
            Assert.True(done.Wait(RecordingClient.Limit, TestContext.Current.CancellationToken));
        }
    }

    /// <summary>Does something while the loop does nothing.</summary>
    private static void Hold(MediaLoop loop, Action action)
    {
        using var held = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        loop.Post(() =>
        {
            held.Set();
            go.Wait();
        });
        Assert.True(held.Wait(RecordingClient.Limit, TestContext.Current.CancellationToken));
        action();
        go.Set();
        Flush(loop);
    }
}
