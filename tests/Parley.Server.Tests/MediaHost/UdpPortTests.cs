using System.Net;
using System.Net.Sockets;
using Parley.Media;
using Parley.Server.MediaHost;

namespace Parley.Server.Tests.MediaHost;

public sealed class UdpPortTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly UdpPort _port = new(0);
    private readonly byte[] _buffer = new byte[2_048];

    public static TheoryData<string> Loopbacks => Socket.OSSupportsIPv6 ? ["127.0.0.1", "::1"] : ["127.0.0.1"];

    public void Dispose() => _port.Dispose();

    [Theory]
    [MemberData(nameof(Loopbacks))]
    public void Receives_and_answers(string address)
    {
        using var client = Client(address);
        client.SendTo("hello"u8, new IPEndPoint(IPAddress.Parse(address), _port.Port));
        var length = Receive(out var from);
        Assert.Equal("hello"u8, _buffer.AsSpan(0, length));
        Assert.Equal(client.LocalEndPoint, from.ToEndPoint());
        Assert.False(_port.HasMore);

        _port.Send(from, "and back"u8);
        var answer = new byte[100];
        Assert.Equal(8, client.Receive(answer));
        Assert.Equal("and back"u8, answer.AsSpan(0, 8));
        Assert.Equal(0, _port.SendErrors);
    }

    [Fact]
    public void A_wake_up_ends_a_wait_and_is_no_datagram()
    {
        _port.Wake();
        Assert.True(_port.Wait(TimeSpan.FromSeconds(1)) || _port.Wait(Limit));
        Assert.Equal(0, _port.Receive(_buffer, out _));
    }

    [Fact]
    public void Waits_no_longer_than_asked()
    {
        Assert.False(_port.Wait(TimeSpan.Zero));
        Assert.False(_port.Wait(TimeSpan.FromMilliseconds(-5)));
        Assert.False(_port.Wait(TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void An_oversized_datagram_does_not_hold_up_the_next()
    {
        using var client = Client("127.0.0.1");
        var to = new IPEndPoint(IPAddress.Loopback, _port.Port);
        client.SendTo(new byte[9_000], to);
        client.SendTo("next"u8, to);
        Assert.True(_port.Wait(Limit));
        Assert.InRange(_port.Receive(_buffer, out _), 0, _buffer.Length);
        Assert.Equal(4, Receive(out _));
    }

    [Fact]
    public void What_cannot_be_sent_is_counted()
    {
        _port.Send(TransportAddress.FromIPv4(0x7F000001, 0), "nowhere"u8);
        _port.Send(TransportAddress.FromIPv4(0x7F000001, 9), new byte[70_000]);
        Assert.Equal(2, _port.SendErrors);
    }

    [Fact]
    public void Sending_to_a_closed_port_does_not_break_receiving()
    {
        using var client = Client("127.0.0.1");
        using (var gone = Client("127.0.0.1"))
        {
            _port.Send(TransportAddress.From((IPEndPoint)gone.LocalEndPoint!), "x"u8);
        }

        client.SendTo("here"u8, new IPEndPoint(IPAddress.Loopback, _port.Port));
        Assert.Equal(4, Receive(out _));
    }

    [Fact]
    public void After_the_end_sending_and_waking_are_nothing()
    {
        _port.Dispose();
        _port.Send(TransportAddress.FromIPv4(0x7F000001, 9), "x"u8);
        _port.Wake();
        _port.Dispose();
    }

    [Fact]
    public void Sending_and_receiving_allocate_nothing()
    {
        using var client = Client("127.0.0.1");
        var to = TransportAddress.From((IPEndPoint)client.LocalEndPoint!);
        var self = TransportAddress.FromIPv4(0x7F000001, (ushort)_port.Port);
        var before = 0L;
        for (var i = 0; i < 400; i++)
        {
            if (i == 200) before = GC.GetAllocatedBytesForCurrentThread();
            _port.Send(to, "out"u8);
            _port.Send(self, "in"u8);
            Assert.True(_port.Wait(Limit) && _port.Receive(_buffer, out _) == 2);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Socket Client(string address)
    {
        var local = new IPEndPoint(IPAddress.Parse(address), 0);
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 };
        socket.Bind(local);
        return socket;
    }

    private int Receive(out TransportAddress from)
    {
        Assert.True(_port.Wait(TimeSpan.FromSeconds(1)) || _port.Wait(Limit));
        return _port.Receive(_buffer, out from);
    }
}
