using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

/// <summary>Plays a voice's packets of 20 ms over a scripted path through decoder and jitter buffer, in virtual time.</summary>
internal sealed class VoicePath : IDisposable
{
    private readonly AudioInbox _inbox = new();

    public VoicePath() => Source = new AudioSource(_inbox, new JitterBufferOptions());

    public AudioSource Source { get; }

    /// <summary>What went into the mix.</summary>
    public List<float> Heard { get; } = [];

    /// <summary>For each tick in which something was played, how long after its sending a sample went into the mix.</summary>
    public List<double> DelaysMs { get; } = [];

    /// <summary>What was allocated after the first two seconds, when each place has its memory.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>The packets of a voice that is encoded for a path that loses 10 %.</summary>
    public static byte[][] Encode(float[] samples)
    {
        using var encoder = new OpusEncoder(new OpusEncoderOptions { ExpectedLossPercent = 10 });
        var packet = new byte[AudioFormat.MaxEncodedBytes];
        return [.. samples.Chunk(960).Select(frame => packet[..encoder.Encode(frame, packet)])];
    }

    /// <param name="packets">Sent in a circle.</param>
    /// <param name="sentMs">When each is sent: its last sample was spoken.</param>
    /// <param name="laterMs">How long each is on its way; null: lost.</param>
    /// <param name="ticks">How many ticks to play.</param>
    public VoicePath Run(byte[][] packets, Func<long, double> sentMs, Func<long, double?> laterMs, int ticks)
    {
        var due = new PriorityQueue<long, double>();
        for (var i = 0L; sentMs(i) <= ticks * 20; i++)
        {
            if (laterMs(i) is { } later) due.Enqueue(i, sentMs(i) + later);
        }

        for (var tick = 0; tick < ticks; tick++)
        {
            while (due.TryPeek(out var packet, out var arrival) && arrival <= tick * 20)
            {
                due.Dequeue();
                Assert.True(_inbox.TryWrite(packet, packet * 960, TimeSpan.FromMilliseconds(arrival), packets[packet % packets.Length]));
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            Source.Read(AudioFormat.Tick * tick, isOpen: true);
            if (tick > 100) AllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before;
            Heard.AddRange(Source.Frame ?? new float[960]);
            if (Source.Position is not { } position || position < 960) continue;
            DelaysMs.Add((tick * 20) - (position % 960 / 48.0) - sentMs((position / 960) - 1));
        }

        return this;
    }

    public void Dispose() => Source.Dispose();
}
