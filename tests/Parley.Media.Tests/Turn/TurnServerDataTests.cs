using System.Text;
using CsCheck;
using Parley.Media.Stun;
using Parley.Media.Turn;
using static Parley.Media.Tests.Turn.TurnServerWorld;

namespace Parley.Media.Tests.Turn;

public sealed class TurnServerDataTests
{
    private static readonly TransportAddress Media = TransportAddress.FromIPv4(0x0A000005, 7000);

    [Fact]
    public void Data_passes_by_indications_where_there_is_a_permission()
    {
        var (world, port) = Allocated();
        world.SendTo(Bob, "too early");
        world.FromPeer(port, Bob, "too early");
        Assert.Equal(0, world.Permit(Bob)!.Code);

        world.SendTo(Bob, "hello");
        world.SendTo(Bob with { Port = 1 }, "another port");
        world.SendTo(Carol, "not permitted");
        world.FromPeer(port, Bob with { Port = 9 }, "hi");
        world.FromPeer(port, Carol, "not permitted");

        Assert.Equal([(Bob, "hello"), (Bob with { Port = 1 }, "another port")], port.Sent);
        Assert.Equal((Bob with { Port = 9 }, "hi"), Indication(Assert.Single(world.Data).Message));
        Assert.Equal(4, world.Server.Counters.Refused(TurnRefusal.NoPermission));
        Assert.Equal((17L, 2L), (world.Server.Counters.BytesToPeers, world.Server.Counters.BytesToClients));
    }

    [Fact]
    public void Data_passes_in_channels()
    {
        var (world, port) = Allocated();
        Assert.Equal(0, world.Bind(0x4001, Bob)!.Code);
        world.SendIn(0x4001, "hello");
        world.SendIn(0x4002, "nobody's");
        world.FromPeer(port, Bob, "hi");
        world.FromPeer(port, Bob with { Port = 2 }, "hey");

        Assert.Equal([(Bob, "hello")], port.Sent);
        Assert.Equal("40010002" + "6869", Convert.ToHexString(world.Data[0].Message));
        Assert.Equal((Bob with { Port = 2 }, "hey"), Indication(world.Data[1].Message));
    }

    [Theory]
    [InlineData("", "40010000")]
    [InlineData("a", "4001000161000000")]
    [InlineData("abcd", "4001000461626364")]
    public void In_a_stream_channel_data_is_padded_both_ways(string text, string expected)
    {
        var world = new TurnServerWorld { Flow = new TurnFlow(Client, 1) };
        world.Allocate();
        world.Bind(0x4001, Bob);
        world.FromPeer(world.Ports[0], Bob, text);
        Assert.Equal(expected, Convert.ToHexString(Assert.Single(world.Data).Message));
        world.Server.HandleMessage(world.Flow, Convert.FromHexString(expected), world.Now);
        Assert.Equal((Bob, text), Assert.Single(world.Ports[0].Sent));
    }

    [Fact]
    public void A_permission_lasts_five_minutes_and_a_channel_ten()
    {
        var (world, port) = Allocated(3600);
        world.Bind(0x4001, Bob);
        world.Permit(Carol);
        world.Now += TimeSpan.FromSeconds(299);
        world.FromPeer(port, Bob, "1");
        world.FromPeer(port, Carol, "2");
        Assert.Equal(2, world.Data.Count);
        world.Now += TimeSpan.FromSeconds(1);
        world.FromPeer(port, Bob, "3");
        world.FromPeer(port, Carol, "4");
        world.SendTo(Carol, "5");
        Assert.Equal(2, world.Data.Count);
        Assert.Empty(port.Sent);

        // RFC 8656 §12.6 asks for the binding only; the peer was checked when it was made.
        world.SendIn(0x4001, "6");
        Assert.Equal([(Bob, "6")], port.Sent);
        world.Now += TimeSpan.FromSeconds(300);
        world.SendIn(0x4001, "7");
        Assert.Single(port.Sent);
    }

    [Fact]
    public void Neither_permission_nor_channel_is_renewed_by_data()
    {
        var (world, port) = Allocated(3600);
        world.Permit(Bob);
        for (var second = 0; second < 300; second++)
        {
            world.SendTo(Bob, "x");
            world.FromPeer(port, Bob, "x");
            world.Now += TimeSpan.FromSeconds(1);
        }

        Assert.Equal((300, 300), (port.Sent.Count, world.Data.Count));
        world.SendTo(Bob, "late");
        Assert.Equal(300, port.Sent.Count);
        world.Permit(Bob);
        world.SendTo(Bob, "again");
        Assert.Equal(301, port.Sent.Count);
    }

    [Fact]
    public void A_channel_has_one_peer_and_a_peer_one_channel()
    {
        var (world, port) = Allocated(3600);
        Assert.Equal(0, world.Bind(0x4001, Bob)!.Code);
        Assert.Equal(0, world.Bind(0x4001, Bob)!.Code);
        Assert.Equal(400, world.Bind(0x4001, Carol)!.Code);
        Assert.Equal(400, world.Bind(0x4002, Bob)!.Code);
        Assert.Equal(0, world.Bind(0x4002, Bob with { Port = 2 })!.Code);
        Assert.Equal(400, world.Bind(0x3FFF, Carol)!.Code);
        Assert.Equal(400, world.Bind(0x7FFF, Carol)!.Code);
        Assert.Equal(0, world.Bind(0x7FFE, Carol)!.Code);
        world.SendIn(0x7FFE, "as in RFC 5766");
        Assert.Equal((Carol, "as in RFC 5766"), Assert.Single(port.Sent));
        Assert.Equal(400, world.Ask(StunMethod.ChannelBind, (ref request) => request.WriteChannelNumber(0x4005))!.Code);
        Assert.Equal(400, world.Ask(StunMethod.ChannelBind, (ref request) => request.WriteXorPeerAddress(Bob))!.Code);

        world.Now += TimeSpan.FromMinutes(10);
        Assert.Equal(0, world.Bind(0x4001, Carol)!.Code);
    }

    [Fact]
    public void A_bad_binding_does_not_renew_the_one_there_is()
    {
        var (world, port) = Allocated(3600);
        world.Bind(0x4001, Bob);
        world.Now += TimeSpan.FromMinutes(9);
        world.Bind(0x4001, Carol);
        world.Now += TimeSpan.FromMinutes(1);
        world.SendIn(0x4001, "late");
        Assert.Empty(port.Sent);
    }

    [Fact]
    public void Permissions_and_channels_are_bounded_and_make_room_when_they_are_over()
    {
        var (world, _) = Allocated(3600, new TurnServerOptions { Permissions = 3, Channels = 2 });
        TransportAddress Peer(uint n) => TransportAddress.FromIPv4(0x08080800 + n, 5000);
        Assert.Equal(508, world.Permit(Peer(1), Peer(2), Peer(3), Peer(4))!.Code);
        Assert.Equal(0, world.Permit(Peer(1), Peer(2), Peer(2) with { Port = 1 }, Peer(2))!.Code);
        Assert.Equal(0, world.Permit(Peer(1), Peer(2), Peer(3))!.Code);
        Assert.Equal(508, world.Permit(Peer(4))!.Code);
        Assert.Equal(508, world.Bind(0x4000, Peer(4))!.Code);
        Assert.Equal(0, world.Bind(0x4000, Peer(1))!.Code);
        Assert.Equal(0, world.Bind(0x4001, Peer(2))!.Code);
        Assert.Equal(508, world.Bind(0x4002, Peer(3))!.Code);
        Assert.Equal(0, world.Bind(0x4001, Peer(2))!.Code);
        world.Now += TimeSpan.FromMinutes(5);
        Assert.Equal(0, world.Permit(Peer(4), Peer(5), Peer(6))!.Code);
        world.Now += TimeSpan.FromMinutes(5);
        Assert.Equal(0, world.Bind(0x4002, Peer(7))!.Code);
    }

    [Fact]
    public void A_request_for_too_many_permissions_or_for_none_is_refused_whole()
    {
        var (world, port) = Allocated();
        Assert.Equal(400, world.Permit()!.Code);
        Assert.Equal(508, world.Permit([.. Enumerable.Range(0, 17).Select(n => TransportAddress.FromIPv4(0x08080808, (ushort)(n + 1)))])!.Code);
        Assert.Equal(403, world.Permit(Bob, TransportAddress.FromIPv4(0x7F000001, 80))!.Code);
        Assert.Equal(443, world.Permit(Bob, RelayIPv6)!.Code);
        world.SendTo(Bob, "not permitted by any of these");
        Assert.Empty(port.Sent);
        Assert.Equal(443, world.Bind(0x4000, RelayIPv6)!.Code);
    }

    [Fact]
    public void Our_own_media_is_a_peer_wherever_it_is_and_what_is_beside_it_is_not()
    {
        var (world, port) = Allocated(3600, new TurnServerOptions { MediaAddresses = [Media], OwnAddresses = [Media, Relay] });
        Assert.Equal(0, world.Permit(Media)!.Code);
        Assert.Equal(403, world.Permit(Media with { Port = 22 })!.Code);
        Assert.Equal(403, world.Bind(0x4001, Media with { Port = 22 })!.Code);
        Assert.Equal(403, world.Permit(Relay with { Port = 443 })!.Code);
        Assert.Equal(0, world.Bind(0x4000, Media)!.Code);

        // The permission is one for the address; the port is looked at each time.
        world.SendTo(Media with { Port = 22 }, "no");
        world.SendTo(Media, "yes");
        world.FromPeer(port, Media with { Port = 22 }, "no");
        world.FromPeer(port, Media, "yes");
        Assert.Equal([(Media, "yes")], port.Sent);
        Assert.Single(world.Data);
        Assert.Equal(5, world.Server.Counters.Refused(TurnRefusal.ForbiddenPeer));
    }

    [Fact]
    public void Two_clients_meet_at_their_relays_and_nothing_leaves_the_server()
    {
        var (world, ada) = Allocated(3600, new TurnServerOptions { OwnAddresses = [Relay] });
        var bobsFlow = new TurnFlow(Bob);
        world.Flow = bobsFlow;
        world.Allocate();
        var bob = world.Ports[1];
        Assert.Equal(0, world.Bind(0x4000, ada.Address)!.Code);
        world.Flow = new TurnFlow(Client);
        world.SendTo(bob.Address, "no permission yet");
        Assert.Equal(0, world.Permit(bob.Address)!.Code);
        world.SendTo(bob.Address, "hello");
        Assert.Equal((bobsFlow, "40000005" + Convert.ToHexString("hello"u8)), (world.Data[0].Client, Convert.ToHexString(world.Data[0].Message)));
        world.Flow = bobsFlow;
        world.SendIn(0x4000, "hi");
        Assert.Equal((bob.Address, "hi"), Indication(world.Data[1].Message));
        Assert.Empty(ada.Sent);
        Assert.Empty(bob.Sent);

        // Permitted as Bob's; when Bob is gone, the port may be anybody's.
        world.Bind(0x4000, ada.Address);
        world.Flow = new TurnFlow(Client);
        world.Bind(0x4001, bob.Address);
        world.Server.CloseClient(bobsFlow);
        world.SendTo(bob.Address, "who is there");
        world.SendIn(0x4001, "who is there");
        world.FromPeer(ada, bob.Address, "nobody");
        Assert.Empty(ada.Sent);
        Assert.Equal(2, world.Data.Count);
        Assert.Equal(403, world.Permit(bob.Address)!.Code);
    }

    [Fact]
    public void An_allocation_that_is_over_passes_nothing_even_before_it_is_swept()
    {
        var (world, port) = Allocated();
        world.Bind(0x4000, Bob);
        world.Now += TimeSpan.FromSeconds(299);
        world.Bind(0x4000, Bob);
        world.Now += TimeSpan.FromSeconds(299);
        world.Bind(0x4000, Bob);
        world.Now += TimeSpan.FromSeconds(2);
        world.FromPeer(port, Bob, "late");
        world.SendIn(0x4000, "late");
        Assert.Empty(port.Sent);
        Assert.Empty(world.Data);
        Assert.Equal(1, port.Closed);
        world.FromPeer(port, Bob, "later");
        Assert.Empty(world.Data);
    }

    [Fact]
    public void A_port_used_again_gets_nothing_of_the_one_before()
    {
        var (world, port) = Allocated();
        world.Permit(Bob);
        var impostor = new Port(port.Address);
        world.Server.HandlePeerDatagram(impostor, Bob, "of another life"u8, world.Now);
        Assert.Empty(world.Data);
    }

    [Fact]
    public void Bandwidth_is_bounded_each_way_and_a_second_may_come_at_once()
    {
        var (world, port) = Allocated(3600, new TurnServerOptions { BytesPerSecond = 1000 });
        world.Permit(Bob);
        var text = new string('x', 100);
        for (var i = 0; i < 30; i++)
        {
            world.SendTo(Bob, text);
            world.FromPeer(port, Bob, text);
        }

        Assert.Equal((10, 10), (port.Sent.Count, world.Data.Count));
        Assert.Equal(40, world.Server.Counters.Refused(TurnRefusal.Bandwidth));
        world.Now += TimeSpan.FromSeconds(0.5);
        for (var i = 0; i < 30; i++) world.SendTo(Bob, text);
        Assert.Equal(15, port.Sent.Count);
    }

    [Fact]
    public void Long_datagrams_are_dropped()
    {
        var (world, port) = Allocated();
        world.Permit(Bob);
        world.FromPeer(port, Bob, new string('x', 1501));
        Assert.Empty(world.Data);
        world.FromPeer(port, Bob, new string('x', 1500));
        Assert.Equal((Bob, new string('x', 1500)), Indication(Assert.Single(world.Data).Message));
    }

    [Fact]
    public void An_indication_with_something_unknown_does_nothing()
    {
        var (world, port) = Allocated();
        world.Permit(Bob);
        world.SendTo(Bob, "do not fragment", (ref indication) => indication.Write((StunAttribute)0x001A, []));
        Assert.Empty(port.Sent);
        world.SendTo(Bob, "whatever", (ref indication) => indication.Write((StunAttribute)0x8055, []));
        Assert.Single(port.Sent);
    }

    [Fact]
    public void What_goes_in_at_one_end_comes_out_at_the_other()
    {
        Gen.Select(Gen.Byte.Array[0, 1400], Gen.Bool, Gen.Bool).Sample((bytes, isStream, inChannel) =>
        {
            var world = new TurnServerWorld { Flow = new TurnFlow(Client, isStream ? 1 : 0) };
            world.Allocate();
            if (inChannel) world.Bind(0x4000, Bob);
            else world.Permit(Bob);
            world.Server.HandlePeerDatagram(world.Ports[0], Bob, bytes, world.Now);
            var message = Assert.Single(world.Data).Message;
            if (inChannel)
            {
                Assert.True(ChannelData.TryRead(message, out _, out var data));
                Assert.Equal(bytes, data.ToArray());
            }
            else
            {
                Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(message, out var indication));
                Assert.True(indication.TryGetData(out var data));
                Assert.Equal(bytes, data.ToArray());
            }
        });
    }

    [Fact]
    public void Relaying_allocates_nothing()
    {
        var host = new SilentHost();
        var world = new TurnServerWorld();
        var server = new TurnServer(new TurnServerOptions { BytesPerSecond = int.MaxValue }, world.Secret, host, RandomSource.System, Origin);
        world = new TurnServerWorld(server, host.Sent);
        world.Allocate();
        world.Bind(0x4000, Bob);
        world.Permit(Carol);
        world.Flow = new TurnFlow(Carol, 1);
        world.Allocate();
        world.Bind(0x4000, host.Ports[0].Address);
        world.Flow = new TurnFlow(Client);
        world.Bind(0x4001, host.Ports[1].Address);
        var payload = new byte[1000];
        var inChannel = new byte[1004];
        ChannelData.Write(inChannel, 0x4000, payload);
        var toRelay = new byte[1004];
        ChannelData.Write(toRelay, 0x4001, payload);
        var writer = new StunWriter(new byte[2048], StunClass.Indication, StunMethod.Send, new byte[12]);
        writer.WriteXorPeerAddress(Carol);
        writer.WriteData(payload);
        var indication = writer.Written.ToArray();
        Pass(100);

        var (count, before) = (host.Count, GC.GetAllocatedBytesForCurrentThread());
        Pass(10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(50_000, host.Count - count);

        void Pass(int times)
        {
            for (var i = 0; i < times; i++)
            {
                server.HandleMessage(world.Flow, inChannel, world.Now);
                server.HandleMessage(world.Flow, indication, world.Now);
                server.HandleMessage(world.Flow, toRelay, world.Now);
                server.HandlePeerDatagram(host.Ports[0], Bob, payload, world.Now);
                server.HandlePeerDatagram(host.Ports[0], Carol, payload, world.Now);
                world.Now += TimeSpan.FromMilliseconds(1);
            }
        }
    }

    private static (TurnServerWorld World, Port Port) Allocated(uint lifetime = 600, TurnServerOptions? options = null)
    {
        var world = new TurnServerWorld(options);
        world.Allocate(lifetime: lifetime);
        return (world, world.Ports[0]);
    }

    private static (TransportAddress Peer, string Text) Indication(byte[] message)
    {
        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(message, out var indication));
        Assert.Equal((StunClass.Indication, StunMethod.Data), (indication.Class, indication.Method));
        Assert.True(indication.TryGetData(out var data));
        return (indication.XorPeerAddress!.Value, Encoding.UTF8.GetString(data));
    }

    /// <summary>Counts data and keeps only answers, so that nothing is allocated on its side.</summary>
    private sealed class SilentHost : ITurnHost
    {
        public List<SilentPort> Ports { get; } = [];

        public List<(TurnFlow Client, byte[] Message)> Sent { get; } = [];

        public int Count { get; set; }

        public bool Relays(TurnFlow client, bool ipv6) => true;

        public ITurnRelay? OpenRelay(TurnFlow client, bool ipv6, bool evenPort)
        {
            Ports.Add(new SilentPort(this, Relay with { Port = (ushort)(50000 + Ports.Count) }));
            return Ports[^1];
        }

        public void Send(TurnFlow client, ReadOnlySpan<byte> message) => Sent.Add((client, message.ToArray()));

        public void SendData(TurnFlow client, ReadOnlySpan<byte> message) => Count++;
    }

    private sealed class SilentPort(SilentHost host, TransportAddress address) : ITurnRelay
    {
        public TransportAddress Address => address;

        public void Send(TransportAddress peer, ReadOnlySpan<byte> data) => host.Count++;

        public void Close()
        {
        }
    }
}
