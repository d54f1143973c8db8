using System.Net;
using System.Net.Sockets;
using System.Text;
using Parley.Client.Transport;
using Parley.Media;

namespace Parley.Client.Tests.Transport;

/// <summary>Both ways of waiting, where the system has two.</summary>
public sealed class MediaLoopSocketTests
{
    public static TheoryData<bool> Ways => OperatingSystem.IsLinux() ? [false, true] : [true];

    public static TheoryData<string, string, bool> Echoes
    {
        get
        {
            var data = new TheoryData<string, string, bool>();
            foreach (var portable in Ways)
            {
                data.Add("127.0.0.1", "127.0.0.1", portable);
                data.Add("0.0.0.0", "127.0.0.1", portable);
                if (!Socket.OSSupportsIPv6) continue;
                data.Add("::1", "::1", portable);
                data.Add("::", "::1", portable);
                data.Add("::", "127.0.0.1", portable);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Echoes))]
    public void Receives_and_answers(string bound, string reached, bool portable)
    {
        using var loop = Loop(portable);
        var client = RecordingClient.In(loop);
        TransportAddress sender = default;
        client.Datagram = (local, from, datagram) =>
        {
            sender = from;
            client.Registration.Send(local, from, [.. datagram, (byte)'!']);
        };
        var local = client.Open(bound);
        using var peer = Peer(reached);
        peer.SendTo("hello"u8, new IPEndPoint(IPAddress.Parse(reached), client.Address(local).Port));

        Assert.Equal("0:hello", client.Next());
        Assert.Equal("hello!", Receive(peer));
        Assert.Equal(peer.LocalEndPoint, sender.ToEndPoint());
        Assert.Equal(0, client.Registration.SendErrors);
    }

    [Fact]
    public void Datagrams_that_came_in_one_piece_come_one_by_one_with_when_they_arrived()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux puts datagrams together.");
        const int solUdp = 17, udpSegment = 103, length = 100;
        using var loop = new MediaLoop("test", options: new MediaLoopOptions { Coalesces = true });
        var client = RecordingClient.In(loop);
        client.Open("127.0.0.1");
        using var peer = Peer("127.0.0.1");
        try
        {
            peer.SetRawSocketOption(solUdp, udpSegment, BitConverter.GetBytes(length));
        }
        catch (SocketException)
        {
            Assert.Skip("This system does not send datagrams in one piece.");
        }

        var before = loop.Now;
        peer.SendTo([.. Enumerable.Range(0, 1_230).Select(i => (byte)('a' + (i / length)))], client.Address(0));
        for (var i = 0; i < 13; i++) Assert.Equal("0:" + new string((char)('a' + i), i == 12 ? 30 : length), client.Next());
        Assert.All(client.Arrivals, arrival => Assert.InRange(arrival, before - TimeSpan.FromMilliseconds(100), loop.Now));
        Assert.Single(client.Arrivals.Distinct());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Tells_its_sockets_apart(bool portable)
    {
        using var loop = Loop(portable);
        var client = RecordingClient.In(loop);
        for (var i = 0; i < MediaLoopRegistration.MaxSockets; i++) Assert.Equal(i, client.Open("127.0.0.1"));
        Assert.Throws<InvalidOperationException>(() => client.Open("127.0.0.1"));
        using var peer = Peer("127.0.0.1");
        for (var i = MediaLoopRegistration.MaxSockets - 1; i >= 0; i--)
        {
            peer.SendTo("x"u8, client.Address(i));
            Assert.Equal($"{i}:x", client.Next());
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Reads_addresses_of_both_families_in_turn(bool portable)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This system has no IPv6.");
        using var loop = Loop(portable);
        var client = RecordingClient.In(loop);
        var senders = new List<TransportAddress>();
        client.Datagram = (_, from, _) => senders.Add(from);
        using var four = Peer("127.0.0.1");
        using var six = Peer("::1");
        client.Open("127.0.0.1");
        client.Open("::1");
        foreach (var (peer, local) in new[] { (four, 0), (six, 1), (four, 0), (six, 1) })
        {
            peer.SendTo("x"u8, client.Address(local));
            Assert.Equal($"{local}:x", client.Next());
        }

        client.Registration.Dispose();
        Assert.Equal(
            [four.LocalEndPoint, six.LocalEndPoint, four.LocalEndPoint, six.LocalEndPoint],
            senders.Select(sender => sender.ToEndPoint()));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Hands_a_burst_over_in_order_with_nothing_lost(bool portable)
    {
        using var loop = Loop(portable);
        var client = RecordingClient.In(loop);
        client.Open("127.0.0.1");
        using var peer = Peer("127.0.0.1");
        for (var i = 0; i < 500; i++) peer.SendTo(Encoding.UTF8.GetBytes($"{i}"), client.Address(0));
        for (var i = 0; i < 500; i++) Assert.Equal($"0:{i}", client.Next());
        Assert.Equal(0, loop.Drops);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_batch_ends_after_its_datagrams(bool portable)
    {
        using var loop = Loop(portable);
        var client = RecordingClient.In(loop);
        using var ended = new SemaphoreSlim(0);
        var open = 0;
        client.Datagram = (_, _, _) => open++;
        client.BatchEnd = () =>
        {
            if (open > 0) ended.Release(open);
            open = 0;
        };
        client.Open("127.0.0.1");
        using var peer = Peer("127.0.0.1");
        for (var i = 0; i < 40; i++) peer.SendTo("x"u8, client.Address(0));
        for (var i = 0; i < 40; i++) Assert.True(ended.Wait(RecordingClient.Limit, TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_datagram_too_long_or_empty_does_not_hold_up_the_next(bool portable)
    {
        using var loop = Loop(portable);
        var client = RecordingClient.In(loop);
        client.Open("127.0.0.1");
        using var peer = Peer("127.0.0.1");
        peer.SendTo(new byte[9_000], client.Address(0));
        peer.SendTo([], client.Address(0));
        peer.SendTo("next"u8, client.Address(0));
        var first = client.Next();
        Assert.Equal("0:next", first == "0:" ? client.Next() : first);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_cannot_be_sent_is_counted_and_nothing_more(bool portable)
    {
        using var loop = Loop(portable);
        var client = RecordingClient.In(loop);
        client.Open("127.0.0.1");
        client.Registration.Send(0, TransportAddress.FromIPv4(0x7F000001, 9), new byte[70_000]);
        client.Registration.Send(0, TransportAddress.From(new IPEndPoint(IPAddress.IPv6Loopback, 9)), "x"u8);
        Assert.Equal(2, client.Registration.SendErrors);

        // Nobody listens: the system's complaint must not break receiving.
        TransportAddress gone;
        using (var peer = Peer("127.0.0.1")) gone = TransportAddress.From((IPEndPoint)peer.LocalEndPoint!);
        client.Registration.Send(0, gone, "x"u8);
        using var other = Peer("127.0.0.1");
        other.SendTo("here"u8, client.Address(0));
        Assert.Equal("0:here", client.Next());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void An_address_that_is_not_ours_cannot_be_opened_and_costs_no_place(bool portable)
    {
        using var loop = Loop(portable);
        var client = RecordingClient.In(loop);
        Assert.Throws<SocketException>(() => client.Open("192.0.2.1"));
        Assert.Equal(0, client.Open("127.0.0.1"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_thousand_sockets_on_one_thread(bool portable)
    {
        const int Clients = 1_000;
        using var loop = Loop(portable, 1 << 16);
        var heard = new int[Clients];
        using var all = new CountdownEvent(Clients);
        var clients = new RecordingClient[Clients];
        for (var i = 0; i < Clients; i++)
        {
            var number = i;
            clients[i] = RecordingClient.In(loop);
            clients[i].Datagram = (_, from, _) =>
            {
                heard[number]++;
                clients[number].Registration.Send(0, from, "x"u8);
                all.Signal();
            };
            clients[i].Open("127.0.0.1");
        }

        using var peer = Peer("127.0.0.1");
        peer.ReceiveBufferSize = 1 << 22;
        foreach (var client in clients) peer.SendTo("x"u8, client.Address(0));
        Assert.True(all.Wait(RecordingClient.Limit, TestContext.Current.CancellationToken));
        Assert.All(heard, times => Assert.Equal(1, times));

        // Closing them leaves no place taken: the next one is heard, too.
        foreach (var client in clients[..^1]) client.Registration.Dispose();
        var last = RecordingClient.In(loop);
        last.Open("127.0.0.1");
        peer.SendTo("y"u8, last.Address(0));
        Assert.Equal("0:y", last.Next());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_dropped_datagram_is_counted(bool portable)
    {
        const int Sent = 2_000;
        using var loop = Loop(portable, 1 << 14);
        Assert.SkipUnless(loop.CountsDrops, "This system does not tell what it dropped.");
        var client = RecordingClient.In(loop);
        client.Open("127.0.0.1");

        // Nobody reads while they come: what does not fit in the buffer is dropped.
        using var busy = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        loop.Post(() =>
        {
            busy.Set();
            go.Wait();
        });
        Assert.True(busy.Wait(RecordingClient.Limit, TestContext.Current.CancellationToken));
        using var peer = Peer("127.0.0.1");
        var datagram = new byte[500];
        for (var i = 0; i < Sent; i++) peer.SendTo(datagram, client.Address(0));
        var drops = loop.Drops;
        go.Set();

        for (var received = 0L; received < Sent - drops; received++) client.Next();
        Assert.False(client.HasMore);
        Assert.InRange(drops, 1, Sent - 1);
        client.Registration.Dispose();
        Assert.Equal(drops, loop.Drops);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Receiving_and_answering_allocate_nothing(bool portable)
    {
        using var loop = Loop(portable);
        var client = new AllocationClient();
        client.Registration = loop.Register(client);
        var local = client.Registration.Open(new IPEndPoint(IPAddress.Loopback, 0));
        var self = client.Registration.LocalAddress(local);
        client.Registration.Send(local, self, "round and round"u8);
        Assert.True(client.Done.Wait(RecordingClient.Limit, TestContext.Current.CancellationToken));

        Assert.Equal(0, client.Allocated);
    }

    private static MediaLoop Loop(bool portable, int receiveBufferBytes = 4 << 20) =>
        new("test", options: new MediaLoopOptions { Portable = portable, ReceiveBufferBytes = receiveBufferBytes });

    private static Socket Peer(string address)
    {
        var local = new IPEndPoint(IPAddress.Parse(address), 0);
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 };
        socket.Bind(local);
        return socket;
    }

    private static string Receive(Socket peer)
    {
        Span<byte> buffer = stackalloc byte[100];
        return Encoding.UTF8.GetString(buffer[..peer.Receive(buffer)]);
    }

    /// <summary>Sends to itself, again and again, with a deadline that moves each time.</summary>
    private sealed class AllocationClient : IMediaLoopClient
    {
        private const int Warm = 500;
        private const int Measured = 2_000;
        private int _count;
        private long _before;

        public MediaLoopRegistration Registration { get; set; } = null!;

        public ManualResetEventSlim Done { get; } = new();

        public long Allocated { get; private set; } = -1;

        public TimeSpan NextDeadline { get; private set; } = TimeSpan.MaxValue;

        public void OnDatagram(int local, TransportAddress from, Span<byte> datagram, TimeSpan now)
        {
            if (++_count == Warm) _before = GC.GetAllocatedBytesForCurrentThread();
            NextDeadline = now + TimeSpan.FromSeconds(60 - _count % 7);
            Registration.Arm();
            if (_count < Warm + Measured)
            {
                Registration.Send(local, from, datagram);
                return;
            }

            Allocated = GC.GetAllocatedBytesForCurrentThread() - _before;
            Done.Set();
        }

        public void OnBatchEnd(TimeSpan now)
        {
        }

        public void OnTimer(TimeSpan now)
        {
        }

        public void OnFault(Exception fault)
        {
        }
    }
}
