using System.Net;
using System.Net.Sockets;
using Parley.Media;
using Parley.Sockets;

namespace Parley.Server.Tests.MediaHost;

/// <summary>Both ways of a port: this system's best, and the one every system has.</summary>
public sealed class UdpPortTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly List<UdpPort> _ports = [];

    public static TheoryData<bool, string> WaysAndLoopbacks
    {
        get
        {
            var data = new TheoryData<bool, string>();
            foreach (var portable in new[] { false, true })
            {
                data.Add(portable, "127.0.0.1");
                if (Socket.OSSupportsIPv6) data.Add(portable, "::1");
            }

            return data;
        }
    }

    public void Dispose()
    {
        foreach (var port in _ports) port.Dispose();
    }

    [Theory]
    [MemberData(nameof(WaysAndLoopbacks))]
    public void Receives_and_answers(bool portable, string address)
    {
        var port = Open(portable);
        using var client = Client(address);
        var before = TimeProvider.System.GetUtcNow();
        client.SendTo("hello"u8, new IPEndPoint(IPAddress.Parse(address), port.Port));
        Assert.Equal("hello"u8, ReceiveOne(port, out var from, out var receivedAt));
        Assert.Equal(client.LocalEndPoint, from.ToEndPoint());
        if (receivedAt != 0)
            Assert.InRange(DateTimeOffset.UnixEpoch + new TimeSpan(receivedAt), before - Limit, TimeProvider.System.GetUtcNow() + Limit);
        Assert.Equal(0, port.Receive());

        port.Send(from, "and back"u8);
        var answer = new byte[100];
        Assert.Equal(8, client.Receive(answer));
        Assert.Equal("and back"u8, answer.AsSpan(0, 8));
        Assert.Equal((1, 8, 1, 0), (port.Sent.Datagrams, port.Sent.Bytes, port.Sent.Calls, port.Sent.Failures));
    }

    /// <summary>All of 127/8 is this machine's, and the system answers 127.0.0.1 from 127.0.0.1. A connected socket hears whom it has asked only.</summary>
    [Fact]
    public void Linux_answers_from_the_address_that_was_asked()
    {
        if (!OperatingSystem.IsLinux()) return;
        var port = Open(portable: false);
        var batch = port.OpenBatch();
        var buffer = new byte[2_048];
        foreach (var address in new[] { "127.0.0.2", "127.0.0.1", "127.0.0.3" })
        {
            using var client = Client("127.0.0.1");
            client.Connect(IPAddress.Parse(address), port.Port);
            client.Send("here?"u8);
            Assert.Equal("here?"u8, ReceiveOne(port, out var from, out _));
            port.Send(from, "at once"u8);
            Assert.Equal(7, client.Receive(buffer));
            foreach (var way in new[] { port, batch })
            {
                foreach (var length in new[] { 900, 900, 100, 30 }) Commit(way, from, Datagram(length, 0, 0));
                way.Flush();
                foreach (var length in new[] { 900, 900, 100, 30 }) Assert.Equal(length, client.Receive(buffer));
            }
        }

        Assert.Equal(0, port.Sent.Failures);
    }

    [Fact]
    public void Linux_says_when_it_received()
    {
        if (!OperatingSystem.IsLinux()) return;
        var port = Open(portable: false);
        using var client = Client("127.0.0.1");
        var to = new IPEndPoint(IPAddress.Loopback, port.Port);
        client.SendTo("1"u8, to);
        ReceiveOne(port, out _, out var first);
        client.SendTo("2"u8, to);
        ReceiveOne(port, out _, out var second);
        Assert.NotEqual(0, first);
        Assert.True(first < second);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_wake_up_ends_a_wait_and_is_no_datagram(bool portable)
    {
        var port = Open(portable);
        port.Wake();
        port.Wake();
        if (port.Wait(Limit)) Assert.All(Enumerable.Range(0, port.Receive()), i => Assert.True(port.Take(i, out _, out _).IsEmpty));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Waits_no_longer_than_asked(bool portable)
    {
        var port = Open(portable);
        Assert.False(port.Wait(TimeSpan.Zero));
        Assert.False(port.Wait(TimeSpan.FromMilliseconds(-5)));
        Assert.False(port.Wait(TimeSpan.FromTicks(1)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_oversized_datagram_does_not_hold_up_the_next(bool portable)
    {
        var port = Open(portable);
        using var client = Client("127.0.0.1");
        var to = new IPEndPoint(IPAddress.Loopback, port.Port);
        client.SendTo(new byte[9_000], to);
        client.SendTo(new byte[UdpPort.MaxDatagramLength + 1], to);
        client.SendTo("next"u8, to);
        Assert.Equal("next"u8, ReceiveOne(port, out _, out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void More_than_a_batch_comes_whole_and_in_order(bool portable)
    {
        var port = Open(portable);
        using var client = Client("127.0.0.1");
        var to = new IPEndPoint(IPAddress.Loopback, port.Port);
        const int Count = UdpPort.BatchSize * 2 + 7;
        for (var i = 0; i < Count; i++) client.SendTo(new byte[i + 1], to);
        for (var i = 0; i < Count;)
        {
            Assert.True(port.Wait(Limit));
            var received = port.Receive();
            for (var at = 0; at < received; at++)
            {
                Assert.Equal(++i, port.Take(at, out var from, out _).Length);
                Assert.Equal(client.LocalEndPoint, from.ToEndPoint());
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_cannot_be_sent_is_counted(bool portable)
    {
        var port = Open(portable);
        port.Send(TransportAddress.FromIPv4(0x7F000001, 0), "nowhere"u8);
        port.Send(TransportAddress.FromIPv4(0x7F000001, 9), new byte[70_000]);
        Assert.Equal(2, port.Sent.Failures);
        Assert.Equal(1, port.Sent.Failed(SendFailure.TooLong));
        Assert.Equal(0, port.Sent.Datagrams);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sending_to_a_closed_port_does_not_break_receiving(bool portable)
    {
        var port = Open(portable);
        using var client = Client("127.0.0.1");
        using (var gone = Client("127.0.0.1"))
        {
            port.Send(Address(gone), "x"u8);
        }

        client.SendTo("here"u8, new IPEndPoint(IPAddress.Loopback, port.Port));
        Assert.Equal("here"u8, ReceiveOne(port, out _, out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_the_end_sending_and_waking_are_nothing(bool portable)
    {
        var port = Open(portable);
        port.Dispose();
        port.Send(TransportAddress.FromIPv4(0x7F000001, 9), "x"u8);
        port.Wake();
        port.Dispose();
    }

    /// <summary>Runs of equal and of unequal length, to IPv4 and IPv6, to nobody and to a port that is none, all in one batch.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_committed_reaches_each_whole_and_in_order_whoever_else_does_not(bool portable)
    {
        var port = Open(portable);
        var clients = new List<Socket> { Client("127.0.0.1"), Client("127.0.0.1") };
        if (Socket.OSSupportsIPv6) clients.Add(Client("::1"));
        TransportAddress closed;
        using (var gone = Client("127.0.0.1")) closed = Address(gone);
        int[][] frames = [[1_200, 1_200, 1_200, 1_200, 700], [1_100], [900, 901, 901, 300, 300], [1, 1, 2, 1], [1_199, 1_200, 1_200]];
        var sent = new List<byte[]>();
        foreach (var frame in frames)
        {
            for (var number = 0; number < clients.Count; number++)
            {
                foreach (var length in frame) Commit(port, Address(clients[number]), Datagram(length, sent.Count, number));
                foreach (var length in frame) Commit(port, closed, new byte[length]);
                foreach (var length in frame) Commit(port, TransportAddress.FromIPv4(0x7F000001, 0), new byte[length]);
            }

            foreach (var length in frame) sent.Add(Datagram(length, sent.Count, 0));
        }

        port.Flush();
        var each = frames.Sum(frame => frame.Length);
        for (var number = 0; number < clients.Count; number++)
        {
            var buffer = new byte[2_048];
            var at = 0;
            foreach (var frame in frames)
            {
                var first = at;
                foreach (var length in frame)
                {
                    Assert.Equal(length, clients[number].Receive(buffer));
                    Assert.Equal(Datagram(length, first, number), buffer.AsSpan(0, length));
                    at++;
                }
            }

            Assert.Equal(each, at);
            Assert.Equal(0, clients[number].Available);
            clients[number].Dispose();
        }

        Assert.Equal(each * clients.Count, port.Sent.Failures);
        Assert.Equal(2 * each * clients.Count, port.Sent.Datagrams);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_batch_larger_than_the_arena_leaves_by_itself(bool portable)
    {
        var port = Open(portable);
        using var client = Client("127.0.0.1");
        client.ReceiveBufferSize = 8 << 20;
        const int Count = 250;
        for (var i = 0; i < Count; i++) Commit(port, Address(client), Datagram(1_300, i, 0));
        port.Flush();
        var buffer = new byte[2_048];
        for (var i = 0; i < Count; i++)
        {
            Assert.Equal(1_300, client.Receive(buffer));
            Assert.Equal(Datagram(1_300, i, 0), buffer.AsSpan(0, 1_300));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sending_and_receiving_allocate_nothing(bool portable)
    {
        var port = Open(portable);
        using var client = Client("127.0.0.1");
        var to = Address(client);
        var self = TransportAddress.FromIPv4(0x7F000001, (ushort)port.Port);
        var buffer = new byte[100];
        var before = 0L;
        for (var i = 0; i < 400; i++)
        {
            if (i == 200) before = GC.GetAllocatedBytesForCurrentThread();
            port.Send(to, "out"u8);
            for (var number = 0; number < 5; number++)
            {
                port.Reserve(1_200)[..60].Clear();
                port.Commit(to, 60);
            }

            "in"u8.CopyTo(port.Reserve(1_200));
            port.Commit(self, 2);
            port.Flush();
            Assert.True(port.Wait(Limit) && port.Receive() == 1 && port.Take(0, out _, out _).Length == 2);
            for (var number = 0; number < 6; number++) client.Receive(buffer);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Commit(IDatagramBatch port, TransportAddress to, byte[] datagram)
    {
        datagram.CopyTo(port.Reserve(1_500));
        port.Commit(to, datagram.Length);
    }

    private static byte[] Datagram(int length, int number, int receiver) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7 + number * 31 + receiver))];

    private static TransportAddress Address(Socket socket) => TransportAddress.From((IPEndPoint)socket.LocalEndPoint!);

    private static Socket Client(string address)
    {
        var local = new IPEndPoint(IPAddress.Parse(address), 0);
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 };
        socket.Bind(local);
        return socket;
    }

    private static ReadOnlySpan<byte> ReceiveOne(UdpPort port, out TransportAddress from, out long receivedAt)
    {
        while (true)
        {
            Assert.True(port.Wait(TimeSpan.FromSeconds(1)) || port.Wait(Limit));
            var count = port.Receive();
            for (var i = 0; i < count; i++)
            {
                var datagram = port.Take(i, out from, out receivedAt);
                if (!datagram.IsEmpty) return datagram;
            }
        }
    }

    private UdpPort Open(bool portable)
    {
        var port = UdpPort.Open(0, portable);
        _ports.Add(port);
        return port;
    }
}
