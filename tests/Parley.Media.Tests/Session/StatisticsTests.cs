using Parley.Media.Rtcp;
using Parley.Media.Rtp;
using Parley.Media.Session;

namespace Parley.Media.Tests.Session;

/// <summary>What is counted of a connection, and of its room and engine with it.</summary>
public sealed class StatisticsTests
{
    private readonly TestEngine _engine = new();
    private readonly Room _room;
    private readonly TestPeer _sender;
    private readonly TestPeer _viewer;

    public StatisticsTests()
    {
        _room = _engine.Engine.OpenRoom();
        _sender = new TestPeer(_engine, _room, 1);
        _viewer = new TestPeer(_engine, _room, 2);
        _viewer.Watch(_sender);
    }

    [Fact]
    public void Packets_and_bytes_count_at_who_sent_them_and_who_got_them()
    {
        for (var i = 0; i < 10; i++) _sender.Film(7_000 + i, key: i == 0);
        var (up, down) = (_sender.Connection.Counters, _viewer.Connection.Counters);
        var bytes = _engine.BytesTo(_viewer.Address) - _engine.Sent.First(sent => sent.To == _viewer.Address).Bytes.Length;
        Assert.Equal((10L, 0L, 0L), (up.Received, up.Sent, up.SentBytes));
        Assert.Equal((0L, 10L, bytes), (down.Received, down.Sent, down.SentBytes));
        Assert.Equal((10L, 10L, up.ReceivedBytes, bytes), (_room.Counters.Received, _room.Counters.Sent, _room.Counters.ReceivedBytes, _room.Counters.SentBytes));

        // What a room counted outlives who is gone.
        _room.Remove(_sender.Connection);
        Assert.Equal(10, _room.Counters.Received);
    }

    [Fact]
    public void What_is_lost_on_the_way_up_counts_with_each_report_and_only_once()
    {
        foreach (var index in (int[])[0, 1, 3, 4, 6]) _sender.Film(7_000 + index, key: index == 0);
        Expect(_sender, Occurrence.Lost, 0);
        _engine.Run(TimeSpan.FromSeconds(1));
        Expect(_sender, Occurrence.Lost, 2);
        Assert.True(_sender.Connection.Counters.Count(Occurrence.NackSent) >= 2);

        // Late, but not lost a second time; another one is.
        _sender.Film(7_002);
        _sender.Film(7_007);
        _engine.Run(TimeSpan.FromSeconds(1));
        Expect(_sender, Occurrence.Lost, 2);
        _sender.Film(7_009);
        _sender.Film(7_011);
        _engine.Run(TimeSpan.FromSeconds(1));
        Expect(_sender, Occurrence.Lost, 3);
        Expect(_viewer, Occurrence.Lost, 0, all: 3);
    }

    [Fact]
    public void What_the_viewer_reports_as_lost_counts_once_and_never_backwards()
    {
        _sender.Film(7_000, key: true);
        foreach (var lost in (int[])[3, 3, -5, 2, 7]) Report(_viewer.Slot(0), lost);
        Expect(_viewer, Occurrence.ReportedLost, 7);
        Report(_viewer.Mix, 2);
        Report(_sender.Slot(0), 100);
        Expect(_viewer, Occurrence.ReportedLost, 9);
    }

    [Fact]
    public void What_is_asked_for_again_counts_as_sent_or_refused()
    {
        _sender.Film(7_000, key: true);
        _sender.Film(7_001);
        Assert.True(RtpPacket.TryParse(_viewer.Read().Rtp[1], out var packet));
        var there = packet.SequenceNumber;
        _viewer.SendRtcp((ref RtcpWriter writer) => writer.WriteNack(9, _viewer.Slot(0), [there, (ushort)(there + 9)]));
        _viewer.SendRtcp((ref RtcpWriter writer) => writer.WriteNack(9, _sender.Slot(0), [there]));
        Expect(_viewer, Occurrence.NackReceived, 2);
        Expect(_viewer, Occurrence.Retransmitted, 1);
        Expect(_viewer, Occurrence.RetransmissionRefused, 1);
        Assert.Equal(3, _viewer.Connection.Counters.Sent);
    }

    [Fact]
    public void Keyframe_requests_count_both_ways()
    {
        _sender.Film(7_000, key: true);
        _engine.Run(TimeSpan.FromSeconds(1));
        _viewer.SendRtcp((ref RtcpWriter writer) => writer.WritePictureLossIndication(9, _viewer.Slot(0)));
        _viewer.SendRtcp((ref RtcpWriter writer) => writer.WriteFullIntraRequest(9, [new FullIntraRequestEntry(_viewer.Slot(0), 1)]));
        _viewer.SendRtcp((ref RtcpWriter writer) => writer.WritePictureLossIndication(9, _sender.Slot(0)));
        _sender.Film(7_001);
        Expect(_viewer, Occurrence.KeyframeRequestReceived, 2);
        Assert.Equal(_sender.Read().KeyframeRequestsFor(_sender.Camera), _sender.Connection.Counters.Count(Occurrence.KeyframeRequestSent));
        Expect(_sender, Occurrence.KeyframeRequestSent, 1);
    }

    [Fact]
    public void Drops_count_by_their_reason_at_whose_they_are()
    {
        _sender.Film(7_000, key: true);
        _sender.Connection.SetSending(audio: false, camera: false, screen: true);
        _sender.Film(7_001);
        _sender.Film(7_002, ssrc: 77);
        _sender.Film(7_003, payloadType: 55);
        var forged = _sender.Protect(_sender.MakeFrame(7_004), 7_004);
        forged[^1] ^= 1;
        _engine.Receive(forged, _sender.Address);
        var audio = new RtpWriter(new byte[100]);
        audio.WriteHeader(TestPeer.OpusType, false, 1, 960, _sender.Audio);
        audio.WritePayload([0xFC, 0, 0]);
        _sender.Send(audio.Written.ToArray(), 1);
        foreach (var (reason, count) in ((DropReason, long)[])[(DropReason.SourceOff, 2), (DropReason.UnknownSsrc, 1), (DropReason.UnknownPayloadType, 1), (DropReason.Srtp, 1)])
        {
            Assert.Equal((reason, count, 0L, count, count), (
                reason, _sender.Connection.Counters.Dropped(reason), _viewer.Connection.Counters.Dropped(reason), _room.Counters.Dropped(reason), _engine.Dropped(reason)));
        }
    }

    [Fact]
    public void The_way_down_is_told_as_far_as_it_is_known()
    {
        var before = _viewer.Connection.ReadPath(_engine.Now);
        Assert.Equal((null, null, 0), (before.RoundTrip, before.Estimate, before.Pictures));

        for (var i = 0; i < 60; i++)
        {
            _sender.Film(7_000 + i, key: i == 0);
            _engine.Run(TimeSpan.FromMilliseconds(25));
        }

        var sent = NtpTime.From(TestEngine.Origin).Add(_engine.Now).Add(TimeSpan.FromMilliseconds(-70)).Middle32;
        _viewer.SendRtcp((ref RtcpWriter writer) => writer.WriteReceiverReport(9, [new ReportBlock(_viewer.Slot(0), 0, 0, 1, 0, sent, 0)]));
        var after = _viewer.Connection.ReadPath(_engine.Now);
        Assert.Equal(70, after.RoundTrip!.Value.TotalMilliseconds, 0.1);
        Assert.Equal((1, 0, 0), (after.Pictures, after.Reduced, after.Paused));
        Assert.True(after.Wanted > 0);
        Assert.Equal(after.Wanted, after.Allocated);
    }

    private void Expect(TestPeer peer, Occurrence occurrence, long count, long? all = null) => Assert.Equal(
        (occurrence, count, all ?? count, all ?? count),
        (occurrence, peer.Connection.Counters.Count(occurrence), _room.Counters.Count(occurrence), _engine.Engine.Counters.Count(occurrence)));

    private void Report(uint ssrc, int lost) =>
        _viewer.SendRtcp((ref RtcpWriter writer) => writer.WriteReceiverReport(9, [new ReportBlock(ssrc, 0, lost, 1, 0, 0, 0)]));
}
