using System.Text;
using CsCheck;
using Parley.Media.Stun;
using Parley.Media.Turn;

namespace Parley.Media.Tests.Turn;

public sealed class TurnPeerTests
{
    [Fact]
    public void Data_goes_by_indication_until_the_channel_is_bound()
    {
        var world = new TurnWorld().Run(1);
        world.Client.EnsurePeer(TurnWorld.Bob, world.Now);

        Assert.True(world.Client.Send(TurnWorld.Bob, "first"u8, world.Now));
        world.Run(1);
        Assert.Equal(0, world.Server.ChannelDataReceived);
        Assert.True(world.Client.Send(TurnWorld.Bob, "second"u8, world.Now));
        world.Run(1);

        Assert.Equal(1, world.Server.ChannelDataReceived);
        Assert.Equal(["first", "second"], world.Server.ToPeers.Select(sent => Encoding.UTF8.GetString(sent.Data)));
        Assert.All(world.Server.ToPeers, sent => Assert.Equal(TurnWorld.Bob, sent.Peer));
    }

    [Fact]
    public void Peers_are_told_apart()
    {
        var world = new TurnWorld();
        world.Client.EnsurePeer(TurnWorld.Bob, world.Now);
        world.Client.EnsurePeer(TurnWorld.Carol, world.Now);
        world.Run(1);

        world.FromPeer(TurnWorld.Carol, "from Carol");
        world.FromPeer(TurnWorld.Bob, "from Bob");
        world.FromPeer(TurnWorld.Bob with { Port = 1 }, "from another port of Bob's");
        world.FromPeer(TurnWorld.Elsewhere, "from a stranger");
        world.Run(1);

        Assert.Equal(
            [
                (TurnWorld.Carol, "from Carol"),
                (TurnWorld.Bob, "from Bob"),
                (TurnWorld.Bob with { Port = 1 }, "from another port of Bob's"),
            ],
            world.Received);
    }

    [Fact]
    public void Data_of_whom_we_know_nothing_is_dropped()
    {
        var world = new TurnWorld().Run(1);
        world.Client.EnsurePeer(TurnWorld.Bob, world.Now);
        world.Run(1);

        byte[] unknownChannel = [0x40, 0x01, 0, 2, 1, 2];
        byte[] beyondTheEnd = [0x40, 0x00, 0, 3, 1, 2];
        byte[] half = [0x40, 0x00];
        foreach (var datagram in new[] { unknownChannel, beyondTheEnd, half, TurnTestServer.Indication(TurnWorld.Carol, [1]) })
        {
            Assert.False(world.Client.TryHandle(datagram, world.Now, out _, out var data));
            Assert.True(data.IsEmpty);
        }

        byte[] padded = [0x40, 0x00, 0, 1, 7, 0, 0, 0];
        Assert.True(world.Client.TryHandle(padded, world.Now, out var peer, out var one));
        Assert.Equal(TurnWorld.Bob, peer);
        Assert.Equal([7], one.ToArray());
    }

    [Fact]
    public void Data_before_the_allocation_is_dropped()
    {
        var world = new TurnWorld();
        world.Client.EnsurePeer(TurnWorld.Bob, world.Now);
        byte[] channelData = [0x40, 0x00, 0, 1, 7];

        Assert.False(world.Client.TryHandle(channelData, world.Now, out _, out _));
        Assert.False(world.Client.TryHandle(TurnTestServer.Indication(TurnWorld.Bob, [7]), world.Now, out _, out _));
    }

    [Fact]
    public void A_server_without_channels_is_asked_for_permissions()
    {
        var world = new TurnWorld();
        world.Server.Refusals[StunMethod.ChannelBind] = 508;
        world.Client.EnsurePeer(TurnWorld.Bob, world.Now);

        for (var minute = 0; minute < 20; minute++)
        {
            world.Run(60);
            Assert.True(world.Client.Send(TurnWorld.Bob, "x"u8, world.Now));
            world.FromPeer(TurnWorld.Bob, "y");
        }

        world.Run(1);
        Assert.Equal(20, world.Received.Count);
        Assert.Equal(20, world.Server.ToPeers.Count);
        Assert.Equal(0, world.Server.ChannelDataReceived);
    }

    [Fact]
    public void A_peer_that_the_server_forbids_is_refused_alone()
    {
        var world = new TurnWorld();
        world.Client.EnsurePeer(TurnWorld.Carol, world.Now);
        world.Run(1);
        world.Server.Refusals[StunMethod.ChannelBind] = 403;
        Assert.True(world.Client.EnsurePeer(TurnWorld.Bob, world.Now));
        world.Run(1);

        Assert.False(world.Client.EnsurePeer(TurnWorld.Bob, world.Now));
        Assert.False(world.Client.Send(TurnWorld.Bob, "x"u8, world.Now));
        Assert.True(world.Client.Send(TurnWorld.Carol, "x"u8, world.Now));
        Assert.Equal(TurnState.Allocated, world.Client.State);
        var asked = world.Server.Requests[StunMethod.ChannelBind];
        world.Run(100);
        Assert.Equal(asked, world.Server.Requests[StunMethod.ChannelBind]);
    }

    [Fact]
    public void A_bind_that_gets_no_answer_is_tried_again()
    {
        var world = new TurnWorld().Run(1);
        world.IsLost = (_, _) => true;
        world.Client.EnsurePeer(TurnWorld.Bob, world.Now);
        world.Run(45);
        world.IsLost = (_, _) => false;

        world.Run(15);

        world.FromPeer(TurnWorld.Bob, "at last");
        world.Run(1);
        Assert.Single(world.Received);
    }

    [Fact]
    public void There_is_room_for_so_many_and_then_for_those_in_use()
    {
        var world = new TurnWorld().Run(1);
        for (ushort port = 1; port <= TurnClient.MaxPeers; port++)
        {
            Assert.True(world.Client.EnsurePeer(TurnWorld.Bob with { Port = port }, world.Now));
        }

        Assert.False(world.Client.EnsurePeer(TurnWorld.Carol, world.Now));
        world.Run(20);
        Assert.True(world.Client.Send(TurnWorld.Bob with { Port = 1 }, "x"u8, world.Now));
        world.Run(15);
        Assert.True(world.Client.EnsurePeer(TurnWorld.Carol, world.Now));
        Assert.True(world.Client.Send(TurnWorld.Bob with { Port = 1 }, "x"u8, world.Now));
        Assert.False(world.Client.Send(TurnWorld.Bob with { Port = 2 }, "x"u8, world.Now));
    }

    [Fact]
    public void What_cannot_be_sent_is_dropped()
    {
        var world = new TurnWorld();
        Assert.True(world.Client.EnsurePeer(TurnWorld.Bob, world.Now));
        Assert.False(world.Client.Send(TurnWorld.Bob, "no allocation yet"u8, world.Now));
        Assert.False(world.Client.EnsurePeer(TurnWorld.Bob with { Port = 0 }, world.Now));
        Assert.False(world.Client.EnsurePeer(new TransportAddress(1, 1), world.Now));
        world.Run(1);

        Assert.False(world.Client.Send(TurnWorld.Carol, "never ensured"u8, world.Now));
        Assert.False(world.Client.Send(TurnWorld.Bob, new byte[TurnClient.MaxPayload + 1], world.Now));
        Assert.True(world.Client.Send(TurnWorld.Bob, new byte[TurnClient.MaxPayload], world.Now));
    }

    [Fact]
    public void Data_costs_no_allocation_either_way()
    {
        var sink = new CountingSink();
        var client = AllocatedClient(sink);
        var payload = new byte[1200];
        var inbound = new byte[1204];
        ChannelData.Write(inbound, ChannelData.MinChannel, payload);
        var indication = TurnTestServer.Indication(TurnWorld.Bob, payload);
        var now = TimeSpan.FromSeconds(10);
        Assert.True(client.Send(TurnWorld.Bob, payload, now));
        Assert.True(client.TryHandle(inbound, now, out _, out _));
        Assert.True(client.TryHandle(indication, now, out _, out _));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            client.Send(TurnWorld.Bob, payload, now);
            client.TryHandle(inbound, now, out _, out _);
            client.TryHandle(indication, now, out _, out _);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(1204, sink.Last);
    }

    [Fact]
    public void Random_bytes_never_throw_and_change_nothing() =>
        Gen.Byte.Array[0, 200].Array[1, 20].Sample(datagrams =>
        {
            var client = AllocatedClient(new CountingSink());
            foreach (var datagram in datagrams)
            {
                client.TryHandle(datagram, TimeSpan.FromSeconds(10), out _, out _);
            }

            return client.State == TurnState.Allocated;
        }, iter: 500);

    [Fact]
    public void Reads_the_channel_data_it_writes() =>
        Gen.Select(Gen.UShort[0x4000, 0x4FFF], Gen.Byte.Array[0, 1500]).Sample((channel, data) =>
        {
            var buffer = new byte[2000];
            var length = ChannelData.Write(buffer, channel, data);
            return length == data.Length + 4
                && ChannelData.TryRead(buffer.AsSpan(0, length), out var read, out var payload)
                && read == channel
                && payload.SequenceEqual(data);
        });

    private static TurnClient AllocatedClient(CountingSink sink)
    {
        var server = new TurnTestServer(TurnWorld.There);
        var client = new TurnClient(
            TurnWorld.There, TurnTestServer.Username, TurnTestServer.Password, RandomSource.Seeded(1), TimeSpan.Zero, sink);
        client.EnsurePeer(TurnWorld.Bob, TimeSpan.Zero);
        sink.OnSend = datagram => sink.Answers.Enqueue(server.Handle(TurnWorld.Here, datagram, TimeSpan.Zero));
        client.HandleTimeout(TimeSpan.Zero);
        while (sink.Answers.TryDequeue(out var answer))
        {
            client.TryHandle(answer, TimeSpan.Zero, out _, out _);
        }

        sink.OnSend = null;
        Assert.Equal(TurnState.Allocated, client.State);
        return client;
    }

    private sealed class CountingSink : IDatagramSink
    {
        public Action<byte[]>? OnSend { get; set; }

        public Queue<byte[]?> Answers { get; } = [];

        public int Last { get; private set; }

        public void Send(TransportAddress to, ReadOnlySpan<byte> datagram)
        {
            Last = datagram.Length;
            OnSend?.Invoke(datagram.ToArray());
        }
    }
}
