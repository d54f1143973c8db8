using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Parley.Media;
using Parley.Media.Stun;
using Parley.Media.Turn;
using Parley.Server.Tests.MediaHost;
using Parley.Server.TurnHost;

namespace Parley.Server.Tests.TurnHost;

/// <summary>TCP clients that do what clients should not.</summary>
public sealed class TurnStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_may_come_byte_by_byte_and_several_at_once()
    {
        using var stage = await new TurnStage().StartAsync();
        using var client = await ConnectAsync(stage);
        foreach (var octet in Binding(1)) await client.SendAsync(new[] { octet }, Cancellation);
        await AssertAnswerAsync(client, 1);
        await client.SendAsync((byte[])[.. Binding(2), .. Binding(3), .. Binding(4)[..7]], Cancellation);
        await AssertAnswerAsync(client, 2);
        await AssertAnswerAsync(client, 3);
        await client.SendAsync(Binding(4).AsMemory(7), Cancellation);
        await AssertAnswerAsync(client, 4);
    }

    [Fact]
    public async Task Who_comes_while_others_are_served_is_answered()
    {
        using var stage = await new TurnStage(time: Frozen(out _)).StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                for (var number = 0; number < 250; number++)
                {
                    using var client = await ConnectAsync(stage);
                    await client.SendAsync(Binding(number), Cancellation);
                    await AssertAnswerAsync(client, number).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
                }
            },
            Cancellation)));
    }

    [Fact]
    public async Task What_is_too_long_is_passed_over_as_it_comes()
    {
        using var stage = await new TurnStage().StartAsync();
        using var client = await ConnectAsync(stage);
        var huge = new byte[4 + 65_535 + 1];
        BinaryPrimitives.WriteUInt16BigEndian(huge, 0x4000);
        BinaryPrimitives.WriteUInt16BigEndian(huge.AsSpan(2), 65_535);
        for (var i = 0; i < 20; i++) await SendAllAsync(client, huge);
        await client.SendAsync(Binding(1), Cancellation);
        await AssertAnswerAsync(client, 1);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000")]
    [InlineData("\u0000\u0001\u0000\u0001")]
    public async Task Another_protocol_ends_the_connection(string bytes)
    {
        // What begins like "GET " could be ChannelData: it is a channel nobody has, and the next bytes show it.
        using var stage = await new TurnStage(time: Frozen(out var time)).StartAsync();
        using var client = await ConnectAsync(stage);
        await client.SendAsync(bytes.Select(c => (byte)c).ToArray(), Cancellation);
        if (bytes[0] == 'G') await AdvanceUntilClosedAsync(client, time);
        Assert.True(await IsClosedAsync(client));
    }

    [Fact]
    public async Task Who_allocates_nothing_is_let_go_after_ten_seconds()
    {
        using var stage = await new TurnStage(time: Frozen(out var time), tls: true).StartAsync();
        using var silent = await ConnectAsync(stage);
        using var asking = await ConnectAsync(stage);
        await asking.SendAsync(Binding(1), Cancellation);
        await AssertAnswerAsync(asking, 1);

        // And so is a TLS handshake that never begins.
        using var handshake = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await handshake.ConnectAsync(new IPEndPoint(IPAddress.Loopback, stage.Plane.TlsPort), Cancellation);
        Conditions.Poll(() => stage.Plane.Connections == 3, "three connections");
        time.Advance(TimeSpan.FromSeconds(9));

        // The server looks at its connections after each answer: at the second one it has looked since.
        for (var number = 2; number < 4; number++)
        {
            await asking.SendAsync(Binding(number), Cancellation);
            await AssertAnswerAsync(asking, number);
        }

        Assert.Equal(3, stage.Plane.Connections);
        foreach (var client in new[] { silent, asking, handshake }) await AdvanceUntilClosedAsync(client, time);
        Conditions.Poll(() => stage.Plane.Connections == 0, "no connection");
    }

    [Fact]
    public async Task An_allocation_keeps_its_connection_and_ends_with_it()
    {
        using var stage = await new TurnStage(time: Frozen(out var time)).StartAsync();
        using var idle = await ConnectAsync(stage);
        using var client = await ConnectAsync(stage);
        await AllocateAsync(stage, client);
        Assert.Equal(1, stage.Plane.Allocations);
        await AdvanceUntilClosedAsync(idle, time);
        await client.SendAsync(Binding(9), Cancellation);
        await AssertAnswerAsync(client, 9);
        client.Dispose();
        Conditions.Poll(() => stage.Plane.Allocations == 0, "the end of the allocation");
    }

    [Fact]
    public async Task An_address_has_so_many_connections_and_no_more()
    {
        using var stage = await new TurnStage(options => options.Turn.ConnectionsPerAddress = 2).StartAsync();
        using var first = await ConnectAsync(stage);
        var second = await ConnectAsync(stage);
        await second.SendAsync(Binding(1), Cancellation);
        await AssertAnswerAsync(second, 1);
        using (var third = await ConnectAsync(stage)) Assert.True(await IsClosedAsync(third));
        second.Dispose();
        Conditions.Poll(() => stage.Plane.Connections == 1, "one connection less");
        using var fourth = await ConnectAsync(stage);
        await fourth.SendAsync(Binding(2), Cancellation);
        await AssertAnswerAsync(fourth, 2);
    }

    [Fact]
    public void A_client_that_does_not_read_loses_data_first_and_then_the_connection()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var connection = new TurnConnection(new TurnFlow(default, 1), socket, IPAddress.Loopback, null!);
        var message = new byte[1000];
        for (var i = 0; i < 1000; i++) connection.Send(message, isData: true);
        Assert.False(connection.Ended.IsCancellationRequested);
        var answers = 0;
        while (!connection.Ended.IsCancellationRequested && answers < 1000)
        {
            connection.Send(message, isData: false);
            answers++;
        }

        Assert.InRange(answers, 10, 20);
    }

    [Fact]
    public async Task A_client_that_asks_and_never_reads_is_let_go()
    {
        using var stage = await new TurnStage().StartAsync();
        using var client = await ConnectAsync(stage);
        client.ReceiveBufferSize = 4096;
        var many = Enumerable.Range(0, 2000).SelectMany(Binding).ToArray();
        try
        {
            for (var i = 0; i < 2000; i++) await SendAllAsync(client, many);
            Assert.Fail("It took everything.");
        }
        catch (SocketException)
        {
            Conditions.Poll(() => stage.Plane.Connections == 0, "the end of the connection");
        }
    }

    private static FakeTimeProvider Frozen(out FakeTimeProvider time) => time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());

    private static async Task<Socket> ConnectAsync(TurnStage stage)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, stage.Plane.Port), Cancellation);
        return socket;
    }

    private static byte[] Binding(int number)
    {
        var id = new byte[12];
        BitConverter.TryWriteBytes(id, number);
        return new StunWriter(new byte[64], StunClass.Request, StunMethod.Binding, id).Written.ToArray();
    }

    private static async Task AssertAnswerAsync(Socket client, int number)
    {
        var answer = await ReadAsync(client);
        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(answer, out var message));
        Assert.Equal(number, BitConverter.ToInt32(message.TransactionId));
        Assert.Equal(TransportAddress.From((IPEndPoint)client.LocalEndPoint!), message.XorMappedAddress);
    }

    private static async Task<byte[]> ReadAsync(Socket client)
    {
        var header = new byte[4];
        await ReadAllAsync(client, header);
        Assert.True(TurnFrames.TryMeasure(header, out _, out var frame));
        var rest = new byte[frame - header.Length];
        await ReadAllAsync(client, rest);
        return [.. header, .. rest];
    }

    private static async Task ReadAllAsync(Socket client, Memory<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = await client.ReceiveAsync(buffer, Cancellation);
            Assert.NotEqual(0, count);
            buffer = buffer[count..];
        }
    }

    private static async Task SendAllAsync(Socket client, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await client.SendAsync(bytes, Cancellation)..];
    }

    /// <summary>Allocates with our client, whose datagrams travel in the stream.</summary>
    private static async Task AllocateAsync(TurnStage stage, Socket socket)
    {
        var sink = new Outbox();
        var client = new TurnClient(
            TransportAddress.From((IPEndPoint)socket.RemoteEndPoint!), stage.Server.Username!, stage.Server.Credential!, RandomSource.System, default, sink);
        client.HandleTimeout(default);
        while (client.State == TurnState.Allocating)
        {
            await SendAllAsync(socket, sink.Take());
            client.TryHandle(await ReadAsync(socket), default, out _, out _);
        }

        Assert.Equal(TurnState.Allocated, client.State);
    }

    private static async Task<bool> IsClosedAsync(Socket client)
    {
        try
        {
            return await client.ReceiveAsync(new byte[100], Cancellation) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    /// <summary>The server looks once a second of real time; the time it then sees is this one.</summary>
    private static async Task AdvanceUntilClosedAsync(Socket client, FakeTimeProvider time)
    {
        var closed = IsClosedAsync(client);
        while (!closed.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(closed, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation));
        }

        Assert.True(await closed);
    }

    private sealed class Outbox : IDatagramSink
    {
        private readonly List<byte> _bytes = [];

        public void Send(TransportAddress to, ReadOnlySpan<byte> datagram) => _bytes.AddRange(datagram);

        public byte[] Take()
        {
            var bytes = _bytes.ToArray();
            _bytes.Clear();
            return bytes;
        }
    }
}
