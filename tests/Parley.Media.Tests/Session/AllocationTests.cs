using Parley.Media.Mixing;
using Parley.Media.Rtp;
using Parley.Media.Session;
using Parley.Media.Srtp;

namespace Parley.Media.Tests.Session;

/// <summary>Design §8: no allocation per packet, from the datagram to the sink.</summary>
public sealed class AllocationTests
{
    private const int WarmUp = 600;
    private const int Packets = 2_000;

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1_80)]
    public void Forwarding_a_video_packet_to_five_viewers_allocates_nothing(SrtpProfile profile)
    {
        using var heap = new QuietHeap();
        var engine = new TestEngine();
        var room = engine.Engine.OpenRoom();
        var sender = new TestPeer(engine, room, 1, profile);
        var viewers = Enumerable.Range(2, 5).Select(i => new TestPeer(engine, room, i, profile)).ToList();
        foreach (var viewer in viewers) viewer.Watch(sender);

        // The whole cache is used before we count: its buffers come from the pool once.
        var datagrams = Enumerable.Range(0, WarmUp + Packets)
            .Select(i => sender.Protect(sender.MakeFrame(7_000 + i, key: i == 0, transport: (ushort)i), 7_000 + i)).ToList();
        engine.Keeps = false;
        for (var i = 0; i < WarmUp; i++) engine.Receive(datagrams[i], sender.Address);
        var (sent, before) = (engine.SentCount, GC.GetAllocatedBytesForCurrentThread());
        for (var i = WarmUp; i < datagrams.Count; i++) engine.Receive(datagrams[i], sender.Address);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(5 * Packets, engine.SentCount - sent);
        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1_80)]
    public void Audio_in_and_the_mix_out_allocate_nothing(SrtpProfile profile)
    {
        using var heap = new QuietHeap();
        var engine = new TestEngine();
        var room = engine.Engine.OpenRoom();
        var people = Enumerable.Range(1, 3).Select(i => new TestPeer(engine, room, i, profile)).ToList();
        var speaker = people[0];
        using var encoder = new OpusEncoder(new OpusEncoderOptions());
        var pcm = new float[960];
        var opus = new byte[1_275];
        var datagrams = new List<byte[]>();
        for (var i = 0; i < 500; i++)
        {
            for (var s = 0; s < pcm.Length; s++) pcm[s] = 0.2f * MathF.Sin((i * 960 + s) * 0.05f);
            var length = encoder.Encode(pcm, opus);
            var writer = new RtpWriter(new byte[1_500]);
            writer.WriteHeader(TestPeer.OpusType, false, (ushort)(7_000 + i), (uint)(i * 960), speaker.Audio);
            writer.WritePayload(opus.AsSpan(0, length));
            datagrams.Add(speaker.Protect(writer.Written.ToArray(), 7_000 + i));
        }

        engine.Keeps = false;
        var (sent, before) = (0L, 0L);
        for (var i = 0; i < datagrams.Count; i++)
        {
            if (i == 200) (sent, before) = (engine.SentCount, GC.GetAllocatedBytesForCurrentThread());
            engine.Now = TimeSpan.FromMilliseconds(20 * i);
            engine.Receive(datagrams[i], speaker.Address);
            room.Audio.Tick(engine.Now);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(engine.SentCount - sent >= 2 * 300, $"{engine.SentCount - sent} sent");
        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1_80)]
    public void Checks_reports_feedback_and_retransmissions_allocate_nothing(SrtpProfile profile)
    {
        using var heap = new QuietHeap();
        var engine = new TestEngine();
        var room = engine.Engine.OpenRoom();
        var sender = new TestPeer(engine, room, 1, profile);
        var viewer = new TestPeer(engine, room, 2, profile);
        viewer.Watch(sender);
        var datagrams = new List<(byte[] Bytes, TransportAddress From)>();
        for (var i = 0; i < 2_000; i++)
        {
            // Every tenth is lost, so the engine asks again.
            if (i % 10 != 3) datagrams.Add((sender.Protect(sender.MakeFrame(7_000 + i, key: i % 100 == 0, transport: (ushort)i), 7_000 + i), sender.Address));
            if (i % 50 == 0) datagrams.Add((viewer.MakeCheck(), viewer.Address));
            if (i % 50 == 25) datagrams.Add((sender.MakeCheck(), sender.Address));
        }

        engine.Keeps = false;
        // Until then every place of the cache has been filled once, also those whose packet was lost the first time round.
        var warm = datagrams.Count * 3 / 4;
        var before = 0L;
        for (var i = 0; i < datagrams.Count; i++)
        {
            if (i == warm) before = GC.GetAllocatedBytesForCurrentThread();
            engine.Engine.HandleDatagram(datagrams[i].Bytes, datagrams[i].From, engine.Now);
            engine.Run(TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
