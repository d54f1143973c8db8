using Parley.Media.Rtp;
using Parley.Media.Sdp;
using static Parley.Media.Tests.Sdp.SdpEndpoints;
using static Parley.Media.Tests.Sdp.SdpFixtures;

namespace Parley.Media.Tests.Sdp;

public sealed class SdpEndpointAnswerTests
{
    [Theory]
    [InlineData("chromium-peer-offer", 111, 96)]
    [InlineData("firefox-peer-offer", 109, 120)]
    [InlineData("aiortc-peer-offer", 96, 97)]
    [InlineData("chromium-peer-offer-data", 111, 96)]
    [InlineData("firefox-peer-offer-data", 109, 120)]
    [InlineData("aiortc-peer-offer-data", 96, 97)]
    public void Answers_the_offer_of_another_implementation(string fixture, int opus, int vp8)
    {
        var offer = Parse(Text(fixture));
        var (text, session) = Answer(New(), Text(fixture));
        var answer = Parse(text);

        Assert.False(answer.IceLite);
        Assert.Equal(DtlsSetup.Active, session.OurRole);
        Assert.Equal(DtlsSetup.Active, answer.Setup);
        Assert.Equal(["trickle", "ice2"], answer.IceOptions);
        Assert.Equal((Peer.Ice.Ufrag, Peer.Ice.Password, Peer.Fingerprint), (answer.IceUfrag, answer.IcePwd, answer.Fingerprints.Single()));
        Assert.Equal(["0", "1"], answer.Groups.Single().Mids);
        Assert.Equal(Peer.Candidates.Select(c => "candidate:" + c), answer.Media[0].Candidates);
        Assert.True(answer.Media[0].EndOfCandidates);
        Assert.Equal([opus, vp8], session.Media.Take(2).Select(m => (int)m.PayloadType));
        Assert.Equal(["0", "1"], session.Media.Take(2).Select(m => m.Line));
        Assert.All(session.Media.Take(2), m => Assert.Equal(MediaDirection.SendRecv, m.Direction));
        foreach (var media in session.Media.Take(2))
        {
            var (asked, line) = (offer.Media[media.Index], answer.Media[media.Index]);
            Assert.Equal([media.PayloadType], line.Codecs.Select(c => c.PayloadType));
            Assert.Equal((media.LocalSource!.Ssrc, "parley-cname"), (line.Ssrcs.Single().Ssrc, line.Ssrcs[0].Cname));
            Assert.Equal(media.LocalSource.Msid, line.Msids.Single());
            Assert.All(line.Extensions, e => Assert.Contains(asked.Extensions, o => o.Id == e.Id && o.Uri == e.Uri));
            Assert.Contains(line.Extensions, e => e.Uri == RtpExtensionUris.Mid);
            Assert.Equal(asked.Ssrcs[0].Ssrc, media.RemoteSsrcs.Single());
        }

        Assert.Equal(offer.Media[0].Candidates, session.RemoteCandidates.Select(c => "candidate:" + c));
        Assert.Equal(offer.Media[0].IceUfrag, session.RemoteIceUfrag);
        Assert.Equal(offer.Media[0].Fingerprints[0], session.RemoteFingerprint);
        if (!fixture.EndsWith("data", StringComparison.Ordinal)) return;
        Assert.Equal((0, "application", "2"), (answer.Media[2].Port, answer.Media[2].Media, answer.Media[2].Mid));
        Assert.True(session.Media[2].Rejected && session.Media[2].Line is null);
    }

    [Fact]
    public void An_extension_id_that_aiortc_uses_twice_is_taken_once()
    {
        var media = Answer(New(), Text("aiortc-peer-offer")).Session.Media;

        Assert.Equal(2, media[0].ReceiveExtensionIds[RtpExtensionUris.AudioLevel]);
        Assert.Equal([RtpExtensionUris.Mid], media[1].ReceiveExtensionIds.Keys);
    }

    [Theory]
    [InlineData("actpass", DtlsSetup.Active)]
    [InlineData("active", DtlsSetup.Passive)]
    [InlineData("passive", DtlsSetup.Active)]
    public void The_roles_are_complementary(string theirs, DtlsSetup ours)
    {
        var (answer, session) = Answer(New(), Text("chromium-peer-offer").Replace("a=setup:actpass", $"a=setup:{theirs}"));

        Assert.Equal(ours, session.OurRole);
        Assert.Equal(ours, Parse(answer).Setup);
    }

    [Fact]
    public void A_strong_fingerprint_is_picked_among_others()
    {
        var text = Text("aiortc-peer-offer");
        var weak = "a=fingerprint:sha-1 " + string.Join(':', Enumerable.Repeat("AB", 20)) + "\r\n";
        var strong = "a=fingerprint:sha-512 " + string.Join(':', Enumerable.Repeat("CD", 64)) + "\r\n";

        Assert.Equal("sha-512", Answer(New(), text.Replace("a=fingerprint:", weak + strong + "a=fingerprint:")).Session.RemoteFingerprint.Algorithm);
    }

    [Fact]
    public void Each_line_flows_as_both_sides_want()
    {
        var local = Peer with { Lines = [new(MediaKind.Audio, "a", MediaDirection.SendOnly), new(MediaKind.Video, "v", MediaDirection.RecvOnly)] };
        var (answer, session) = Answer(New(), Text("chromium-peer-offer"), local);

        Assert.Equal([MediaDirection.SendOnly, MediaDirection.RecvOnly], session.Media.Select(m => m.Direction));
        Assert.Equal(session.Media.Select(m => m.Direction), Parse(answer).Media.Select(m => m.Direction));
        Assert.Equal([("0", "a"), ("1", "v")], session.Media.Select(m => (m.Mid, m.Line!)));
        Assert.Null(session.Media[1].LocalSource);
        Assert.Empty(session.Media[1].SendExtensionIds);
    }

    [Fact]
    public void What_we_do_not_want_is_refused_but_not_the_line_that_carries_the_transport()
    {
        var onlyAudio = Answer(New(), Text("firefox-peer-offer"), Peer with { Lines = [Peer.Lines[0]] });
        Assert.Equal([false, true], onlyAudio.Session.Media.Select(m => m.Rejected));
        Assert.Equal(["0"], Parse(onlyAudio.Answer).Groups[0].Mids);
        Assert.Equal(0, Parse(onlyAudio.Answer).Media[1].Port);

        var onlyVideo = Answer(New(), Text("firefox-peer-offer"), Peer with { Lines = [Peer.Lines[1]] });
        Assert.Equal([MediaDirection.Inactive, MediaDirection.SendRecv], onlyVideo.Session.Media.Select(m => m.Direction));
        Assert.Null(onlyVideo.Session.Media[0].Line);
    }

    [Fact]
    public void A_line_without_our_codecs_is_refused()
    {
        var text = Text("chromium-peer-offer").Replace("VP8/90000", "VP7/90000");

        Assert.Equal([false, true], Answer(New(), text).Session.Media.Select(m => m.Rejected));
    }

    [Fact]
    public void Lines_are_matched_by_mid_before_order()
    {
        var offer = New(2).CreateOffer(Client(1));
        var local = Peer with { Lines = [Peer.Lines[0], new(MediaKind.Video, "x", MediaDirection.RecvOnly), new(MediaKind.Video, "1", MediaDirection.SendRecv)] };

        Assert.Equal(["0", "1", "x", null], Answer(New(), offer, local).Session.Media.Select(m => m.Line));
    }
}
