using System.Buffers.Binary;
using Parley.Media.Mixing;
using Parley.Media.Rtcp;
using Parley.Media.Rtp;
using Parley.Media.Session;
using Parley.Media.Tests.Forwarding;
using Parley.Media.Tests.Mixing;

namespace Parley.Media.Tests.Session;

/// <summary>
/// Flash and beep in virtual time: two people beep once a second and film all the while, each by a clock of their own over a path of their own.
/// What the sender reports of the mix and of the slot say of when both were is the same (RFC 3550 §6.4.1).
/// </summary>
public sealed class LipSyncTests
{
    /// <summary>Milliseconds. A browser's report is some of them off, and by how much the jitter buffer moves within a second, the next report tells.</summary>
    private const double Close = 12, Step = 40;

    private readonly TestEngine _engine = new();
    private readonly PriorityQueue<Action, TimeSpan> _due = new();
    private readonly Room _room;
    private readonly TestPeer _viewer;

    public LipSyncTests()
    {
        _room = _engine.Engine.OpenRoom();
        _viewer = new TestPeer(_engine, _room, 9);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(50, 0)]
    [InlineData(50, 200)]
    [InlineData(100, -200)]
    public void Reports_put_a_beep_and_its_flash_at_the_same_instant(int jitter, int driftPpm)
    {
        var person = new Publisher(this, 1, jitter, driftPpm, clock: TimeSpan.FromDays(400));
        _viewer.Watch(person.Peer);
        Run(TimeSpan.FromSeconds(30));
        var skews = Skews(person);
        Print($"Jitter {jitter} ms, drift {driftPpm} ppm", skews);
        AreClose(skews, 20);
    }

    [Fact]
    public void Whoever_comes_into_the_slot_is_on_the_same_line()
    {
        var near = new Publisher(this, 1, jitter: 0, driftPpm: 50, clock: TimeSpan.FromDays(-30_000));
        var far = new Publisher(this, 2, jitter: 80, driftPpm: -50, clock: TimeSpan.FromSeconds(5));
        _viewer.Watch(near.Peer);
        Run(TimeSpan.FromSeconds(12));
        var before = Reports(_viewer.Slot(0))[^1];
        _viewer.Watch(far.Peer);
        Run(TimeSpan.FromSeconds(12));
        var skews = Skews(far);
        Print("The second in a slot", skews);
        AreClose(skews, 8);

        // Browsers lay one line through the last twenty reports: it must not be bent by who is shown.
        Assert.All(
            Reports(_viewer.Slot(0)).Where(report => At(report) > TimeSpan.FromSeconds(3)),
            report => Assert.InRange((report.NtpTime.Since(before.NtpTime) - Passed(report, before, 90_000)).TotalMilliseconds, -Step, Step));
    }

    [Fact]
    public void A_clock_that_jumps_moves_no_picture_by_more_than_a_second()
    {
        var person = new Publisher(this, 1, jitter: 0, driftPpm: 0, clock: TimeSpan.Zero) { Lies = TimeSpan.FromSeconds(7) };
        _viewer.Watch(person.Peer);
        Run(TimeSpan.FromSeconds(12));
        foreach (var report in Reports(_viewer.Slot(0)))
        {
            var picture = _rtp.Where(one => one.Packet.Ssrc == _viewer.Slot(0) && one.At <= At(report)).MaxBy(one => one.At);
            Assert.InRange((int)(report.RtpTimestamp - picture.Packet.Timestamp), -90_000, 95_000);
        }
    }

    private readonly List<(TimeSpan At, (uint Ssrc, uint Timestamp, byte[] Payload) Packet)> _rtp = [];
    private readonly List<SenderInfo> _reports = [];

    private void Run(TimeSpan duration)
    {
        var end = _engine.Now + duration;
        while (_engine.Now < end)
        {
            // A tick of the mix, then what arrives until the next.
            _room.Audio.Tick(_engine.Now);
            var next = _engine.Now + AudioFormat.Tick;
            while (_due.TryPeek(out _, out var at) && at < next)
            {
                if (at > _engine.Now) _engine.Run(at - _engine.Now);
                _due.Dequeue()();
            }

            _engine.Run(next - _engine.Now);
            var inbound = _viewer.Read();
            _reports.AddRange(inbound.SenderReports());
            foreach (var bytes in inbound.Rtp)
            {
                Assert.True(RtpPacket.TryParse(bytes, out var packet));
                _rtp.Add((_engine.Now, (packet.Ssrc, packet.Timestamp, packet.Payload.ToArray())));
            }
        }
    }

    private List<SenderInfo> Reports(uint ssrc) => [.. _reports.Where(report => report.Ssrc == ssrc)];

    private static TimeSpan At(SenderInfo report) => report.NtpTime.Since(NtpTime.From(TestEngine.Origin));

    private static TimeSpan Passed(SenderInfo report, SenderInfo before, int rate) =>
        TimeSpan.FromSeconds((int)(report.RtpTimestamp - before.RtpTimestamp) / (double)rate);

    /// <summary>The server's time of a timestamp, by the last report before it came.</summary>
    private TimeSpan? TimeOf(uint ssrc, uint timestamp, TimeSpan at, int rate)
    {
        var known = Reports(ssrc).Where(report => At(report) <= at).ToList();
        return known.Count == 0 ? null : At(known[^1]) + TimeSpan.FromSeconds((int)(timestamp - known[^1].RtpTimestamp) / (double)rate);
    }

    /// <summary>Milliseconds from each beep's flash to the beep, as the reports tell them.</summary>
    private List<double> Skews(Publisher person)
    {
        var beeps = Onsets(person.Frequency);
        var skews = new List<double>();
        foreach (var (at, packet) in _rtp.Where(one => one.Packet.Ssrc == _viewer.Slot(0)))
        {
            // The picture tells when it was taken, by its last four bytes: milliseconds of its sender's clock since the start.
            if (packet.Payload[^5] != person.Peer.Number) continue;
            var captured = BinaryPrimitives.ReadInt32BigEndian(packet.Payload.AsSpan()[^4..]);
            if (at < TimeSpan.FromSeconds(5) || captured % 1_000 >= 33) continue;
            if (TimeOf(_viewer.Slot(0), packet.Timestamp, at, 90_000) is not { } seen) continue;
            seen -= TimeSpan.FromMilliseconds(captured % 1_000);
            var heard = beeps.MinBy(beep => (beep - seen).Duration());
            if ((heard - seen).Duration() < TimeSpan.FromMilliseconds(400)) skews.Add((heard - seen).TotalMilliseconds);
        }

        return skews;
    }

    /// <summary>When each beep of a frequency begins in the mix, on the time line of its reports.</summary>
    private List<TimeSpan> Onsets(int frequency)
    {
        using var decoder = new OpusDecoder();
        var samples = new float[AudioFormat.MaxPacketSamples];
        var onsets = new List<TimeSpan>();
        var loud = true;
        foreach (var (at, packet) in _rtp.Where(one => one.Packet.Ssrc == _viewer.Mix))
        {
            var length = decoder.Decode(packet.Payload, samples);
            for (var i = 0; i + 240 <= length; i += 240)
            {
                var level = Tones.LevelDb(samples.AsSpan(i, 240), frequency);
                if (level > -26 && !loud && TimeOf(_viewer.Mix, packet.Timestamp + (uint)i, at, 48_000) is { } heard)
                {
                    // Half a window until it is that loud; two encoders look 312 samples ahead each.
                    onsets.Add(heard + TimeSpan.FromSeconds((120 - 2 * 312) / 48_000.0));
                }

                loud = level > (loud ? -40 : -26);
            }
        }

        return onsets;
    }

    private static void AreClose(List<double> skews, int least)
    {
        Assert.True(skews.Count >= least);
        Assert.All(skews, skew => Assert.InRange(skew, -Step, Step));
        Assert.True(skews.Count(skew => Math.Abs(skew) <= Close) >= 0.7 * skews.Count);
    }

    private static void Print(string what, List<double> skews) => TestContext.Current.TestOutputHelper?.WriteLine(
        FormattableString.Invariant($"{what}: {skews.Count} beeps, {skews.Min():0.0} to {skews.Max():0.0} ms behind their flashes"));

    /// <summary>One who beeps and films, by a clock that runs as it likes and over a path that holds each packet for as long as it likes.</summary>
    private sealed class Publisher
    {
        private static readonly TimeSpan s_path = TimeSpan.FromMilliseconds(20);

        private readonly LipSyncTests _test;
        private readonly Random _random;
        private readonly OpusEncoder _encoder = new(new OpusEncoderOptions());
        private readonly int _jitter;
        private readonly double _rate;
        private readonly TimeSpan _clock, _start;
        private TimeSpan _last;
        private long _pictures, _frames;

        public Publisher(LipSyncTests test, int number, int jitter, int driftPpm, TimeSpan clock)
        {
            (_test, _jitter, _rate, _clock, _start) = (test, jitter, 1 + driftPpm / 1e6, clock, test._engine.Now);
            _random = new Random(number);
            Frequency = number * 1_000;
            Peer = new TestPeer(test._engine, test._room, number);
            Film();
            Speak();
            Report();
        }

        public TestPeer Peer { get; }

        public int Frequency { get; }

        /// <summary>What its later reports say of its clock that is not so.</summary>
        public TimeSpan Lies { get; init; }

        /// <summary>The moment at which its clock has run for so long.</summary>
        private TimeSpan When(double seconds) => _start + TimeSpan.FromSeconds(seconds / _rate);

        private void Later(double seconds, Action act) => _test._due.Enqueue(act, When(seconds));

        /// <summary>Over the path; nothing overtakes another.</summary>
        private void Send(Action send)
        {
            var arrival = _test._engine.Now + s_path + TimeSpan.FromMilliseconds(_jitter * _random.NextDouble());
            _last = arrival > _last ? arrival : _last;
            _test._due.Enqueue(send, _last);
        }

        private void Film()
        {
            var (index, captured) = (_pictures++, (_pictures - 1) / 30.0);
            Later(captured + 0.008, () =>
            {
                var bytes = Vp8Packets.Make(Peer.Camera, 7_000 + index, (uint)(long)(captured * 90_000) + 77, (int)index, (byte)index, key: index % 150 == 0, length: 60);
                bytes[^5] = (byte)Peer.Number;
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan()[^4..], (int)(captured * 1_000));
                Send(() => Peer.Send(bytes, 7_000 + index));
                Film();
            });
        }

        private void Speak()
        {
            var frame = _frames++;
            Later((frame + 1) * 0.020, () =>
            {
                var samples = new float[AudioFormat.FrameSamples];
                // A beep of 200 ms at each second of its clock.
                if (frame % 50 < 10) samples = Tones.Sine(Frequency, 0.3, AudioFormat.FrameSamples, frame * AudioFormat.FrameSamples);
                var packet = new byte[12 + AudioFormat.MaxEncodedBytes];
                packet[0] = 0x80;
                packet[1] = TestPeer.OpusType;
                BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)(3_000 + frame));
                BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), (uint)(frame * AudioFormat.FrameSamples) + 4_294_000_000);
                BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), Peer.Audio);
                var length = 12 + _encoder.Encode(samples, packet.AsSpan(12));
                Send(() => Peer.Send(packet[..length], 3_000 + frame));
                Speak();
            });
        }

        private void Report(int second = 1) => Later(second + 0.3, () =>
        {
            foreach (var (ssrc, rate, offset) in new[] { (Peer.Audio, 48_000, 4_294_000_000u), (Peer.Camera, 90_000, 77u) })
            {
                // A sender tells its time some milliseconds before or after it looks at its stream's.
                var elapsed = second + 0.3;
                var time = NtpTime.From(TestEngine.Origin).Add(_clock + TimeSpan.FromSeconds(elapsed + (_random.NextDouble() - 0.5) * 0.008) + (second > 5 ? Lies : TimeSpan.Zero));
                var info = new SenderInfo(ssrc, time, (uint)(long)(elapsed * rate) + offset, 1, 1);
                Send(() => Peer.SendRtcp((ref RtcpWriter writer) => writer.WriteSenderReport(in info)));
            }

            Report(second + 1);
        });
    }
}
