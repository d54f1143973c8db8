using Parley.Media.Rtp;
using Parley.Media.Sdp;
using static Parley.Media.Tests.Sdp.SdpFixtures;

namespace Parley.Media.Tests.Sdp;

/// <summary>Codecs, retransmissions and layers of video lines as the server answers them.</summary>
public sealed class VideoNegotiationTests
{
    private const int Camera = 1;
    private const int Slot = 3;

    [Fact]
    public void All_codecs_that_both_know_are_answered_in_our_order_each_with_its_retransmissions()
    {
        string[] expected =
        [
            "96 VP8/90000", "97 rtx/90000 apt=96",
            "108 H264/90000 packetization-mode=1;profile-level-id=42e01f;level-asymmetry-allowed=1", "109 rtx/90000 apt=108",
            "98 VP9/90000 profile-id=0", "99 rtx/90000 apt=98",
            "45 AV1/90000 profile=0", "46 rtx/90000 apt=45",
        ];
        var sdp = Parse(Answer(Parse(Text("chromium-devices"))).Sdp);
        Assert.Equal(expected, Told(sdp.Media[Camera]));
        Assert.Equal(expected, Told(sdp.Media[Slot]));
        Assert.Equal(["96", "97", "108", "109", "98", "99", "45", "46"], sdp.Media[Camera].Formats);

        var firefox = Parse(Answer(Parse(Text("firefox-devices"))).Sdp);
        Assert.Equal(
            ["120 VP8/90000", "124 rtx/90000 apt=120", "121 VP9/90000 profile-id=0", "125 rtx/90000 apt=121", "99 AV1/90000 profile=0", "100 rtx/90000 apt=99"],
            Told(firefox.Media[Camera]));
    }

    [Fact]
    public void The_order_of_codecs_is_the_policy_s()
    {
        var policy = SdpPolicy.Server([VideoCodec.Av1, VideoCodec.Vp8]);
        var media = Answer(Parse(Text("chromium-devices")), Options with { Policy = policy }).Media;
        Assert.Equal(["AV1", "VP8"], media[Camera].Codecs.Select(codec => codec.Name));
        Assert.Equal((45, "AV1"), (media[Camera].PayloadType, media[Camera].Codec!.Name));
        Assert.Equal(46, media[Camera].RtxPayloadTypes[45]);
    }

    [Theory]
    [InlineData("42e01f", true)]
    [InlineData("42e034", true)] // another level
    [InlineData("4de01f", true)] // main with constraint_set0: the same subset
    [InlineData("42001f", false)] // baseline
    [InlineData("640c1f", false)] // constrained high
    [InlineData("nonsense", false)]
    public void Of_H264_constrained_baseline_is_taken_at_any_level(string profileLevelId, bool isTaken)
    {
        var offer = Video("a=rtpmap:96 VP8/90000", "a=rtpmap:97 H264/90000", $"a=fmtp:97 packetization-mode=1;profile-level-id={profileLevelId}");
        var codecs = Answer(Parse(offer)).Media[Camera].Codecs;
        Assert.Equal(isTaken, codecs.Any(codec => codec.Name == "H264"));
        if (isTaken) Assert.Equal(profileLevelId, codecs[1].Parameters["profile-level-id"]);
    }

    [Theory]
    [InlineData("H264/90000", "a=fmtp:97 profile-level-id=42e01f", false)] // packetization-mode 0
    [InlineData("H264/90000", "a=fmtp:97 packetization-mode=1", false)] // Baseline when not told
    [InlineData("VP9/90000", "a=x", true)] // profile 0 when not told
    [InlineData("VP9/90000", "a=fmtp:97 profile-id=2", false)]
    [InlineData("AV1/90000", "a=fmtp:97 profile=1", false)]
    [InlineData("AV1/90000", "a=fmtp:97 level-idx=5;tier=0", true)]
    public void A_parameter_that_is_not_written_has_its_default(string codec, string fmtp, bool isTaken) =>
        Assert.Equal(isTaken ? 2 : 1, Answer(Parse(Video("a=rtpmap:96 VP8/90000", $"a=rtpmap:97 {codec}", fmtp))).Media[Camera].Codecs.Count);

    [Theory]
    [InlineData("a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96", true)]
    [InlineData("a=rtpmap:97 rtx/90000", "a=x", false)] // of nothing
    [InlineData("a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=98", false)] // of another
    [InlineData("a=rtpmap:97 rtx/48000", "a=fmtp:97 apt=96", false)] // another clock (RFC 4588 §8.6)
    public void Retransmissions_are_those_of_a_codec_that_is_taken(string rtpmap, string fmtp, bool isTaken) =>
        Assert.Equal(isTaken ? 1 : 0, Answer(Parse(Video("a=rtpmap:96 VP8/90000", rtpmap, fmtp))).Media[Camera].RtxPayloadTypes.Count);

    [Fact]
    public void A_number_that_means_something_else_on_another_line_is_left_out()
    {
        // On the slot 97 is the retransmissions of 98.
        var offer = Video("a=rtpmap:96 VP8/90000", "a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96")
            + "m=video 9 UDP/TLS/RTP/SAVPF 98 97\r\na=mid:2\r\na=rtcp-mux\r\na=recvonly\r\na=rtpmap:98 VP9/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=98\r\n";
        var media = Answer(Parse(offer.Replace("BUNDLE 0 1", "BUNDLE 0 1 2", StringComparison.Ordinal))).Media;
        Assert.Equal(97, media[1].RtxPayloadTypes[96]);
        Assert.Empty(media[2].RtxPayloadTypes);
        Assert.Null(media[2].LocalSource!.RtxSsrc);
    }

    [Theory]
    [InlineData("chromium-devices")]
    [InlineData("firefox-devices")]
    public void Slots_announce_the_stream_of_their_retransmissions(string fixture)
    {
        var answer = Answer(Parse(Text(fixture)));
        var sdp = Parse(answer.Sdp);
        foreach (var slot in answer.Media.Skip(Slot))
        {
            var (ssrc, rtx) = (slot.LocalSource!.Ssrc, slot.LocalSource.RtxSsrc!.Value);
            Assert.Equal([ssrc, rtx], sdp.Media[slot.Index].Ssrcs.Select(s => s.Ssrc));
            var group = Assert.Single(sdp.Media[slot.Index].SsrcGroups);
            Assert.Equal("FID", group.Semantics);
            Assert.Equal([ssrc, rtx], group.Ssrcs);
        }

        Assert.Null(answer.Media[0].LocalSource!.RtxSsrc);
    }

    [Fact]
    public void The_streams_that_repair_others_are_known()
    {
        var offer = Parse(Text("firefox-devices"));
        Assert.Equal(
            offer.Media[Camera].SsrcGroups.Select(group => (group.Ssrcs[0], group.Ssrcs[1])),
            Answer(offer).Media[Camera].RepairSsrcs);
        Assert.Equal((1432200737u, 97055890u), Assert.Single(Answer(Parse(Text("chromium-devices"))).Media[2].RepairSsrcs));
    }

    [Theory]
    [InlineData("chromium-devices")]
    [InlineData("firefox-devices")]
    public void Simulcast_of_a_browser_is_accepted(string fixture)
    {
        var answer = Answer(Parse(Text(fixture)));
        Assert.Contains("a=rid:q recv\r\na=rid:h recv\r\na=rid:f recv\r\na=simulcast:recv q;h;f\r\n", answer.Sdp, StringComparison.Ordinal);
        var camera = answer.Media[Camera];
        Assert.Equal(["q", "h", "f"], camera.Layers.Select(layer => layer.Id));
        Assert.True(camera.ReceiveExtensionIds.ContainsKey(RtpExtensionUris.RtpStreamId));
        Assert.True(camera.ReceiveExtensionIds.ContainsKey(RtpExtensionUris.RepairedRtpStreamId));
        Assert.Empty(answer.Media[2].Layers);
    }

    [Theory]
    [InlineData("send a;b;c;d", "a;b;c")] // three at most
    [InlineData("send ~a;b", "a;b")] // paused at first
    [InlineData("send a,b;c", "a;c")] // alternatives: the first
    [InlineData("send p,b;c", "b;c")] // the first is of a codec we do not take
    [InlineData("send p;c", "c")]
    [InlineData("send q;a recv r", "q;a")] // what they would receive is not ours to send
    [InlineData("send p", "")]
    [InlineData("recv r", "")]
    public void Layers_are_cut_to_what_we_take(string simulcast, string expected)
    {
        var answer = Answer(Parse(Simulcast(simulcast)));
        Assert.Equal(expected, string.Join(';', answer.Media[Camera].Layers.Select(layer => layer.Id)));
        if (expected.Length > 0) Assert.Contains($"a=simulcast:recv {expected}\r\n", answer.Sdp, StringComparison.Ordinal);
        else Assert.DoesNotContain("a=simulcast", answer.Sdp, StringComparison.Ordinal);
    }

    [Fact]
    public void Restrictions_of_a_layer_are_kept_but_for_codecs_we_do_not_take()
    {
        var sdp = Answer(Parse(Simulcast("send q;a"))).Sdp;
        Assert.Contains("a=rid:q recv pt=96;max-width=320\r\na=rid:a recv\r\n", sdp, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n", "")] // without it no layer is known
    [InlineData("a=sendonly", "a=inactive")]
    [InlineData("a=rid:a send", "a=rid:a0123456789abcdef send")] // too long for a header extension
    public void Without_what_layers_need_there_is_no_simulcast(string from, string to)
    {
        var offer = Simulcast("send a").Replace(from, to, StringComparison.Ordinal);
        if (to.StartsWith("a=rid", StringComparison.Ordinal)) offer = offer.Replace("send a\r\n", "send a0123456789abcdef\r\n", StringComparison.Ordinal);
        var answer = Answer(Parse(offer));
        Assert.Empty(answer.Media[Camera].Layers);
        Assert.DoesNotContain("simulcast", answer.Sdp, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_that_is_named_twice_is_an_error()
    {
        Assert.False(SessionDescription.TryParse(Simulcast("send a;a"), out _, out var error));
        Assert.Contains("names a rid twice", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dependency_descriptor_is_taken_only_where_the_payload_does_not_tell_its_layers()
    {
        var offer = Parse(Text("chromium-devices"));
        Assert.False(Answer(offer).Media[Camera].ReceiveExtensionIds.ContainsKey(RtpExtensionUris.DependencyDescriptor));
        var av1 = Answer(offer, Options with { Policy = SdpPolicy.Server([VideoCodec.Av1, VideoCodec.Vp8]) });
        Assert.Equal(12, av1.Media[Camera].ReceiveExtensionIds[RtpExtensionUris.DependencyDescriptor]);
        Assert.False(av1.Media[Slot].SendExtensionIds.ContainsKey(RtpExtensionUris.DependencyDescriptor));
        Assert.Equal(9, av1.Media[Camera].ReceiveExtensionIds[RtpExtensionUris.VideoLayersAllocation]);
    }

    [Fact]
    public void Without_transport_wide_feedback_there_is_the_older_kind()
    {
        var offer = Text("chromium-devices").Replace("http://www.ietf.org/id/draft-holmer", "http://example.org/draft", StringComparison.Ordinal);
        Assert.Equal(["nack", "nack pli", "ccm fir", "goog-remb"], Answer(Parse(offer)).Media[Camera].Codec!.Feedback);
    }

    [Fact]
    public void A_participant_and_the_server_agree_on_VP8_without_either()
    {
        var participant = SdpEndpoints.New();
        var answer = Answer(Parse(participant.CreateOffer(SdpEndpoints.Client(2))));
        var session = SdpEndpoints.Apply(participant, answer.Sdp);
        Assert.All(session.Media.Skip(1), line => Assert.Equal((96, 1, 0), (line.PayloadType, line.Codecs.Count, line.RtxPayloadTypes.Count)));
        Assert.Equal(
            answer.Media.Skip(Slot).Select(slot => slot.LocalSource!.Ssrc),
            session.Media.Skip(Slot).SelectMany(line => line.RemoteSsrcs));
        Assert.All(session.Media.Skip(Slot), line => Assert.True(line.ReceiveExtensionIds.ContainsKey(RtpExtensionUris.TransportSequenceNumber)));
    }

    private static IEnumerable<string> Told(MediaDescription line) => line.Codecs.Select(codec =>
        $"{codec.PayloadType} {codec.Name}/{codec.ClockRate} {string.Join(';', codec.Parameters.Select(p => $"{p.Key}={p.Value}"))}".TrimEnd());

    private static string Simulcast(string value) => Video(
        "a=rtpmap:96 VP8/90000",
        "a=rtpmap:97 G77/90000",
        "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        "a=rid:a send",
        "a=rid:b send",
        "a=rid:c send",
        "a=rid:d send",
        "a=rid:p send pt=97",
        "a=rid:q send pt=97,96;max-width=320",
        "a=rid:r recv",
        $"a=simulcast:{value}");

    private static string Video(params string[] attributes) => string.Join("\r\n",
    [
        "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1",
        "a=ice-ufrag:abcd", "a=ice-pwd:0123456789012345678901", "a=setup:actpass",
        "a=fingerprint:sha-256 " + string.Join(':', Enumerable.Repeat("AB", 32)),
        "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=mid:0", "a=rtcp-mux", "a=sendrecv", "a=rtpmap:111 opus/48000/2",
        "m=video 9 UDP/TLS/RTP/SAVPF 96 97", "a=mid:1", "a=rtcp-mux", "a=sendonly", .. attributes, "",
    ]);
}
