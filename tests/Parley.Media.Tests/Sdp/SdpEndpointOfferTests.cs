using Parley.Media.Rtp;
using Parley.Media.Sdp;
using static Parley.Media.Tests.Sdp.SdpEndpoints;
using static Parley.Media.Tests.Sdp.SdpFixtures;

namespace Parley.Media.Tests.Sdp;

public sealed class SdpEndpointOfferTests
{
    private static readonly string[] AudioExtensions =
        [RtpExtensionUris.Mid, RtpExtensionUris.AudioLevel, RtpExtensionUris.TransportSequenceNumber, RtpExtensionUris.AbsoluteSendTime];

    [Fact]
    public void An_offer_says_all_that_a_participant_can()
    {
        var offer = Parse(New().CreateOffer(Client(4)));

        Assert.False(offer.IceLite);
        Assert.Equal(DtlsSetup.ActPass, offer.Setup);
        Assert.Equal(["trickle", "ice2"], offer.IceOptions);
        Assert.Equal((Peer.Ice.Ufrag, Peer.Ice.Password, Peer.Fingerprint), (offer.IceUfrag, offer.IcePwd, offer.Fingerprints.Single()));
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6"], offer.Groups.Single().Mids);
        Assert.Equal(offer.Groups[0].Mids, offer.Media.Select(m => m.Mid));
        Assert.Equal(
            [MediaDirection.SendRecv, MediaDirection.SendOnly, MediaDirection.SendOnly, .. Enumerable.Repeat(MediaDirection.RecvOnly, 4)],
            offer.Media.Select(m => m.Direction));
        Assert.All(offer.Media, m => Assert.True(m.RtcpMux && m.RtcpRsize && m.Protocol == "UDP/TLS/RTP/SAVPF"));
        Assert.Equal(Peer.Candidates.Select(c => "candidate:" + c), offer.Media[0].Candidates);
        Assert.True(offer.Media[0].EndOfCandidates);
        Assert.Equal((9, false), (offer.Media[0].Port, offer.Media[0].BundleOnly));
        Assert.All(offer.Media.Skip(1), m => Assert.True(m.Port == 0 && m.BundleOnly && m.Candidates.Count == 0 && !m.EndOfCandidates));
    }

    [Fact]
    public void An_offer_has_Opus_without_gaps_and_VP8_with_feedback()
    {
        var offer = Parse(New().CreateOffer(Client(1)));

        var opus = offer.Media[0].Codecs.Single();
        Assert.Equal((111, "opus", 48000, 2), (opus.PayloadType, opus.Name, opus.ClockRate, opus.Channels));
        Assert.Equal(["minptime=10", "useinbandfec=1"], opus.Parameters.Select(p => $"{p.Key}={p.Value}"));
        Assert.Equal(["transport-cc"], opus.Feedback);
        var vp8 = offer.Media[1].Codecs.Single();
        Assert.Equal((96, "VP8", 90000), (vp8.PayloadType, vp8.Name, vp8.ClockRate));
        Assert.Equal(["nack", "nack pli", "ccm fir", "transport-cc"], vp8.Feedback);
        Assert.Equal(AudioExtensions, offer.Media[0].Extensions.Select(e => e.Uri));
        Assert.Equal([1, 2, 3, 4], offer.Media[0].Extensions.Select(e => e.Id));
        Assert.All(offer.Media.Skip(1), m => Assert.Equal([1, 3, 4], m.Extensions.Select(e => e.Id)));
        Assert.All(offer.Media, m => Assert.All(m.Extensions, e => Assert.Null(e.Direction)));
    }

    [Fact]
    public void Lines_that_send_name_their_stream_and_the_others_name_none()
    {
        var talk = new MediaStreamId("call", "mic");
        var offer = Parse(New().CreateOffer(Client(2) with { Lines = [Client(0).Lines[0] with { Msid = talk }, .. Client(2).Lines.Skip(1)] }));

        Assert.All(offer.Media.Take(3), m => Assert.Equal("parley-cname", m.Ssrcs.Single().Cname));
        Assert.Equal(3, offer.Media.SelectMany(m => m.Ssrcs).Select(s => s.Ssrc).Distinct().Count());
        Assert.Equal([talk, new("parley-1", "track-1"), new("parley-2", "track-2")], offer.Media.Take(3).Select(m => m.Msids.Single()));
        Assert.All(offer.Media.Skip(3), m => Assert.True(m.Ssrcs.Count == 0 && m.Msids.Count == 0));
    }

    [Fact]
    public void An_extension_that_we_do_not_send_is_offered_only_where_we_receive()
    {
        var policy = SdpPolicy.Participant with { Extensions = [new(RtpExtensionUris.AbsoluteSendTime) { WeSend = false }] };
        var offer = Parse(new SdpEndpoint(policy, RandomSource.Seeded(1)).CreateOffer(Client(1)));

        Assert.Equal(MediaDirection.RecvOnly, offer.Media[0].Extensions.Single().Direction);
        Assert.Empty(offer.Media[1].Extensions);
        Assert.Null(offer.Media[3].Extensions.Single().Direction);
    }

    [Fact]
    public void A_codec_without_a_number_of_its_own_gets_a_free_one()
    {
        var h264 = new CodecPolicy(MediaKind.Video, "H264", 90000, 1) { Required = [new("packetization-mode", "1")] };
        var policy = SdpPolicy.Participant with { Codecs = [.. SdpPolicy.Participant.Codecs, h264] };
        var codecs = Parse(new SdpEndpoint(policy, RandomSource.Seeded(1)).CreateOffer(Peer)).Media[1].Codecs;

        Assert.Equal([(96, "VP8"), (97, "H264")], codecs.Select(c => ((int)c.PayloadType, c.Name)));
        Assert.Equal("1", codecs[1].Parameters["packetization-mode"]);
    }

    [Theory]
    [MemberData(nameof(AllOthers), MemberType = typeof(SdpEndpoints))]
    public void Settles_by_the_answer_of_another_implementation(string other)
    {
        var endpoint = New();
        endpoint.CreateOffer(Peer);
        var text = Text($"{other}-peer-answer");
        var session = Apply(endpoint, text);
        var answer = Parse(text);

        Assert.False(session.RemoteIsLite);
        Assert.Equal(DtlsSetup.Passive, session.OurRole);
        Assert.Equal((answer.Media[0].IceUfrag, answer.Media[0].IcePwd), (session.RemoteIceUfrag, session.RemoteIcePwd));
        Assert.Equal(answer.Media[0].Fingerprints[0], session.RemoteFingerprint);
        Assert.Equal(answer.Media[0].Candidates, session.RemoteCandidates.Select(c => "candidate:" + c));
        Assert.NotEmpty(session.RemoteCandidates);
        Assert.Equal(other != "chromium", session.EndOfCandidates);
        Assert.Equal([("0", MediaKind.Audio, 111), ("1", MediaKind.Video, 96)], session.Media.Select(m => (m.Mid, m.Kind, (int)m.PayloadType)));
        Assert.Equal(session.Media.Select(m => m.Mid), session.Media.Select(m => m.Line));
        Assert.All(session.Media, m => Assert.Equal(MediaDirection.SendRecv, m.Direction));
        Assert.All(session.Media, m => Assert.True(m.LocalSource is not null && m.RemoteSsrcs.Count == 1 && m.RemoteCname is not null && m.RemoteMsid is not null));
        Assert.All(session.Media, m => Assert.Equal(1, m.ReceiveExtensionIds[RtpExtensionUris.Mid]));
        Assert.Equal(2, session.Media[0].ReceiveExtensionIds[RtpExtensionUris.AudioLevel]);
        var feedback = other == "aiortc" ? ["nack", "nack pli"] : new[] { "nack", "nack pli", "ccm fir", "transport-cc" };
        Assert.Equal(feedback, session.Media[1].Codec!.Feedback);
        Assert.Equal(other != "aiortc", session.Media[1].SendExtensionIds.ContainsKey(RtpExtensionUris.TransportSequenceNumber));
    }

    [Theory]
    [MemberData(nameof(AllOthers), MemberType = typeof(SdpEndpoints))]
    public void Offers_another_line_to_another_implementation(string other)
    {
        var endpoint = New();
        endpoint.CreateOffer(Peer);
        var before = Apply(endpoint, Text($"{other}-peer-answer"));
        var offer = Parse(endpoint.CreateOffer(WithScreen(Peer)));
        Assert.Equal([(9, false), (9, false), (0, true)], offer.Media.Select(m => (m.Port, m.BundleOnly)));
        var after = Apply(endpoint, Text($"{other}-peer-answer-more"));

        Assert.Equal(3, after.Media.Count);
        Assert.Equal(before.Media.Select(m => (m.LocalSource, m.PayloadType)), after.Media.Take(2).Select(m => (m.LocalSource, m.PayloadType)));
        Assert.Equal(before.OurRole, after.OurRole);
        Assert.Null(after.Media[2].LocalSource);
    }

    [Fact]
    public void The_server_answers_as_the_protocol_says()
    {
        var endpoint = New();
        var offer = endpoint.CreateOffer(Client(9));
        var answer = SdpFixtures.Answer(Parse(offer));
        var session = Apply(endpoint, answer.Sdp);

        Assert.True(session.RemoteIsLite && session.EndOfCandidates);
        Assert.Equal(DtlsSetup.Active, session.OurRole);
        Assert.Equal((Options.IceUfrag, Options.IcePwd, Options.Fingerprint), (session.RemoteIceUfrag, session.RemoteIcePwd, session.RemoteFingerprint));
        Assert.Equal(Options.Candidates, session.RemoteCandidates.Select(c => "candidate:" + c));
        Assert.Equal(answer.Media.Select(m => m.Direction.Reverse()), session.Media.Select(m => m.Direction));
        Assert.Equal(answer.Media.Select(m => m.ReceiveExtensionIds), session.Media.Select(m => m.SendExtensionIds));
        Assert.Equal(answer.Media.Select(m => m.SendExtensionIds), session.Media.Select(m => m.ReceiveExtensionIds));
        Assert.Equal(answer.Media.Select(m => m.LocalSource?.Ssrc ?? 0), session.Media.Select(m => m.RemoteSsrcs.SingleOrDefault()));
        Assert.Equal(session.Media.Select(m => m.LocalSource?.Ssrc ?? 0), answer.Media.Select(m => m.RemoteSsrcs.SingleOrDefault()));
        Assert.All(session.Media, line => Assert.Contains("transport-cc", line.Codec!.Feedback));
    }

    [Fact]
    public void Our_own_wrong_values_throw()
    {
        Assert.Throws<ArgumentException>(() => New().CreateOffer(Peer with { Lines = [] }));
        Assert.Throws<ArgumentException>(() => New().CreateOffer(Client(62)));
        Assert.Throws<ArgumentException>(() => New().CreateOffer(Peer with { Lines = [Peer.Lines[0], Peer.Lines[0]] }));
        Assert.Throws<ArgumentException>(() => New().CreateOffer(Peer with { Lines = [new(MediaKind.Audio, "a b", MediaDirection.SendRecv)] }));
        Assert.Throws<ArgumentException>(() => New().CreateOffer(Peer with { Lines = [new(MediaKind.Other, "0", MediaDirection.SendRecv)] }));
        Assert.Throws<ArgumentException>(() => New().CreateOffer(Peer with { Lines = [Peer.Lines[0] with { Msid = new("a\r\n", null) }] }));
        Assert.Throws<ArgumentException>(() => New().CreateOffer(Peer with { Candidates = ["1\r\na=evil"] }));
        Assert.Throws<ArgumentException>(() => New().CreateOffer(Peer with { Fingerprint = new Fingerprint("sha-256", "00") }));
        Assert.Throws<ArgumentException>(() => new SdpEndpoint(SdpPolicy.Participant, RandomSource.Seeded(1), "a b"));
        var many = Enumerable.Range(0, 15).Select(i => new ExtensionPolicy($"urn:{i}"));
        Assert.Throws<ArgumentException>(() => new SdpEndpoint(SdpPolicy.Participant with { Extensions = [.. many] }, RandomSource.Seeded(1)));
    }
}
