using Parley.Media.Sdp;
using static Parley.Media.Tests.Sdp.SdpEndpoints;
using static Parley.Media.Tests.Sdp.SdpFixtures;

namespace Parley.Media.Tests.Sdp;

/// <summary>Every reason to refuse an answer or an offer, made from a real one by one edit.</summary>
public sealed class SdpEndpointErrorTests
{
    [Theory]
    [InlineData("v=0", "v=1", 1, "begins with v=0")]
    [InlineData("a=group:BUNDLE 0 1\r\n", "", 0, "no a=group:BUNDLE")]
    [InlineData("BUNDLE 0 1", "BUNDLE 0", 30, "not in the BUNDLE group")]
    [InlineData("BUNDLE 0 1", "BUNDLE 0 1 2", 0, "a mid that the offer has not")]
    [InlineData("a=rtcp-mux\r\n", "", 7, "no a=rtcp-mux")]
    [InlineData("a=ice-ufrag:", "a=x-ufrag:", 7, "no a=ice-ufrag")]
    [InlineData("a=ice-pwd:", "a=x-pwd:", 7, "no a=ice-pwd")]
    [InlineData("a=fingerprint:", "a=x-fingerprint:", 7, "no a=fingerprint")]
    [InlineData("a=setup:active\r\n", "", 7, "no a=setup")]
    [InlineData("a=setup:active", "a=setup:actpass", 7, "must be active or passive")]
    [InlineData("a=setup:active", "a=setup:holdconn", 7, "must be active or passive")]
    [InlineData("a=mid:1\r\n", "", 30, "no a=mid")]
    [InlineData("a=mid:1\r\n", "a=mid:7\r\n", 30, "another a=mid")]
    [InlineData("m=video", "m=audio", 30, "another media type")]
    [InlineData("UDP/TLS/RTP/SAVPF", "RTP/AVP", 7, "protocol")]
    [InlineData("111", "112", 7, "payload type we offered")]
    [InlineData("opus/48000/2", "PCMU/8000", 7, "payload type we offered")]
    [InlineData("a=extmap:3 ", "a=extmap:5 ", 7, "another id than the offer")]
    public void Says_what_an_answer_lacks(string find, string replace, int line, string words)
    {
        var text = Text("chromium-peer-answer");
        var edited = text.Replace(find, replace);
        Assert.NotEqual(text, edited);
        var endpoint = New();
        endpoint.CreateOffer(Peer);

        Assert.False(endpoint.TryApplyAnswer(edited, out _, out var error));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(line, error.Line);
        // The offer goes on waiting.
        Assert.Null(endpoint.Session);
        Apply(endpoint, text);
    }

    [Fact]
    public void An_answer_has_as_many_lines_as_the_offer_and_takes_at_least_one()
    {
        var endpoint = New();
        endpoint.CreateOffer(WithScreen(Peer));
        AssertRefused(endpoint, Text("chromium-peer-answer"), "has 2 m= lines and the offer 3");
        endpoint.CreateOffer(Peer);
        AssertRefused(endpoint, Text("chromium-peer-answer").Replace("m=audio 9", "m=audio 0").Replace("m=video 9", "m=video 0"), "takes none");
    }

    [Fact]
    public void An_answer_without_an_offer_is_refused()
    {
        var endpoint = New();
        AssertRefused(endpoint, Text("chromium-peer-answer"), "no offer");
        endpoint.CreateOffer(Peer);
        Apply(endpoint, Text("chromium-peer-answer"));
        AssertRefused(endpoint, Text("chromium-peer-answer"), "no offer");
    }

    [Theory]
    [InlineData("a=group:BUNDLE 0 1\r\n", "", "no a=group:BUNDLE")]
    [InlineData("a=setup:actpass", "a=setup:holdconn", "holdconn")]
    [InlineData("a=rtcp-mux\r\n", "", "no a=rtcp-mux")]
    [InlineData("opus/48000/2", "opus/48000", "cannot be refused")]
    [InlineData("a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=extmap:2 http", "a=extmap:2 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=extmap:1 http", "mid header extension")]
    public void Says_what_an_offer_lacks(string find, string replace, string words)
    {
        var text = Text("aiortc-peer-offer");
        var edited = text.Replace(find, replace);
        Assert.NotEqual(text, edited);
        Assert.False(New().TryAnswer(edited, Peer, out _, out _, out var error));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a=ice-pwd:", "a=ice-pwd:?")]
    [InlineData("a=setup:", "a=setup:secret")]
    [InlineData("a=mid:1", "a=mid:secret")]
    [InlineData("a=fingerprint:sha-256", "a=fingerprint:secret")]
    public void An_error_never_repeats_what_the_other_side_wrote(string find, string replace)
    {
        var text = Text("firefox-peer-answer");
        var password = Parse(text).Media[0].IcePwd!;
        var endpoint = New();
        endpoint.CreateOffer(Peer);

        Assert.False(endpoint.TryApplyAnswer(text.Replace(find, replace), out _, out var error));
        Assert.DoesNotContain(password, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(password, Apply(endpoint, text).ToString(), StringComparison.Ordinal);
    }

    private static void AssertRefused(SdpEndpoint endpoint, string answer, string words)
    {
        Assert.False(endpoint.TryApplyAnswer(answer, out _, out var error));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }
}
