using CsCheck;
using Parley.Media.Rtcp;
using Parley.Media.Rtp;

namespace Parley.Media.Tests.Rtcp;

public sealed class TransportCcRecorderTests
{
    private static readonly TimeSpan Resolution = TimeSpan.FromMicroseconds(250);

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>Drains what is due: each feedback packet's statuses, in order.</summary>
    private static List<TransportCcStatus[]> Drain(TransportCcRecorder recorder, TimeSpan now, int capacity = 1200)
    {
        var packets = new List<TransportCcStatus[]>();
        var buffer = new byte[capacity];
        while (recorder.TryBuildFeedback(now, 1, 2, buffer, out var length))
        {
            var reader = new RtcpReader(buffer.AsSpan(0, length));
            Assert.True(reader.TryRead(out var packet));
            Assert.True(TransportCcFeedback.TryParse(packet, out var feedback));
            var statuses = new List<TransportCcStatus>();
            foreach (var status in feedback)
            {
                statuses.Add(status);
            }

            packets.Add([.. statuses]);
        }

        return packets;
    }

    [Fact]
    public void Nothing_is_due_before_a_packet_and_all_of_it_a_tenth_of_a_second_later()
    {
        var recorder = new TransportCcRecorder();
        Assert.Equal(TimeSpan.MaxValue, recorder.NextDeadline);
        Assert.Empty(Drain(recorder, Ms(1000)));

        recorder.OnPacket(65535, Ms(1000));
        recorder.OnPacket(1, Ms(1020.3));
        Assert.Equal(Ms(1100), recorder.NextDeadline);
        Assert.Empty(Drain(recorder, Ms(1099)));

        var statuses = Assert.Single(Drain(recorder, Ms(1100)));
        Assert.Equal([65535, 0, 1], statuses.Select(s => (int)s.SequenceNumber));
        Assert.Equal([true, false, true], statuses.Select(s => s.IsReceived));
        Assert.Equal([Ms(1000), Ms(0), Ms(1020.25)], statuses.Select(s => s.Arrival));
        Assert.Equal(TimeSpan.MaxValue, recorder.NextDeadline);
    }

    [Fact]
    public void A_steady_stream_is_reported_every_tenth_of_a_second()
    {
        var recorder = new TransportCcRecorder();
        var feedback = new List<TimeSpan>();
        for (var i = 0; i < 1000; i++)
        {
            recorder.OnPacket((ushort)i, Ms(i));
            if (Drain(recorder, Ms(i)).Count > 0)
            {
                feedback.Add(Ms(i));
            }
        }

        Assert.Equal(Enumerable.Range(1, 9).Select(i => Ms(i * 100)), feedback);
    }

    [Fact]
    public void A_late_packet_is_reported_again_with_those_after_it()
    {
        var recorder = new TransportCcRecorder();
        recorder.OnPacket(10, Ms(0));
        recorder.OnPacket(12, Ms(1));
        Assert.Equal([10, 11, 12], Drain(recorder, Ms(200)).Single().Select(s => (int)s.SequenceNumber));

        recorder.OnPacket(11, Ms(250));
        var statuses = Drain(recorder, Ms(400)).Single();
        Assert.Equal([(11, Ms(250)), (12, Ms(1))], statuses.Select(s => ((int)s.SequenceNumber, s.Arrival)));
    }

    [Fact]
    public void A_duplicate_keeps_the_first_arrival_and_makes_nothing_due()
    {
        var recorder = new TransportCcRecorder();
        recorder.OnPacket(10, Ms(0));
        recorder.OnPacket(10, Ms(50));
        Assert.Equal(Ms(0), Drain(recorder, Ms(200)).Single().Single().Arrival);

        recorder.OnPacket(10, Ms(300));
        Assert.Equal(TimeSpan.MaxValue, recorder.NextDeadline);
    }

    [Fact]
    public void A_pause_that_no_delta_expresses_starts_another_packet()
    {
        var recorder = new TransportCcRecorder();
        recorder.OnPacket(1, Ms(0));
        recorder.OnPacket(3, Ms(8_000));
        recorder.OnPacket(5, Ms(17_000));
        var packets = Drain(recorder, Ms(17_000));

        Assert.Equal(2, packets.Count);
        Assert.Equal([1, 2, 3, 4], packets[0].Select(s => (int)s.SequenceNumber));
        Assert.Equal([(5, Ms(17_000))], packets[1].Select(s => ((int)s.SequenceNumber, s.Arrival)));
    }

    [Fact]
    public void A_huge_gap_starts_anew()
    {
        var recorder = new TransportCcRecorder();
        recorder.OnPacket(1, Ms(0));
        recorder.OnPacket(20_000, Ms(10));

        Assert.Equal([20_000], Drain(recorder, Ms(200)).Single().Select(s => (int)s.SequenceNumber));
    }

    [Fact]
    public void A_sender_that_begins_anew_far_behind_is_followed_soon()
    {
        var recorder = new TransportCcRecorder();
        for (var i = 0; i < 100; i++)
        {
            recorder.OnPacket((ushort)(30_000 + i), Ms(i));
        }

        Drain(recorder, Ms(1000));
        for (var i = 0; i < 50; i++)
        {
            recorder.OnPacket((ushort)(100 + i), Ms(1000 + i));
        }

        var statuses = Drain(recorder, Ms(1200)).Single();
        Assert.All(statuses, s => Assert.True(s.IsReceived));
        Assert.Equal(149, statuses[^1].SequenceNumber);
        Assert.True(statuses.Length >= 30);
    }

    [Fact]
    public void Feedback_is_counted_modulo_256()
    {
        var recorder = new TransportCcRecorder();
        var buffer = new byte[TransportCcRecorder.MinimumLength];
        for (var i = 0; i < 300; i++)
        {
            recorder.OnPacket((ushort)i, Ms(i * 200));
            Assert.True(recorder.TryBuildFeedback(Ms(i * 200 + 100), 1, 2, buffer, out var length));
            var reader = new RtcpReader(buffer.AsSpan(0, length));
            Assert.True(reader.TryRead(out var packet));
            Assert.True(TransportCcFeedback.TryParse(packet, out var feedback));
            Assert.Equal((byte)i, feedback.FeedbackCount);
        }
    }

    [Fact]
    public void Too_short_a_destination_is_our_own_misuse()
    {
        var recorder = new TransportCcRecorder();
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            recorder.TryBuildFeedback(Ms(0), 1, 2, new byte[TransportCcRecorder.MinimumLength - 1], out _));
    }

    [Fact]
    public void Feedback_gives_back_the_arrivals()
    {
        // Packets sent 3 ms apart from any first number, lost or delayed up to 90 ms (so reordered up to 30 packets).
        var fates = Gen.Frequency((6, Gen.Const(0.0)), (1, Gen.Const(-1.0)), (3, Gen.Double[0, 90]));
        Gen.Select(Gen.UShort, fates.Array[2, 400], Gen.Int[TransportCcRecorder.MinimumLength, 400]).Sample((first, fate, capacity) =>
        {
            fate[^1] = 0;
            var recorder = new TransportCcRecorder();
            var truth = new Dictionary<ushort, TimeSpan>();
            var reported = new Dictionary<ushort, TimeSpan>();
            var statuses = new List<TransportCcStatus>();
            var arrivals = Enumerable.Range(0, fate.Length)
                .Where(i => fate[i] >= 0)
                .Select(i => (Sequence: (ushort)(first + i), At: Ms(5000 + i * 3 + fate[i])))
                .OrderBy(a => a.At);
            foreach (var (sequence, at) in arrivals)
            {
                recorder.OnPacket(sequence, at);
                truth.Add(sequence, at);
                statuses.AddRange(Drain(recorder, at, capacity).SelectMany(p => p));
                Assert.True(recorder.NextDeadline > at);
            }

            statuses.AddRange(Drain(recorder, recorder.NextDeadline, capacity).SelectMany(p => p));
            foreach (var status in statuses.Where(s => s.IsReceived))
            {
                reported[status.SequenceNumber] = status.Arrival;
            }

            Assert.Equal(truth.Keys.ToHashSet(), reported.Keys.ToHashSet());
            Assert.All(truth, t => Assert.InRange(t.Value - reported[t.Key], TimeSpan.Zero, Resolution));
        });
    }

    [Fact]
    public void Any_numbers_at_any_times_give_feedback_that_parses_and_ends()
    {
        // Arrivals that jump back and forth, numbers from anywhere: Drain asserts that each packet parses.
        var steps = Gen.Select(Gen.OneOf(Gen.UShort[0, 300], Gen.UShort), Gen.Long[-TimeSpan.TicksPerMinute, TimeSpan.TicksPerMinute]);
        Gen.Select(steps.Array[1, 200], Gen.Int[TransportCcRecorder.MinimumLength, 100]).Sample((packets, capacity) =>
        {
            var recorder = new TransportCcRecorder();
            foreach (var (sequence, at) in packets)
            {
                recorder.OnPacket(sequence, new TimeSpan(at));
            }

            var drained = Drain(recorder, TimeSpan.MaxValue - Ms(1), capacity);
            Assert.True(drained.Sum(p => p.Length) <= TransportCcRecorder.Capacity);
            Assert.Equal(TimeSpan.MaxValue, recorder.NextDeadline);
        });
    }
}
