using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

/// <summary>Plays a sender's packets over a scripted path into a jitter buffer, in virtual time, and takes notes.</summary>
internal sealed class JitterPath
{
    private readonly JitterBuffer _buffer = new(new JitterBufferOptions());
    private readonly List<Packet> _packets = [];
    private readonly HashSet<long> _played = [];
    private readonly Dictionary<long, TimeSpan> _arrivals = [];
    private int _fill;

    public JitterBuffer Buffer => _buffer;

    /// <summary>What was played, in 48 kHz samples.</summary>
    public Dictionary<JitterFrameKind, long> Samples { get; } = Enum.GetValues<JitterFrameKind>().ToDictionary(k => k, _ => 0L);

    /// <summary>How long each played packet waited, from arrival to play.</summary>
    public List<TimeSpan> Waits { get; } = [];

    public List<JitterFrameKind> Kinds { get; } = [];

    public int Played => _played.Count;

    /// <summary>Whether what is played has a period of 10 ms wherever one is sought; else time is stretched only where it must.</summary>
    public bool HasPitch { get; set; }

    /// <summary>A 20 ms SILK packet that says it carries FEC, and its own number.</summary>
    public static byte[] Payload(long sequence, byte toc = 0x08)
    {
        var payload = new byte[12];
        payload[0] = toc;
        payload[1] = 0x40;
        BitConverter.TryWriteBytes(payload.AsSpan(4), sequence);
        return payload;
    }

    public JitterPath Send(long sequence, long timestamp, double arrivalMs, byte[]? payload = null)
    {
        _packets.Add(new Packet(sequence, timestamp, TimeSpan.FromMilliseconds(arrivalMs), payload ?? Payload(sequence)));
        return this;
    }

    /// <summary>Ticks from the start to the end, both in ms; the first is at a whole number of 20 ms.</summary>
    public JitterPath Run(double fromMs, double toMs)
    {
        var due = new Queue<Packet>(_packets.OrderBy(p => p.Arrival));
        _packets.Clear();
        for (var at = TimeSpan.FromMilliseconds(fromMs); at.TotalMilliseconds <= toMs; at += AudioFormat.Tick)
        {
            while (due.TryPeek(out var packet) && packet.Arrival <= at)
            {
                due.Dequeue();
                _buffer.Insert(packet.Sequence, packet.Timestamp, packet.Arrival, packet.Payload);
                _arrivals[packet.Sequence] = packet.Arrival;
            }

            Tick(at);
        }

        _packets.AddRange(due);
        return this;
    }

    private void Tick(TimeSpan at)
    {
        Fill(at);
        var (change, samples, isUrgent) = _buffer.Adjust(at, _fill);
        var period = change == DelayChange.Lower ? -Math.Min(samples, 480) : 480;
        if (change != DelayChange.None && (HasPitch || isUrgent))
        {
            _fill += period;
            _buffer.OnAdjusted(at, period);
            Fill(at);
        }

        _fill -= 960;
        Assert.InRange(_buffer.Held, TimeSpan.Zero, TimeSpan.FromMilliseconds(250));
    }

    private void Fill(TimeSpan at)
    {
        while (_fill < 960)
        {
            var frame = _buffer.Next(at);
            Assert.InRange(frame.Samples - frame.Skip, 1, 5_760);
            var playAt = at + (AudioFormat.Tick * _fill / 960);
            _fill += frame.Samples - frame.Skip;
            Samples[frame.Kind] += frame.Samples - frame.Skip;
            Kinds.Add(frame.Kind);
            if (frame.Kind != JitterFrameKind.Packet) continue;
            if (frame.Payload.Length < 12) continue;

            var sequence = BitConverter.ToInt64(frame.Payload[4..]);
            Assert.True(_played.Add(sequence), $"packet {sequence} was played twice");
            Waits.Add(playAt - _arrivals[sequence]);
        }
    }

    private sealed record Packet(long Sequence, long Timestamp, TimeSpan Arrival, byte[] Payload);
}
