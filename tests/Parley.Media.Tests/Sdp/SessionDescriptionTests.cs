using System.Text;
using Parley.Fuzz;
using Parley.Media.Sdp;
using static Parley.Media.Tests.Sdp.SdpFixtures;

namespace Parley.Media.Tests.Sdp;

public sealed class SessionDescriptionTests
{
    [Theory]
    [MemberData(nameof(SdpFixtures.All), MemberType = typeof(SdpFixtures))]
    public void A_written_description_reads_as_the_same_model(string fixture)
    {
        var first = Parse(Text(fixture));
        var second = Parse(first.ToString());

        Assert.Equivalent(WithoutLines(first), WithoutLines(second), strict: true);
        Assert.Equal(first.ToString(), second.ToString());
    }

    [Fact]
    public void Reads_what_Chromium_offers()
    {
        var offer = Parse(Text("chromium-devices"));

        Assert.Equal(7, offer.Media.Count);
        Assert.True(offer.ExtmapAllowMixed);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6"], offer.Groups.Single().Mids);

        var audio = offer.Media[0];
        Assert.Equal((MediaKind.Audio, 9, "0", MediaDirection.SendRecv), (audio.Kind, audio.Port, audio.Mid, audio.Direction));
        Assert.Equal(DtlsSetup.ActPass, audio.Setup);
        Assert.Equal("sha-256", audio.Fingerprints.Single().Algorithm);
        Assert.True(audio.RtcpMux && audio.RtcpRsize && !audio.BundleOnly);
        var opus = audio.Codecs[0];
        Assert.Equal((111, "opus", 48000, 2), (opus.PayloadType, opus.Name, opus.ClockRate, opus.Channels));
        Assert.Equal("10", opus.Parameters["minptime"]);
        Assert.Equal(["transport-cc"], opus.Feedback);
        Assert.Contains(new RtpExtension(4, null, Parley.Media.Rtp.RtpExtensionUris.Mid), audio.Extensions);
        Assert.Single(audio.Ssrcs);
        Assert.NotNull(audio.Ssrcs[0].Cname);

        var camera = offer.Media[1];
        Assert.Equal(MediaDirection.SendOnly, camera.Direction);
        Assert.Equal(["q", "h", "f"], camera.Rids.Select(r => r.Id));
        Assert.All(camera.Rids, rid => Assert.True(rid.Sends));
        Assert.Equal(["q", "h", "f"], camera.Simulcast!.Send);
        Assert.Empty(camera.Ssrcs);
        Assert.Equal(["goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"], camera.Codecs[0].Feedback);
        Assert.Equal("96", camera.Codecs[1].Parameters["apt"]);

        var screen = offer.Media[2];
        Assert.Equal("FID", screen.SsrcGroups.Single().Semantics);
        Assert.Equal(screen.Ssrcs.Select(s => s.Ssrc), screen.SsrcGroups[0].Ssrcs);
        Assert.Equal("-", screen.Msids.Single().Stream);
        Assert.All(offer.Media.Skip(3), slot => Assert.Equal(MediaDirection.RecvOnly, slot.Direction));
    }

    [Fact]
    public void Reads_Firefox_with_fmtp_before_rtpmap_and_port_0_for_later_lines()
    {
        var offer = Parse(Text("firefox-devices"));

        Assert.Equal([9, 0, 0, 0, 0, 0, 0], offer.Media.Select(m => m.Port));
        Assert.Equal([false, true, true, true, true, true, true], offer.Media.Select(m => m.BundleOnly));
        Assert.Equal("1", offer.Media[0].Codecs.Single(c => c.Is("opus")).Parameters["stereo"]);
        Assert.Equal("0-15", offer.Media[0].Codecs.Single(c => c.Is("telephone-event")).Parameters.Single().Key);
        Assert.Contains(offer.Media[1].Extensions, e => e.Direction == MediaDirection.SendOnly && e.Uri == Parley.Media.Rtp.RtpExtensionUris.RtpStreamId);
        // The certificate's hash stands in the session and holds for every line.
        Assert.All(offer.Media, m => Assert.Equal(offer.Fingerprints, m.Fingerprints));
    }

    [Fact]
    public void Ignores_codec_lines_of_payload_types_that_were_dropped()
    {
        var offer = Parse(Minimal(["m=video 9 UDP/TLS/RTP/SAVPF 120", "a=rtcp-fb:126 nack", "a=fmtp:126 x=1", "a=rtpmap:126 H264/90000",
            "a=rtcp-fb:120 nack", "a=rtpmap:120 VP8/90000"]));

        var codec = Assert.Single(offer.Media[0].Codecs);
        Assert.Equal((120, "VP8"), (codec.PayloadType, codec.Name));
        Assert.Equal(["nack"], codec.Feedback);
    }

    [Fact]
    public void Transport_attributes_of_the_session_hold_for_every_line_that_has_none()
    {
        var offer = Parse(Minimal(["a=ice-ufrag:sess", "a=ice-pwd:0123456789012345678901", "a=setup:active", "a=extmap-allow-mixed",
            "a=ice-options:trickle", "a=recvonly", "m=audio 9 UDP/TLS/RTP/SAVPF 0",
            "m=audio 9 UDP/TLS/RTP/SAVPF 0", "a=ice-ufrag:mine", "a=setup:passive", "a=sendonly"]));

        Assert.Equal(["sess", "mine"], offer.Media.Select(m => m.IceUfrag));
        Assert.Equal([DtlsSetup.Active, DtlsSetup.Passive], offer.Media.Select(m => m.Setup!.Value));
        Assert.Equal([MediaDirection.RecvOnly, MediaDirection.SendOnly], offer.Media.Select(m => m.Direction));
        Assert.All(offer.Media, m => Assert.True(m.ExtmapAllowMixed && m.IceOptions.Contains("trickle")));
    }

    [Fact]
    public void Feedback_for_all_payload_types_reaches_each_of_them()
    {
        var offer = Parse(Minimal(["m=video 9 UDP/TLS/RTP/SAVPF 96 97", "a=rtpmap:96 VP8/90000", "a=rtcp-fb:* nack", "a=rtpmap:97 VP9/90000"]));

        Assert.All(offer.Media[0].Codecs, codec => Assert.Equal(["nack"], codec.Feedback));
    }

    [Theory]
    [InlineData("v=1", 1, "begins with v=0")]
    [InlineData("v=0|o=- x 1 IN IP4 0.0.0.0", 2, "o= is a user name, two numbers")]
    [InlineData("v=0|o=- 1 1 IN IP4 0.0.0.0|o=- 1 1 IN IP4 0.0.0.0", 3, "second o=")]
    [InlineData("v=0|s=-", 0, "no o= line")]
    [InlineData("v=0|nonsense", 2, "equals sign")]
    [InlineData("v=0|a", 2, "equals sign")]
    [InlineData("v=0|a=x\0y", 2, "control character")]
    [InlineData("v=0|a=x\ry", 2, "control character")]
    public void Says_which_line_is_wrong_and_why(string lines, int line, string words) => AssertRefused(lines.Replace('|', '\n'), line, words);

    [Theory]
    [InlineData("m=audio", "m= is a media type")]
    [InlineData("m=audio 9 UDP/TLS/RTP/SAVPF", "m= is a media type")]
    [InlineData("m=audio 65536 UDP/TLS/RTP/SAVPF 0", "m= is a media type")]
    [InlineData("m=audio -1 UDP/TLS/RTP/SAVPF 0", "m= is a media type")]
    [InlineData("m=audio 9/2 UDP/TLS/RTP/SAVPF 0", "m= is a media type")]
    [InlineData("m=audio 9 UDP//SAVPF 0", "m= is a media type")]
    [InlineData("m=audio 9 UDP/TLS/RTP/SAVPF 128", "from 0 to 127")]
    [InlineData("m=audio 9 UDP/TLS/RTP/SAVPF 0 00", "a format twice")]
    [InlineData("a=group:BUNDLE 0 0", "a=group")]
    [InlineData("a=group:", "a=group")]
    [InlineData("a=ice-ufrag:abc", "a=ice-ufrag is 4")]
    [InlineData("a=ice-ufrag:ab d", "a=ice-ufrag is 4")]
    [InlineData("a=ice-pwd:short", "a=ice-pwd is 22")]
    [InlineData("a=fingerprint:sha-256 00:11", "a=fingerprint")]
    [InlineData("a=fingerprint:sha-256", "a=fingerprint")]
    [InlineData("a=setup:maybe", "a=setup is")]
    public void Names_what_is_wrong_with_a_line(string line, string words) => AssertRefused(Minimal([line]), 5, words);

    [Theory]
    [InlineData("a=mid:seventeen-letters", "1 to 16 characters")]
    [InlineData("a=mid:a b", "1 to 16 characters")]
    [InlineData("a=mid:", "1 to 16 characters")]
    [InlineData("a=rtpmap:0", "a=rtpmap is")]
    [InlineData("a=rtpmap:0 opus/0", "a=rtpmap is")]
    [InlineData("a=rtpmap:0 opus/48000/0", "a=rtpmap is")]
    [InlineData("a=rtpmap:300 opus/48000", "a=rtpmap is")]
    [InlineData("a=fmtp:x y", "a=fmtp is")]
    [InlineData("a=rtcp-fb:0", "a=rtcp-fb is")]
    [InlineData("a=rtcp-fb:x nack", "a=rtcp-fb is")]
    [InlineData("a=extmap:0 urn:x", "a=extmap is")]
    [InlineData("a=extmap:256 urn:x", "a=extmap is")]
    [InlineData("a=extmap:1/up urn:x", "a=extmap is")]
    [InlineData("a=extmap:1", "a=extmap is")]
    [InlineData("a=rid:a/b send", "a=rid is")]
    [InlineData("a=rid:a up", "a=rid is")]
    [InlineData("a=simulcast:", "a=simulcast is")]
    [InlineData("a=simulcast:send a;;b", "a=simulcast is")]
    [InlineData("a=simulcast:send a send b", "a=simulcast is")]
    [InlineData("a=ssrc:4294967296 cname:x", "32 bits")]
    [InlineData("a=ssrc-group:FID", "a=ssrc-group is")]
    [InlineData("a=ssrc-group:FID 1 x", "a=ssrc-group is")]
    [InlineData("a=msid:", "a=msid is")]
    [InlineData("v=0", "before the first m=")]
    public void Names_what_is_wrong_with_a_line_of_a_section(string line, string words) =>
        AssertRefused(Minimal(["m=audio 9 UDP/TLS/RTP/SAVPF 0", line]), 6, words);

    [Theory]
    [InlineData("a=mid:a", "given twice")]
    [InlineData("a=ice-ufrag:abcd", "given twice")]
    [InlineData("a=setup:active", "given twice")]
    [InlineData("a=rtpmap:0 PCMU/8000", "same payload type")]
    [InlineData("a=extmap:1 urn:x", "same id")]
    [InlineData("a=rid:a send", "same name")]
    public void Says_what_may_stand_only_once(string line, string words) =>
        AssertRefused(Minimal(["m=audio 9 UDP/TLS/RTP/SAVPF 0", line, line]), 7, words);

    [Fact]
    public void A_simulcast_layer_needs_its_rid() =>
        AssertRefused(Minimal(["m=video 9 UDP/TLS/RTP/SAVPF 96", "a=rid:a recv", "a=simulcast:send a"]), 5, "has no a=rid");

    [Fact]
    public void Every_seed_of_the_fuzzer_gets_past_the_first_check()
    {
        var seeds = RandomRun.Corpus("sdp");

        Assert.NotEmpty(seeds);
        Assert.All(seeds, seed => Parse(Encoding.UTF8.GetString(seed)));
    }

    internal static string Minimal(IEnumerable<string> lines) =>
        string.Join("\r\n", ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", .. lines, ""]);

    internal static void AssertRefused(string sdp, int line, string words)
    {
        Assert.False(SessionDescription.TryParse(sdp, out _, out var error));
        Assert.Equal(line, error.Line);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }
}
