using Parley.Media.Rtcp;
using Parley.Media.Rtp;
using Parley.Media.Session;

namespace Parley.Media.Tests.Session;

/// <summary>RTCP both ways (RFC 3550 §6, RFC 4585, RFC 5104): what the engine asks for, reports and answers.</summary>
public sealed class FeedbackTests
{
    private readonly TestEngine _engine = new();
    private readonly Room _room;
    private readonly TestPeer _sender;
    private readonly TestPeer _viewer;

    public FeedbackTests()
    {
        _room = _engine.Engine.OpenRoom();
        _sender = new TestPeer(_engine, _room, 1);
        _viewer = new TestPeer(_engine, _room, 2);
        _viewer.Watch(_sender);
    }

    [Fact]
    public void A_flood_of_keyframe_requests_is_a_few_upstream()
    {
        _sender.Film(7_000, key: true);
        var slot = _viewer.Slot(0);
        for (var i = 1; i <= 100; i++)
        {
            for (var k = 0; k < 10; k++)
            {
                _viewer.SendRtcp((ref RtcpWriter writer) =>
                {
                    writer.WritePictureLossIndication(9, slot);
                    writer.WriteFullIntraRequest(9, [new FullIntraRequestEntry(slot, (byte)k), new FullIntraRequestEntry(slot, (byte)(k + 1))]);
                });
            }

            _sender.Film(7_000 + i);
            _engine.Run(TimeSpan.FromMilliseconds(10));
        }

        // One second, one in 300 ms.
        Assert.Equal(4, _sender.Read().KeyframeRequestsFor(_sender.Camera));
    }

    [Fact]
    public void A_way_that_has_changed_asks_for_keyframes_both_ways()
    {
        _sender.Film(7_000, key: true);
        _sender.Film(7_001);
        _sender.Read();
        _engine.Run(TimeSpan.FromSeconds(1));

        // The viewer has moved: what their decoder missed nobody knows.
        _viewer.Check(TransportAddress.FromIPv4(0xC6336407, 50_007));
        _sender.Film(7_002);
        Assert.Equal(1, _sender.Read().KeyframeRequestsFor(_sender.Camera));
        _sender.Film(7_003, key: true);
        _engine.Run(TimeSpan.FromSeconds(1));

        // The sender has moved: what was lost on the way here nobody knows either.
        _sender.Address = TransportAddress.FromIPv4(0xC6336408, 50_008);
        _sender.Check();
        _sender.Film(7_004);
        Assert.Equal(1, _sender.Read().KeyframeRequestsFor(_sender.Camera));
    }

    [Fact]
    public void A_keyframe_request_for_a_slot_of_someone_else_asks_for_nothing()
    {
        _sender.Film(7_000, key: true);
        var third = new TestPeer(_engine, _room, 3);
        third.SendRtcp((ref RtcpWriter writer) => writer.WritePictureLossIndication(9, _viewer.Slot(0)));
        _sender.Film(7_001);
        Assert.Equal(0, _sender.Read().KeyframeRequestsFor(_sender.Camera));
    }

    [Fact]
    public void A_lost_packet_is_sent_again_as_it_was()
    {
        _sender.Film(7_000, key: true);
        _sender.Film(7_001);
        var received = _viewer.Read();
        Assert.True(RtpPacket.TryParse(received.Rtp[1], out var lost));
        var sequence = lost.SequenceNumber;
        var datagram = _engine.Sent[^1].Bytes;
        _viewer.SendRtcp((ref RtcpWriter writer) => writer.WriteNack(9, _viewer.Slot(0), [sequence]));
        Assert.Equal(_viewer.Address, _engine.Sent[^1].To);
        Assert.Equal(datagram, _engine.Sent[^1].Bytes);
        Assert.Empty(_viewer.Read().Rtp);
    }

    [Fact]
    public void A_flood_of_nacks_is_answered_up_to_the_budget()
    {
        _sender.Film(7_000, key: true);
        for (var i = 1; i < 400; i++) _sender.Film(7_000 + i);
        var sequences = _viewer.Read().Rtp.Select(bytes => RtpPacket.TryParse(bytes, out var packet) ? packet.SequenceNumber : (ushort)0).ToArray();
        for (var i = 0; i < 50; i++) _viewer.SendRtcp((ref RtcpWriter writer) => writer.WriteNack(9, _viewer.Slot(0), sequences));
        Assert.Equal(500, _viewer.Read().RtpDatagrams);
    }

    [Fact]
    public void What_is_lost_on_the_way_up_is_asked_for_again_after_a_round_trip()
    {
        _sender.Film(7_000, key: true);
        _sender.Film(7_003);
        Assert.Empty(_sender.Read().NacksFor(_sender.Camera));
        _engine.Run(NackGenerator.ReorderingTolerance);
        Assert.Equal([7_001, 7_002], _sender.Read().NacksFor(_sender.Camera));
        _sender.Film(7_001);
        _engine.Run(TimeSpan.FromMilliseconds(99));
        Assert.Empty(_sender.Read().NacksFor(_sender.Camera));
        _engine.Run(TimeSpan.FromMilliseconds(1));
        Assert.Equal([7_002], _sender.Read().NacksFor(_sender.Camera));
    }

    [Fact]
    public void Reports_say_what_came_and_what_was_lost()
    {
        for (var i = 0; i < 100; i++)
        {
            if (i % 10 != 5) _sender.Film(7_000 + i, key: i == 0);
        }

        _engine.Run(TimeSpan.FromSeconds(1));
        var block = Assert.Single(_sender.Read().ReportBlocks());
        Assert.Equal((_sender.Camera, 10, 7_099u, 0u), (block.Ssrc, block.CumulativeLost, block.ExtendedHighestSequence, block.LastSenderReport));
        Assert.Equal(10 * 256 / 100, block.FractionLost);

        // Nothing new: nothing to report (RFC 3550 §6.4).
        _engine.Run(TimeSpan.FromSeconds(1));
        Assert.Empty(_sender.Read().ReportBlocks());
    }

    [Fact]
    public void A_report_names_the_senders_last_report_and_its_age()
    {
        _sender.Film(7_000, key: true);
        var time = new NtpTime(0x1234_5678_9ABC_DEF0);
        _sender.SendRtcp((ref RtcpWriter writer) => writer.WriteSenderReport(new SenderInfo(_sender.Camera, time, 1, 1, 1)));
        _engine.Run(TimeSpan.FromSeconds(1));
        var block = Assert.Single(_sender.Read().ReportBlocks());
        Assert.Equal((0x5678_9ABCu, 65_536u), (block.LastSenderReport, block.DelaySinceLastSenderReport));
    }

    [Fact]
    public void Every_shown_slot_has_sender_reports_on_the_time_of_its_stream()
    {
        for (var i = 0; i < 30; i++)
        {
            _sender.Film(7_000 + i, key: i == 0);
            _engine.Run(TimeSpan.FromMilliseconds(1_000 / 30.0));
        }

        _engine.Run(TimeSpan.FromSeconds(2));
        var received = _viewer.Read();
        var reports = received.SenderReports();
        Assert.True(reports.Count >= 2);
        Assert.All(reports, report => Assert.Equal(_viewer.Slot(0), report.Ssrc));
        Assert.Equal((30u, (uint)received.Rtp.Sum(bytes => bytes.Length - 12)), (reports[^1].PacketCount, reports[^1].OctetCount));
        var (first, last) = (reports[^2], reports[^1]);
        Assert.Equal(1_000, last.NtpTime.Since(first.NtpTime).TotalMilliseconds, 1);
        Assert.InRange(last.RtpTimestamp - first.RtpTimestamp, 89_990u, 90_010u);

        _viewer.Watch();
        _engine.Run(TimeSpan.FromSeconds(2));
        Assert.Empty(_viewer.Read().SenderReports());
    }

    [Fact]
    public void The_round_trip_is_learned_from_a_report_block()
    {
        var now = NtpTime.From(TestEngine.Origin).Add(_engine.Now);
        Report(new ReportBlock(_viewer.Slot(0), 0, 0, 1, 0, now.Add(TimeSpan.FromMilliseconds(-700)).Middle32, 65_536 / 2));
        Assert.Equal(200, _viewer.Connection.RoundTrip.TotalMilliseconds, 0.1);
    }

    [Theory]
    [InlineData(-5_000, 0)]
    [InlineData(100, 0)]
    [InlineData(0, int.MaxValue)]
    public void Nonsense_is_not_taken_for_a_round_trip(int sentAt, int delay)
    {
        var now = NtpTime.From(TestEngine.Origin).Add(_engine.Now);
        Report(new ReportBlock(_viewer.Slot(0), 0, 0, 1, 0, now.Add(TimeSpan.FromMilliseconds(sentAt)).Middle32, (uint)delay));
        Assert.Equal(100, _viewer.Connection.RoundTrip.TotalMilliseconds);
    }

    [Fact]
    public void The_listeners_loss_reaches_the_encoder()
    {
        Report(new ReportBlock(_viewer.Slot(0), 200, 0, 1, 0, 0, 0));
        Assert.Equal(0, _viewer.Connection.AudioLossPercent);
        Report(new ReportBlock(_viewer.Mix, 64, 0, 1, 0, 0, 0));
        Assert.Equal(25, _viewer.Connection.AudioLossPercent);
        Report(new ReportBlock(_viewer.Mix, 255, 0, 1, 0, 0, 0));
        Assert.Equal(99, _viewer.Connection.AudioLossPercent);
    }

    [Fact]
    public void Transport_wide_feedback_names_every_packet()
    {
        for (var i = 0; i < 20; i++)
        {
            if (i != 7) _sender.Send(_sender.MakeFrame(7_000 + i, key: i == 0, transport: (ushort)(65_530 + i)), 7_000 + i);
        }

        _engine.Run(TransportCcRecorder.FeedbackInterval);
        var received = new List<(ushort, bool)>();
        _sender.Read().ForEach((in RtcpPacket packet) =>
        {
            if (!TransportCcFeedback.TryParse(in packet, out var feedback)) return;
            Assert.Equal((_sender.Mix, _sender.Camera), (feedback.SenderSsrc, feedback.MediaSsrc));
            foreach (var status in feedback) received.Add((status.SequenceNumber, status.IsReceived));
        });
        Assert.Equal(Enumerable.Range(0, 20).Select(i => ((ushort)(65_530 + i), i != 7)), received);
    }

    [Fact]
    public void A_compound_that_breaks_off_is_counted()
    {
        _viewer.SendRtcp((ref RtcpWriter writer) =>
        {
            writer.WriteReceiverReport(9);
            writer.WriteSourceDescription(9, "x"u8);
        });
        Assert.Equal(0, _engine.Dropped(DropReason.Rtcp));

        // The length of the second packet reaches past the end.
        _viewer.SendRtcp([0x80, 201, 0, 1, 0, 0, 0, 9, 0x81, 203, 0, 200, 0, 0, 0, 9]);
        Assert.Equal(1, _engine.Dropped(DropReason.Rtcp));
    }

    private void Report(ReportBlock block) =>
        _viewer.SendRtcp((ref RtcpWriter writer) => writer.WriteReceiverReport(9, [block]));
}
