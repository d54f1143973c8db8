using Parley.Media.Session;
using Parley.Media.Rtp;

namespace Parley.Media.Tests.Session;

/// <summary>Which packets of an authentic participant are believed (RFC 8843 §9.2), and as what.</summary>
public sealed class IntakeTests
{
    private readonly TestEngine _engine = new();
    private readonly Room _room;
    private readonly TestPeer _sender;
    private readonly TestPeer _viewer;

    public IntakeTests()
    {
        _room = _engine.Engine.OpenRoom();
        _sender = new TestPeer(_engine, _room, 1);
        _viewer = new TestPeer(_engine, _room, 2);
        _viewer.Watch(_sender);
    }

    [Fact]
    public void An_ssrc_that_nobody_announced_is_dropped()
    {
        _sender.Film(7_000, key: true, ssrc: 4_711);
        Assert.Equal(1, _engine.Dropped(DropReason.UnknownSsrc));
        Assert.Empty(_viewer.Read().Rtp);
    }

    [Fact]
    public void A_mid_names_the_m_line_of_an_ssrc_that_was_not_announced()
    {
        _sender.Film(7_000, key: true, ssrc: 4_711, mid: "1");
        Assert.Equal(1, _viewer.Read().CountOf(_viewer.Slot(0)));
    }

    [Theory]
    [InlineData("s0")]
    [InlineData("3")]
    [InlineData("11")]
    public void A_mid_that_is_no_m_line_of_theirs_binds_nothing(string mid)
    {
        // "s0" is an m-line of the viewer and of the sender too, but one we send on.
        _sender.Film(7_000, key: true, ssrc: 4_711, mid: mid);
        Assert.Equal(1, _engine.Dropped(DropReason.UnknownSsrc));
    }

    [Fact]
    public void Nobody_can_speak_with_an_ssrc_of_someone_else()
    {
        var third = new TestPeer(_engine, _room, 3);
        third.Film(7_000, key: true, ssrc: _sender.Camera);
        Assert.Equal(1, _engine.Dropped(DropReason.UnknownSsrc));
        third.Film(7_001, key: true, ssrc: _sender.Camera, mid: "1");
        Assert.Empty(_viewer.Read().Rtp);
        _sender.Film(7_000, key: true);
        Assert.Equal(1, _viewer.Read().CountOf(_viewer.Slot(0)));
    }

    [Fact]
    public void A_payload_type_that_was_not_negotiated_is_dropped()
    {
        _sender.Film(7_000, key: true, payloadType: 120);
        Assert.Equal(1, _engine.Dropped(DropReason.UnknownPayloadType));
        Assert.Empty(_viewer.Read().Rtp);
    }

    /// <summary>Not only in the first packet: another codec under the slot's payload type would feed the viewer's decoder nonsense.</summary>
    [Fact]
    public void A_payload_type_that_was_not_negotiated_is_dropped_in_the_middle_of_a_stream_too()
    {
        _sender.Film(7_000, key: true);
        _sender.Film(7_001, payloadType: 120);
        Assert.Equal(1, _engine.Dropped(DropReason.UnknownPayloadType));
        Assert.Equal(1, _viewer.Read().CountOf(_viewer.Slot(0)));
    }

    [Fact]
    public void A_payload_type_that_a_new_offer_gave_is_taken_from_then_on()
    {
        _sender.Film(7_000, key: true);
        _sender.Connection.Apply(_sender.Media(TestPeer.MaxSlots, videoType: 120));
        _sender.Film(7_001, payloadType: 120);
        Assert.Equal(2, _viewer.Read().CountOf(_viewer.Slot(0)));
    }

    [Fact]
    public void Media_before_the_handshake_is_dropped()
    {
        var early = new TestPeer(_engine, _room, 3, connect: false);
        early.Check();
        early.Film(7_000, key: true);
        Assert.Equal(1, _engine.Dropped(DropReason.NoKeys));
    }

    [Fact]
    public void A_replay_is_dropped()
    {
        var datagram = _sender.Protect(_sender.MakeFrame(7_000, key: true), 7_000);
        _engine.Receive(datagram.ToArray(), _sender.Address);
        _engine.Receive(datagram.ToArray(), _sender.Address);
        Assert.Equal(1, _engine.Dropped(DropReason.Srtp));
        Assert.Single(_viewer.Read().Rtp);
    }

    /// <summary>Streams without end would flood the viewers with switches; the last that was accepted goes on.</summary>
    [Fact]
    public void A_sender_that_changes_its_ssrc_for_ever_is_stopped()
    {
        for (var i = 0; i < 1_000; i++) _sender.Film(7_000 + i, key: true, ssrc: i % 2 == 0 ? 4_711u : 4_712u, mid: "1");
        var received = _viewer.Read();
        Assert.Single(_engine.Shown);
        Assert.Equal(64 + (1_000 - 64) / 2, received.CountOf(_viewer.Slot(0)));
        Assert.Equal((1_000 - 64) / 2, _engine.Dropped(DropReason.UnknownSsrc));
    }

    /// <summary>
    /// A step of exactly half the sequence space is "forward" to SRTP (RFC 3711 §3.3.1) and could be "back" to another count. Two
    /// counts that disagree would put two packets under one index of the viewer's keys (RFC 3711 §9.1, RFC 7714 §10.1).
    /// </summary>
    [Theory]
    [InlineData(new[] { 0x10000, 0x18000, 0x18001, 0x20000, 0x20001 })]
    [InlineData(new[] { 0x10000, 0x10001, 0x18001, 0x18002, 0x20001, 0x28001, 0x28002, 0x30001 })]
    public void No_sender_can_make_two_packets_out_of_one_index(int[] indices)
    {
        // SRTP takes the first index of a stream as roll-over 0.
        foreach (var index in indices) _sender.Film(index - 0x10000, key: index == 0x10000, fill: (byte)(index >> 12));

        var byNumber = new Dictionary<ushort, byte[]>();
        foreach (var (to, bytes) in _engine.Sent)
        {
            if (to != _viewer.Address || Datagrams.Classify(bytes) != DatagramKind.RtpOrRtcp || RtpHeader.IsRtcp(bytes)) continue;
            Assert.True(RtpPacket.TryParse(bytes, out var packet));
            Assert.True(byNumber.TryAdd(packet.SequenceNumber, bytes), "two packets under one number");
        }

        Assert.NotEmpty(byNumber);
    }
}
