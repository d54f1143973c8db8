using Parley.Media.Rtp;

namespace Parley.Media.Tests.Rtp;

public sealed class RtpAllocationTests
{
    private const int Rounds = 2_000;

    private static readonly byte[] Packet = Hex.Bytes(
        "90 E0 1234 89ABCDEF 11223344 BEDE0003 10 31 31 AB CD 40 9E 52 04 00 00 00"
        + "B0 F0 9234 56 B1 50F700 9D012A 8002 E001 0102");

    private static readonly RtpExtensionMap Map = new()
    {
        [RtpExtensionType.Mid] = 1,
        [RtpExtensionType.AudioLevel] = 4,
        [RtpExtensionType.TransportSequenceNumber] = 3,
    };

    [Fact]
    public void Parsing_and_rewriting_a_packet_allocates_nothing()
    {
        var buffer = new byte[1500];
        var cache = new RtpPacketCache(8, TimeSpan.FromSeconds(2));
        AssertNoAllocation(i =>
        {
            var bytes = Packet.AsSpan();
            if (!RtpPacket.TryParse(bytes, out var packet) || !packet.TryGetMid(Map, out _)
                || !packet.TryGetAudioLevel(Map, out _) || !Vp8PayloadDescriptor.TryParse(packet.Payload, out var descriptor))
            {
                throw new InvalidOperationException("The packet is good.");
            }

            RtpHeader.SetSequenceNumber(bytes, (ushort)i);
            RtpHeader.SetTimestamp(bytes, (uint)i);
            RtpHeader.SetSsrc(bytes, (uint)i);
            Vp8PayloadDescriptor.Rewrite(bytes[packet.HeaderLength..], descriptor, (ushort)i, (byte)i);

            var writer = new RtpWriter(buffer);
            writer.WriteHeader(96, packet.Marker, packet.SequenceNumber, packet.Timestamp, packet.Ssrc);
            writer.BeginExtensions();
            foreach (var extension in packet.Extensions)
            {
                writer.AddExtension(extension.Id, extension.Value);
            }

            writer.EndExtensions();
            writer.WritePayload(packet.Payload);
            cache.Store(i, writer.Written, TimeSpan.Zero);
            if (!cache.TryGet((ushort)i, TimeSpan.Zero, out _))
            {
                throw new InvalidOperationException("The packet was stored.");
            }
        });
        cache.Dispose();
    }

    [Fact]
    public void Keeping_the_last_packets_of_many_streams_allocates_nothing()
    {
        // Four hundred streams at 50 packets/s of every length: more than a common pool of arrays keeps ready.
        var memory = new PacketPages();
        var caches = Enumerable.Range(0, 400).Select(_ => new RtpPacketCache(64, TimeSpan.FromSeconds(1), memory)).ToList();
        var packet = new byte[1_200];
        AssertNoAllocation(i =>
        {
            for (var stream = 0; stream < caches.Count; stream++)
            {
                caches[stream].Store(i, packet.AsSpan(0, 40 + ((i * 7919) + (stream * 104_729)) % 1_160), TimeSpan.FromMilliseconds(i * 20));
            }
        });
        caches.ForEach(cache => cache.Dispose());
        Assert.Equal(0, memory.InUse);
    }

    [Theory]
    [InlineData(VideoCodec.Vp8, "vp8-simulcast-q")]
    [InlineData(VideoCodec.H264, "h264-l1t3")]
    [InlineData(VideoCodec.Vp9, "vp9-l1t3")]
    [InlineData(VideoCodec.Av1, "av1-l1t3")]
    public void Looking_into_video_and_retransmitting_it_allocates_nothing(VideoCodec codec, string capture)
    {
        var packets = RtpCaptures.Read(capture);
        var structure = new DependencyStructure();
        var allocation = new VideoLayersAllocation();
        var buffer = new byte[1500];
        AssertNoAllocation(i =>
        {
            var bytes = packets[i % packets.Count].AsSpan();
            if (!RtpPacket.TryParse(bytes, out var packet)
                || !VideoPacketReader.TryRead(codec, in packet, RtpCaptures.DependencyDescriptor, structure, out var info))
            {
                throw new InvalidOperationException("The packet is good.");
            }

            if (packet.TryGetExtension(RtpCaptures.VideoLayersAllocation, out var value)) allocation.TryRead(value);
            VideoPacketReader.Renumber(codec, bytes[packet.HeaderLength..], 0, 0);
            var length = RtxPacket.Write(bytes, 97, (ushort)i, 1, buffer);
            RtxPacket.TryRestore(buffer.AsSpan(0, length), packet.PayloadType, packet.Ssrc, out _);
        });
    }

    [Fact]
    public void Statistics_and_nacks_allocate_nothing()
    {
        var statistics = new RtpReceiveStatistics(1, 90_000);
        var generator = new NackGenerator();
        var unwrapper = new SequenceUnwrapper();
        var lost = new ushort[64];
        var asked = 0;
        AssertNoAllocation(i =>
        {
            var now = TimeSpan.FromMilliseconds(i);
            if (i % 7 != 0)
            {
                statistics.OnPacket((ushort)i, (uint)i * 90, now);
                generator.OnPacket(unwrapper.Unwrap((ushort)i), now);
            }

            asked += generator.CollectDue(now, TimeSpan.FromMilliseconds(30), lost);
            statistics.BuildReportBlock(now);
        });

        Assert.True(asked > Rounds / 7);
    }

    private static void AssertNoAllocation(Action<int> round)
    {
        for (var i = 0; i < 100; i++)
        {
            round(i);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 100; i < 100 + Rounds; i++)
        {
            round(i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
