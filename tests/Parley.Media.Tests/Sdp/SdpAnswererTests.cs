using Parley.Media.Rtp;
using Parley.Media.Sdp;
using static Parley.Media.Tests.Sdp.SdpFixtures;

namespace Parley.Media.Tests.Sdp;

public sealed class SdpAnswererTests
{
    [Theory]
    [MemberData(nameof(First), MemberType = typeof(SdpFixtures))]
    public void Takes_every_line_of_a_browsers_offer(string fixture)
    {
        var offer = Parse(Text(fixture));
        var answer = Answer(offer);
        var sdp = Parse(answer.Sdp);

        Assert.True(sdp.IceLite);
        Assert.Equal(DtlsSetup.Passive, sdp.Setup);
        Assert.Equal(Options.Fingerprint, sdp.Fingerprints.Single());
        Assert.Equal((Options.IceUfrag, Options.IcePwd), (sdp.IceUfrag, sdp.IcePwd));
        Assert.Equal(offer.Groups[0].Mids, sdp.Groups.Single(g => g.Semantics == "BUNDLE").Mids);
        Assert.Equal(offer.Media.Select(m => (m.Mid, m.Kind, m.Protocol)), sdp.Media.Select(m => (m.Mid, m.Kind, m.Protocol)));
        Assert.All(sdp.Media, m => Assert.True(m.Port == 9 && m.RtcpMux));
        Assert.Equal(offer.Media.Select(m => m.RtcpRsize), sdp.Media.Select(m => m.RtcpRsize));
        Assert.Equal(offer.Media.Select(m => m.ExtmapAllowMixed), sdp.Media.Select(m => m.ExtmapAllowMixed));
        Assert.Equal(offer.Media.Select(m => m.Direction.Reverse()), sdp.Media.Select(m => m.Direction));
        Assert.Equal(Options.Candidates, sdp.Media[0].Candidates);
        Assert.True(sdp.Media[0].EndOfCandidates);
        Assert.All(sdp.Media.Skip(1), m => Assert.Empty(m.Candidates));
        Assert.All(sdp.Media.Zip(offer.Media), pair => Assert.Equal(pair.Second.Simulcast?.Send ?? [], pair.First.Simulcast?.Recv ?? []));
        Assert.Contains("c=IN IP4 0.0.0.0\r\n", answer.Sdp, StringComparison.Ordinal);

        Assert.Equal((offer.Media[0].IceUfrag, offer.Media[0].IcePwd), (answer.RemoteIceUfrag, answer.RemoteIcePwd));
        Assert.Equal(offer.Media[0].Fingerprints[0], answer.RemoteFingerprint);
        Assert.Equal(DtlsSetup.ActPass, answer.RemoteSetup);
    }

    [Theory]
    [MemberData(nameof(First), MemberType = typeof(SdpFixtures))]
    public void Says_who_sends_what_on_each_line(string fixture)
    {
        var offer = Parse(Text(fixture));
        var answer = Answer(offer);
        var sdp = Parse(answer.Sdp);

        Assert.Equal(Enumerable.Range(0, offer.Media.Count), answer.Media.Select(m => m.Index));
        Assert.Equal([true, true, true], answer.Media.Take(3).Select(m => m.SendsToUs));
        Assert.Equal([true, false, false], answer.Media.Take(3).Select(m => m.ReceivesFromUs));
        Assert.All(answer.Media.Skip(3), slot => Assert.True(slot.ReceivesFromUs && !slot.SendsToUs));
        Assert.Equal([MediaKind.Audio, MediaKind.Video], answer.Media.Take(2).Select(m => m.Kind));
        foreach (var media in answer.Media)
        {
            var line = sdp.Media[media.Index];
            var codec = line.Codecs[0];
            Assert.Equal((media.PayloadType, media.Kind == MediaKind.Audio ? "opus" : "VP8"), (codec.PayloadType, codec.Name));
            Assert.Equal(media.PayloadType, offer.Media[media.Index].Codecs.First(c => c.Is(codec.Name)).PayloadType);
            Assert.Equal(new[] { media.LocalSource?.Ssrc, media.LocalSource?.RtxSsrc }.OfType<uint>(), line.Ssrcs.Select(ssrc => ssrc.Ssrc));
            Assert.All(line.Ssrcs, ssrc => Assert.Equal(media.LocalSource?.Cname, ssrc.Cname));
            Assert.Equal(media.LocalSource?.Msid, line.Msids.SingleOrDefault());
            Assert.Equal(media.ReceivesFromUs, media.LocalSource is not null);
        }

        var sources = answer.Media.Select(m => m.LocalSource).OfType<MediaSource>().ToList();
        var ssrcs = sources.SelectMany(s => new[] { s.Ssrc, s.RtxSsrc }).OfType<uint>().ToList();
        Assert.Equal(ssrcs.Count, ssrcs.Distinct().Count());
        Assert.Equal(sources.Count, sources.Select(s => s.Msid.Stream).Distinct().Count());
        Assert.Single(sources.Select(s => s.Cname).Distinct());
    }

    [Fact]
    public void Opus_is_asked_for_with_in_band_fec_in_mono_without_packets_in_silence()
    {
        var opus = Parse(Answer(Parse(Text("chromium-devices"))).Sdp).Media[0].Codecs.Single();

        Assert.Equal(["minptime=10", "useinbandfec=1", "usedtx=1", "stereo=0"], opus.Parameters.Select(p => $"{p.Key}={p.Value}"));
        Assert.Equal(["transport-cc"], opus.Feedback);
    }

    [Theory]
    [MemberData(nameof(First), MemberType = typeof(SdpFixtures))]
    public void Header_extensions_keep_the_offerers_ids_and_say_who_writes_them(string fixture)
    {
        var offer = Parse(Text(fixture));
        var answer = Answer(offer);
        var sdp = Parse(answer.Sdp);

        foreach (var media in answer.Media)
        {
            var offered = offer.Media[media.Index].Extensions.ToDictionary(e => e.Uri, e => e.Id);
            var answered = sdp.Media[media.Index];
            Assert.All(answered.Extensions, e => Assert.Equal(offered[e.Uri], e.Id));
            Assert.Equal(
                media.ReceiveExtensionIds.Keys.Union(media.SendExtensionIds.Keys).Order(),
                answered.Extensions.Select(e => e.Uri).Order());
            Assert.Equal(media.SendsToUs, media.ReceiveExtensionIds.ContainsKey(RtpExtensionUris.TransportSequenceNumber));
            Assert.Contains("transport-cc", answered.Codecs[0].Feedback);
            Assert.DoesNotContain("goog-remb", answered.Codecs[0].Feedback);
            Assert.Equal(media.SendsToUs, media.ReceiveExtensionIds.ContainsKey(RtpExtensionUris.Mid));
            Assert.Equal(media.ReceivesFromUs, media.SendExtensionIds.ContainsKey(RtpExtensionUris.Mid));
            Assert.Equal(
                media.ReceivesFromUs && media.Kind == MediaKind.Video,
                media.SendExtensionIds.ContainsKey(RtpExtensionUris.TransportSequenceNumber));
            Assert.DoesNotContain(RtpExtensionUris.AbsoluteSendTime, media.SendExtensionIds.Keys);
        }

        var audio = sdp.Media[0].Extensions.Single(e => e.Uri == RtpExtensionUris.TransportSequenceNumber);
        Assert.Equal(MediaDirection.RecvOnly, audio.Direction);
        Assert.Null(sdp.Media[1].Extensions.Single(e => e.Uri == RtpExtensionUris.TransportSequenceNumber).Direction);
        Assert.True(answer.Media[0].ReceiveExtensionIds.ContainsKey(RtpExtensionUris.AudioLevel));
        Assert.True(answer.Media[1].ReceiveExtensionIds.ContainsKey(RtpExtensionUris.AbsoluteSendTime));
    }

    [Fact]
    public void Video_feedback_is_what_we_answer_to()
    {
        var sdp = Parse(Answer(Parse(Text("firefox-devices"))).Sdp);

        Assert.Equal(["nack", "nack pli", "ccm fir", "transport-cc"], sdp.Media[1].Codecs[0].Feedback);
        Assert.Equal(["nack", "nack pli", "ccm fir", "transport-cc"], sdp.Media[3].Codecs[0].Feedback);
    }

    [Fact]
    public void Streams_that_only_repair_others_are_left_out()
    {
        var chromium = Parse(Text("chromium-devices"));
        var firefox = Parse(Text("firefox-devices"));

        Assert.Equal([chromium.Media[2].SsrcGroups[0].Ssrcs[0]], Answer(chromium).Media[2].RemoteSsrcs);
        Assert.Empty(Answer(chromium).Media[1].RemoteSsrcs);
        Assert.Equal(firefox.Media[1].SsrcGroups.Select(g => g.Ssrcs[0]), Answer(firefox).Media[1].RemoteSsrcs);
    }

    [Fact]
    public void A_refused_line_and_a_data_channel_get_port_0_and_leave_the_bundle()
    {
        var text = Text("chromium-one-layer").Replace("BUNDLE 0 1 2 3 4", "BUNDLE 0 1 2 3 4 data")
            + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:data\r\na=sctp-port:5000\r\n";
        var answer = Answer(Parse(text), Options with { Accept = (media, index) => index != 2 });
        var sdp = Parse(answer.Sdp);

        Assert.Equal([9, 9, 0, 9, 9, 0], sdp.Media.Select(m => m.Port));
        Assert.Equal(["0", "1", "3", "4"], sdp.Groups.Single().Mids);
        Assert.Equal([false, false, true, false, false, true], answer.Media.Select(m => m.Rejected));
        Assert.Equal(("application", "webrtc-datachannel"), (sdp.Media[5].Media, sdp.Media[5].Formats.Single()));
        Assert.Equal(MediaKind.Other, answer.Media[5].Kind);
    }

    [Fact]
    public void A_line_the_client_took_out_of_use_is_rejected()
    {
        var text = Text("chromium-one-layer");
        var last = text.LastIndexOf("m=video 9", StringComparison.Ordinal);
        text = (text[..last] + "m=video 0" + text[(last + 9)..]).Replace("BUNDLE 0 1 2 3 4", "BUNDLE 0 1 2 3");

        Assert.Equal([false, false, false, false, true], Answer(Parse(text)).Media.Select(m => m.Rejected));
    }

    [Fact]
    public void Our_own_wrong_options_throw()
    {
        var offer = Parse(Text("firefox-one-layer"));

        Assert.Throws<ArgumentException>(() => Answer(offer, Options with { IceUfrag = "abc" }));
        Assert.Throws<ArgumentException>(() => Answer(offer, Options with { IcePwd = "short" }));
        Assert.Throws<ArgumentException>(() => Answer(offer, Options with { Fingerprint = new Fingerprint("sha-256", "00") }));
        Assert.Throws<ArgumentException>(() => Answer(offer, Options with { Candidates = ["candidate:1\r\na=evil"] }));
    }
}
