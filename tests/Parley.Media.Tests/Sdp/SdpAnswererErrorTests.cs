using Parley.Media.Rtp;
using Parley.Media.Sdp;
using static Parley.Media.Tests.Sdp.SdpFixtures;

namespace Parley.Media.Tests.Sdp;

/// <summary>Every reason to refuse an offer, made from a real one by one edit.</summary>
public sealed class SdpAnswererErrorTests
{
    [Theory]
    [InlineData("a=group:BUNDLE 0 1 2 3 4\r\n", "", "no a=group:BUNDLE")]
    [InlineData("BUNDLE 0 1 2 3 4", "BUNDLE 0 1 2 3", "not in the BUNDLE group")]
    [InlineData("BUNDLE 0 1 2 3 4", "BUNDLE 0 1 2 3 4 5", "a mid that no m= line has")]
    [InlineData("a=rtcp-mux\r\n", "", "no a=rtcp-mux")]
    [InlineData("a=ice-ufrag:", "a=x-ufrag:", "no a=ice-ufrag")]
    [InlineData("a=ice-pwd:", "a=x-pwd:", "no a=ice-pwd")]
    [InlineData("a=fingerprint:", "a=x-fingerprint:", "no a=fingerprint")]
    [InlineData("a=setup:actpass\r\n", "", "no a=setup")]
    [InlineData("a=setup:actpass", "a=setup:passive", "must be actpass or active")]
    [InlineData("a=setup:actpass", "a=setup:holdconn", "must be actpass or active")]
    [InlineData("opus/48000/2", "opus/48000", "none of our codecs: opus/48000")]
    [InlineData("/90000", "/9000", "none of our codecs: VP8/90000, H264/90000, VP9/90000, AV1/90000")]
    [InlineData("a=mid:3\r\n", "", "no a=mid")]
    [InlineData("a=mid:3\r\n", "a=mid:2\r\n", "same a=mid")]
    [InlineData("m=video 9 UDP/TLS/RTP/SAVPF", "m=video 9 RTP/AVP", "protocol")]
    public void Says_what_an_offer_lacks(string find, string replace, string words)
    {
        var text = Text("chromium-one-layer");
        var edited = text.Replace(find, replace);
        Assert.NotEqual(text, edited);
        AssertRefused(Parse(edited), words);
    }

    [Fact]
    public void A_weak_fingerprint_is_refused()
    {
        var weak = "a=fingerprint:sha-1 " + string.Join(':', Enumerable.Repeat("AB", 20)) + "\r\n";
        var text = Text("firefox-one-layer");
        var from = text.IndexOf("a=fingerprint:", StringComparison.Ordinal);
        var to = text.IndexOf("\r\n", from, StringComparison.Ordinal) + 2;

        AssertRefused(Parse(text[..from] + weak + text[to..]), "sha-256");
        // A strong one beside it is enough.
        var answer = Answer(Parse(text.Insert(from, weak)));
        Assert.Equal("sha-256", answer.RemoteFingerprint.Algorithm);
    }

    [Fact]
    public void Two_codecs_cannot_share_a_payload_type()
    {
        var text = Text("chromium-one-layer");
        var audio = text[..text.IndexOf("m=video", StringComparison.Ordinal)];

        var offer = Parse(audio.Replace("111", "96") + text[audio.Length..]);
        var onlyVp8 = Options with { Policy = SdpPolicy.Server([VideoCodec.Vp8]) };
        AssertRefused(offer, "payload type", onlyVp8);

        // Where there is another codec, it goes without that one.
        Assert.Equal("H264", SdpFixtures.Answer(offer).Media[1].Codec!.Name);
    }

    [Fact]
    public void An_extension_id_with_two_meanings_is_taken_once_and_refused_only_for_the_mid()
    {
        var text = Text("chromium-one-layer");
        var audio = text[..text.IndexOf("m=video", StringComparison.Ordinal)];
        var video = text[audio.Length..];
        var clash = Answer(Parse(audio + video.Replace("a=extmap:2 http", "a=extmap:20 http").Replace("a=extmap:3 http", "a=extmap:2 http")));
        Assert.Contains(RtpExtensionUris.AbsoluteSendTime, clash.Media[0].ReceiveExtensionIds);
        Assert.DoesNotContain(RtpExtensionUris.TransportSequenceNumber, clash.Media[1].ReceiveExtensionIds);

        AssertRefused(Parse(audio + video.Replace("a=extmap:4 urn", "a=extmap:1 urn")), "mid header extension");
    }

    [Fact]
    public void More_lines_than_allowed_are_refused() =>
        AssertRefused(Parse(Text("chromium-devices")), "at most 6", Options with { MaximumMedia = 6 });

    [Fact]
    public void An_offer_without_lines_or_without_any_we_take_is_refused()
    {
        AssertRefused(Parse(SessionDescriptionTests.Minimal([])), "no m= line");
        AssertRefused(Parse(Text("chromium-devices")), "no audio or video", Options with { Accept = (_, _) => false });
    }

    [Theory]
    [InlineData("chromium-devices")]
    [InlineData("firefox-devices")]
    public void The_line_that_carries_the_transport_cannot_be_refused(string fixture) =>
        AssertRefused(Parse(Text(fixture)), "cannot be refused", Options with { Accept = (_, index) => index != 0 });

    [Theory]
    [InlineData("a=mid:3", "a=mid:secret")]
    [InlineData("opus/48000/2", "secret/48000/2")]
    [InlineData("a=setup:actpass", "a=setup:secret")]
    [InlineData("a=ice-pwd:", "a=ice-pwd:?secret")]
    [InlineData("m=audio 9", "m=audio secret")]
    public void An_error_never_repeats_what_the_client_wrote(string find, string replace)
    {
        var answerer = new SdpAnswerer(RandomSource.Seeded(1));
        var parsed = SessionDescription.TryParse(Text("chromium-one-layer").Replace(find, replace), out var offer, out var error);
        Assert.False(parsed && answerer.TryAnswer(offer!, Options, out _, out error));
        Assert.DoesNotContain("secret", error!.ToString(), StringComparison.Ordinal);
    }

    private static void AssertRefused(SessionDescription offer, string words, SdpAnswerOptions? options = null)
    {
        Assert.False(new SdpAnswerer(RandomSource.Seeded(1)).TryAnswer(offer, options ?? Options, out _, out var error));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }
}
