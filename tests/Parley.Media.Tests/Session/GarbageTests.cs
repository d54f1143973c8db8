using CsCheck;
using Parley.Media.Session;

namespace Parley.Media.Tests.Session;

/// <summary>Whatever comes to the port: it never throws, is counted, and answers nobody who did not prove their address.</summary>
public sealed class GarbageTests
{
    private static readonly TransportAddress Stranger = TransportAddress.FromIPv4(0xC0000263, 4_000);

    private static readonly byte[] FirstBytes = [0, 1, 20, 22, 128, 144, 191];
    private static readonly byte[] SecondBytes = [0, 1, 96, 111, 200, 201, 205, 206, 223];

    // Half of them begin as something we speak.
    private static readonly Gen<byte[]> AnyBytes = Gen.OneOf(
        Gen.Byte.Array[0, 200],
        Gen.Select(Gen.Int[0, FirstBytes.Length - 1], Gen.Int[0, SecondBytes.Length - 1], Gen.Byte.Array[0, 200],
            (first, second, rest) => (byte[])[FirstBytes[first], SecondBytes[second], .. rest]));

    [Fact]
    public void Random_bytes_from_a_stranger_are_counted_and_not_answered() => AnyBytes.Array[1, 40].Sample(datagrams =>
    {
        var (engine, room) = Open();
        foreach (var datagram in datagrams) engine.Receive(datagram.ToArray(), Stranger);

        Assert.Equal(0, engine.BytesTo(Stranger));
        Assert.Equal(datagrams.Length, engine.Engine.Counters.Received);
        Assert.Equal(datagrams.Length, DroppedInAll(engine));
        AssertWorks(engine, room);
    });

    [Fact]
    public void Random_bytes_from_a_participants_own_address_do_no_harm() => AnyBytes.Array[1, 40].Sample(datagrams =>
    {
        var (engine, room) = Open();
        var one = new TestPeer(engine, room, 1);
        var sent = engine.SentCount;
        foreach (var datagram in datagrams) engine.Receive(datagram.ToArray(), one.Address);

        // DTLS goes to the handshake, which counts for itself.
        var others = datagrams.Count(datagram => Datagrams.Classify(datagram) != DatagramKind.Dtls);
        Assert.Equal(others, DroppedInAll(engine));
        Assert.Equal(sent, engine.SentCount);
        AssertWorks(engine, room);
    });

    [Fact]
    public void Damaged_and_cut_datagrams_of_every_kind_do_no_harm() => Gen.Select(Gen.Int[0, 3], Gen.Int[0, 400], Gen.Int[0, 300], Gen.Byte)
        .Array[1, 60].Sample(damages =>
        {
            var (engine, room) = Open();
            var one = new TestPeer(engine, room, 1);
            var two = new TestPeer(engine, room, 2);
            two.Watch(one);
            var index = 7_000L;
            foreach (var (kind, cut, at, flip) in damages)
            {
                var datagram = kind switch
                {
                    0 => one.MakeCheck(),
                    1 => one.Protect(one.MakeFrame(++index, key: true, mid: "1", transport: (ushort)index), index),
                    2 => one.Protect(one.MakeFrame(++index, ssrc: one.Audio, payloadType: TestPeer.OpusType), index),
                    _ => [22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3],
                };
                datagram = datagram[..Math.Min(datagram.Length, cut)];
                if (at < datagram.Length) datagram[at] ^= flip;
                engine.Receive(datagram, (at & 1) == 0 ? one.Address : Stranger);
            }

            engine.Run(TimeSpan.FromSeconds(1));
            Assert.True(engine.BytesTo(Stranger) <= damages.Length * 120);
            AssertWorks(engine, room);
        });

    /// <summary>Authentic nonsense: the bytes are random, the keys are right.</summary>
    [Fact]
    public void Random_rtp_and_rtcp_of_an_authentic_participant_do_no_harm() => Gen.Select(Gen.Bool, Gen.Byte.Array[0, 120], Gen.Int[0, 5])
        .Array[1, 60].Sample(packets =>
        {
            var (engine, room) = Open();
            var one = new TestPeer(engine, room, 1);
            var two = new TestPeer(engine, room, 2);
            two.Watch(one);
            var index = 7_000L;
            foreach (var (rtcp, bytes, of) in packets)
            {
                if (rtcp)
                {
                    one.SendRtcp((ref Parley.Media.Rtcp.RtcpWriter writer) => WriteNonsense(ref writer, bytes, of, one));
                    continue;
                }

                index += bytes.Length + 1;
                uint[] ssrcs = [one.Camera, one.Audio, one.Screen, one.Mix, one.Slot(0), 99];
                var header = one.MakeFrame(index, key: true, ssrcs[of], payloadType: of == 1 ? TestPeer.OpusType : (byte)96)[..12];
                one.Send([.. header, .. bytes], index);
            }

            engine.Run(TimeSpan.FromSeconds(2));
            two.Read();
            AssertWorks(engine, room);
        });

    private static void WriteNonsense(ref Parley.Media.Rtcp.RtcpWriter writer, byte[] bytes, int of, TestPeer peer)
    {
        writer.WriteReceiverReport(peer.Audio);
        switch (of)
        {
            case 0:
                writer.WriteSourceDescription(peer.Audio, bytes);
                break;
            case 1:
                writer.WriteBye([peer.Camera], bytes);
                break;
            case 2:
                writer.WriteNack(peer.Audio, peer.Slot(0), [.. bytes.Select(b => (ushort)(b * 257)), 1]);
                break;
            case 3:
                writer.WriteFullIntraRequest(peer.Audio, [.. bytes.Select(b => new Parley.Media.Rtcp.FullIntraRequestEntry(peer.Slot(b % 3), b)), new(7, 7)]);
                break;
            case 4:
                writer.WriteRemb(peer.Audio, (ulong)bytes.Length, [peer.Slot(0)]);
                break;
            default:
                writer.WriteSenderReport(new Parley.Media.Rtcp.SenderInfo(peer.Camera, new(ulong.MaxValue / 3), 1, 2, 3));
                break;
        }
    }

    private static (TestEngine Engine, Room Room) Open()
    {
        var engine = new TestEngine();
        return (engine, engine.Engine.OpenRoom());
    }

    private static long DroppedInAll(TestEngine engine) => Enum.GetValues<DropReason>().Sum(engine.Dropped);

    /// <summary>The next two people meet as if nothing had been.</summary>
    private static void AssertWorks(TestEngine engine, Room room)
    {
        var (sender, viewer) = (new TestPeer(engine, room, 11), new TestPeer(engine, room, 12));
        viewer.Watch(sender);
        sender.Film(7_000, key: true);
        sender.Film(7_001);
        Assert.Equal(2, viewer.Read().CountOf(viewer.Slot(0)));
    }
}
