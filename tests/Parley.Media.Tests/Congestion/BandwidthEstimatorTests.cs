using CsCheck;
using Parley.Media.Congestion;
using Parley.Media.Rtcp;

namespace Parley.Media.Tests.Congestion;

public sealed class BandwidthEstimatorTests
{
    private const int Lost = int.MinValue;

    private readonly BandwidthEstimator _estimator = new(new BandwidthOptions(30_000, 300_000, 5_000_000));
    private readonly byte[] _buffer = new byte[1_200];
    private TimeSpan _now = TimeSpan.FromSeconds(50);
    private byte _feedbackCount;

    private static TimeSpan Ms(double value) => TimeSpan.FromMilliseconds(value);

    /// <summary>Feedback from a base number on: the time since the one before of each in 250 µs, or that it is lost.</summary>
    private void Feed(ushort from, int reference, params ReadOnlySpan<int> deltas)
    {
        var writer = new RtcpWriter(_buffer);
        writer.WriteTransportCc(1, 2, from, reference, _feedbackCount++, deltas, out _);
        new RtcpReader(writer.Written).TryRead(out var packet);
        Assert.True(TransportCcFeedback.TryParse(packet, out var feedback));
        _estimator.OnFeedback(feedback, _now);
    }

    /// <summary>Sends a packet each 10 ms, with feedback on ten of them as late.</summary>
    private void Exchange(double seconds, int bytes = 1_250)
    {
        Span<int> deltas = stackalloc int[10];
        for (var i = 0; i < seconds * 10; i++)
        {
            ushort first = 0;
            for (var p = 0; p < 10; p++)
            {
                _now += Ms(10);
                var number = _estimator.OnSending(bytes, SentKind.Media, 0, _now);
                first = p == 0 ? number : first;
                deltas[p] = 40;
            }

            // The reference is in 64 ms: what is left of it goes into the first delta.
            var arrival = (long)(_now - Ms(90)).TotalMilliseconds * 4;
            deltas[0] = (int)(arrival % 256);
            _now += Ms(20);
            Feed(first, (int)(arrival / 256), deltas);
            _now -= Ms(20);
        }
    }

    [Fact]
    public void It_begins_at_the_start() => Assert.Equal(
        (300_000, TimeSpan.Zero, TimeSpan.MaxValue), (_estimator.Target, _estimator.RoundTrip, _estimator.NextDeadline));

    [Fact]
    public void It_grows_with_what_comes_through_and_measures_the_round_trip()
    {
        Exchange(20);

        Assert.InRange(_estimator.Target, 1_000_000, 1_510_000);
        Assert.InRange(_estimator.RoundTrip, Ms(19), Ms(21));
        Assert.Equal(1_000_000, _estimator.AckedBitrate, 20_000.0);
    }

    [Fact]
    public void While_nothing_is_heard_the_target_halves_each_second_down_to_the_minimum()
    {
        Exchange(20);
        var target = _estimator.Target;
        for (var i = 0; i < 100; i++)
        {
            _estimator.OnSending(1_250, SentKind.Media, 0, _now);
            _now += Ms(100);
            if (_now >= _estimator.NextDeadline) _estimator.HandleTimeout(_now);
            if (i == 5) Assert.Equal(target, _estimator.Target);
            if (i == 12) Assert.Equal(target / 2, _estimator.Target);
        }

        Assert.Equal(30_000, _estimator.Target);
    }

    [Fact]
    public void When_nothing_is_sent_nothing_is_missed()
    {
        Exchange(20);
        var target = _estimator.Target;
        _now += TimeSpan.FromMinutes(10);
        _estimator.HandleTimeout(_now);

        Assert.Equal(target, _estimator.Target);
    }

    [Fact]
    public void A_peer_that_never_says_anything_is_sent_no_more_than_the_minimum()
    {
        for (var i = 0; i < 600; i++)
        {
            _estimator.OnSending(1_250, SentKind.Media, 0, _now);
            _now += Ms(100);
            if (_now >= _estimator.NextDeadline) _estimator.HandleTimeout(_now);
        }

        Assert.Equal(30_000, _estimator.Target);
        _estimator.Wanted = 1_000_000;
        Assert.False(_estimator.TryTakeProbe(_now, out _));
    }

    [Fact]
    public void A_peer_without_transport_wide_feedback_is_served_by_its_receiver_reports()
    {
        _estimator.OnReceiverReport(128, Ms(50), _now);
        Assert.Equal(225_000, _estimator.Target);
        _estimator.OnRemb(100_000, _now);
        Assert.Equal(100_000, _estimator.Target);
        Assert.Equal(Ms(50), _estimator.RoundTrip);

        // Once it has sent transport-wide feedback this says it all.
        Exchange(1);
        var target = _estimator.Target;
        _estimator.OnReceiverReport(255, Ms(900), _now);
        _estimator.OnRemb(40_000, _now);
        Assert.Equal(target, _estimator.Target);
    }

    /// <summary>Forty packets at once, of which feedback tells that five came, 30 ms apart: 333 kb/s.</summary>
    private ushort Collapse()
    {
        Exchange(20);
        var first = _estimator.OnSending(1_250, SentKind.Media, 0, _now);
        for (var i = 1; i < 40; i++) _estimator.OnSending(1_250, SentKind.Media, 0, _now);
        var arrival = (long)_now.TotalMilliseconds * 4;
        _now += Ms(140);
        Feed(first, (int)(arrival / 256), (int)(arrival % 256), 120, 120, 120, 120);
        return first;
    }

    [Fact]
    public void One_feedback_tells_that_the_path_has_collapsed()
    {
        Collapse();

        Assert.InRange(_estimator.Target, 250_000, 300_000);
        Assert.True(_estimator.HasCollapsed(_now));
        Assert.False(_estimator.HasCollapsed(_now + Ms(500)));
    }

    [Fact]
    public void A_path_that_has_just_collapsed_is_not_probed()
    {
        _estimator.Wanted = 2_000_000;
        Collapse();

        // Long ago was the last, and far more is wanted.
        Assert.False(_estimator.TryTakeProbe(_now, out _));
        Assert.False(_estimator.TryTakeProbe(_now + Ms(499), out _));
        Assert.True(_estimator.TryTakeProbe(_now + Ms(500), out _));
    }

    [Fact]
    public void What_a_collapsed_path_lost_of_what_was_sent_before_does_not_lower_the_target_again()
    {
        var first = Collapse();
        var before = _estimator.Target;
        _now += Ms(600);
        var deltas = new int[35];
        Array.Fill(deltas, Lost);
        deltas[^1] = 4;
        Feed((ushort)(first + 5), (int)(_now.TotalMilliseconds * 4 / 256), deltas);

        Assert.InRange(_estimator.Target, before, before * 2);
    }

    [Fact]
    public void A_new_path_begins_at_the_start_and_old_feedback_says_nothing_of_it()
    {
        Exchange(20);
        var last = _estimator.OnSending(1_250, SentKind.Media, 0, _now);
        _estimator.OnNewPath(_now);
        Feed((ushort)(last - 9), 1_000, Lost, Lost, Lost, Lost, Lost, Lost, Lost, Lost, Lost, 5);
        Assert.Equal((300_000, TimeSpan.Zero), (_estimator.Target, _estimator.RoundTrip));

        _estimator.Wanted = 10_000_000;
        Exchange(0.1);
        Assert.True(_estimator.TryTakeProbe(_now, out var probe));
        Assert.Equal(900_000, probe.Bitrate);
    }

    [Fact]
    public void A_new_path_does_not_begin_above_what_the_old_one_bore()
    {
        Exchange(1);
        for (var i = 0; i < 100; i++)
        {
            _estimator.OnSending(1_250, SentKind.Media, 0, _now);
            _now += Ms(100);
            _estimator.HandleTimeout(_now);
        }

        _estimator.OnNewPath(_now);
        Assert.Equal(30_000, _estimator.Target);
    }

    [Fact]
    public void A_probe_tells_what_to_send_and_its_result_is_the_target()
    {
        _estimator.Wanted = 3_000_000;
        Assert.False(_estimator.TryTakeProbe(_now, out _));
        Exchange(0.1, 300);
        Assert.True(_estimator.TryTakeProbe(_now, out var probe));
        Assert.Equal(new ProbeCluster(1, 900_000, 5, Ms(15), 1_687), probe);

        var first = _estimator.OnSending(1_250, SentKind.Padding, probe.Id, _now);
        for (var i = 0; i < 5; i++) _estimator.OnSending(1_250, SentKind.Padding, probe.Id, _now += Ms(10));
        _now += Ms(20);
        Feed(first, 5_000, 0, 40, 40, 40, 40, 40);

        Assert.Equal(1_000_000, _estimator.Target, 1_000.0);
    }

    [Fact]
    public void An_overuse_of_long_ago_keeps_no_probe_back()
    {
        Exchange(5);
        for (var i = 0; i < 5; i++)
        {
            // Sent each 10 ms, they arrive each 12.5.
            var first = _estimator.OnSending(1_250, SentKind.Media, 0, _now);
            var arrival = (long)((_now + Ms(25 * i)).TotalMilliseconds * 4);
            for (var p = 1; p < 10; p++) _estimator.OnSending(1_250, SentKind.Media, 0, _now += Ms(10));
            _now += Ms(10);
            Feed(first, (int)(arrival / 256), (int)(arrival % 256), 50, 50, 50, 50, 50, 50, 50, 50, 50);
        }

        Assert.True(_estimator.IsOverusing);
        _estimator.Wanted = 3_000_000;
        Assert.False(_estimator.TryTakeProbe(_now + Ms(1_900), out _));
        Assert.True(_estimator.TryTakeProbe(_now + Ms(2_000), out _));
    }

    [Fact]
    public void After_each_timeout_the_next_is_later_whatever_keeps_a_probe_back()
    {
        _estimator.Wanted = 100_000_000;
        for (var i = 0; i < 300; i++)
        {
            Exchange(0.2);
            if (_now < _estimator.NextDeadline) continue;
            _estimator.HandleTimeout(_now);
            Assert.True(_estimator.NextDeadline > _now);
        }
    }

    [Fact]
    public void Probes_are_numbered_from_1_to_255_again_and_again()
    {
        _estimator.Wanted = 4_000_000;
        var ids = new List<int>();
        while (ids.Count < 300)
        {
            Exchange(0.1, 100);
            if (_estimator.TryTakeProbe(_now, out var probe)) ids.Add(probe.Id);
        }

        Assert.Equal(Enumerable.Range(0, 300).Select(i => i % 255 + 1), ids);
    }

    [Fact]
    public void Feedback_that_comes_twice_counts_once()
    {
        var first = _estimator.OnSending(1_250, SentKind.Media, 0, _now);
        for (var i = 1; i < 100; i++) _estimator.OnSending(1_250, SentKind.Media, 0, _now);
        for (var i = 0; i < 50; i++)
        {
            // 100 of which 5 are lost, again and again.
            var deltas = Enumerable.Range(0, 100).Select(n => n % 20 == 0 ? Lost : 1).ToArray();
            _now += Ms(100);
            Feed(first, 1_000, deltas);
        }

        Assert.InRange(_estimator.Target, 250_000, 310_000);
    }

    [Fact]
    public void Numbers_that_were_never_sent_change_nothing()
    {
        Exchange(2);
        var (target, deadline) = (_estimator.Target, _estimator.NextDeadline);
        foreach (var from in new ushort[] { 0, 30_000, 40_000, 65_000 })
        {
            Feed(from, 7, Lost, 1, 2, 3, Lost, Lost, 4);
            Assert.Equal((target, deadline), (_estimator.Target, _estimator.NextDeadline));
        }
    }

    /// <summary>Whatever is fed, exceptions escape none and the target stays within its bounds.</summary>
    [Fact]
    public void Nothing_a_peer_reports_leads_out_of_the_bounds() => Gen.Select(
        Gen.Int[0, 40], Gen.Int[-60, 20], Gen.Int[-(1 << 23), (1 << 23) - 1], Gen.OneOf(Gen.Const(Lost), Gen.Short.Select(d => (int)d)).Array[1, 60],
        Gen.Int[0, 2_000]).Array[1, 60].Sample(steps =>
        {
            var test = new BandwidthEstimatorTests();
            test._estimator.Wanted = 4_000_000;
            ushort last = 0;
            foreach (var (sent, back, reference, deltas, pause) in steps)
            {
                test._estimator.TryTakeProbe(test._now, out var probe);
                for (var i = 0; i < sent; i++) last = test._estimator.OnSending(1_250, SentKind.Media, probe.Id, test._now);
                test._now += Ms(pause);
                test.Feed((ushort)(last + back), reference, deltas);
                test._estimator.HandleTimeout(test._now);
                Assert.True(test._estimator.NextDeadline > test._now);
                Assert.InRange(test._estimator.Target, 30_000, 5_000_000);
                Assert.InRange(test._estimator.RoundTrip, TimeSpan.Zero, TimeSpan.FromMinutes(72));
            }
        });

    [Fact]
    public void Packets_and_feedback_allocate_nothing()
    {
        _estimator.Wanted = 4_000_000;
        Exchange(10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Exchange(0.2);
            _estimator.TryTakeProbe(_now, out _);
            _estimator.HandleTimeout(_now);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void One_estimator_takes_20_KB_at_most()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var estimator = new BandwidthEstimator(new BandwidthOptions());
        var small = GC.GetAllocatedBytesForCurrentThread() - before;
        for (var i = 0; i < 10_000; i++) estimator.OnSending(1_250, SentKind.Media, 0, _now);

        // What was allocated in all while it grew to 16 KB is less than twice as much.
        Assert.InRange(small, 1, 3_000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, small + 2 * 16_384);
    }

    [Fact]
    public void Bounds_that_contradict_each_other_are_our_own_mistake()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BandwidthEstimator(new BandwidthOptions(Min: 0, Start: 1, Max: 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BandwidthEstimator(new BandwidthOptions(Min: 11, Start: 10, Max: 12)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BandwidthEstimator(new BandwidthOptions(Min: 1, Start: 10, Max: 9)));
    }
}
