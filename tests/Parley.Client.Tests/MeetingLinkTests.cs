using CsCheck;

namespace Parley.Client.Tests;

public sealed class MeetingLinkTests
{
    private const string Id = "quiet-harbour-k7m3q";

    [Theory]
    [InlineData("https://meet.example.org/m/quiet-harbour-k7m3q", "https://meet.example.org/")]
    [InlineData("https://meet.example.org:8443/m/quiet-harbour-k7m3q", "https://meet.example.org:8443/")]
    [InlineData("http://meet.example.org/m/quiet-harbour-k7m3q/", "http://meet.example.org/")]
    [InlineData("HTTPS://Meet.Example.org/m/Quiet-Harbour-K7M3Q?x=1#y", "https://meet.example.org/")]
    [InlineData("\ufeffhttps://meet.example.org/m/quiet-harbour-k7m3q\u200b", "https://meet.example.org/")]
    [InlineData("  <https://meet.example.org/m/quiet-harbour-k7m3q>\n", "https://meet.example.org/")]
    [InlineData("meet.example.org/m/quiet-harbour-k7m3q", "https://meet.example.org/")]
    [InlineData("meet.example.org:8080/m/quiet-harbour-k7m3q?a#b", "https://meet.example.org:8080/")]
    [InlineData("localhost/m/quiet-harbour-k7m3q", "http://localhost/")]
    [InlineData("localhost:8080/m/quiet-harbour-k7m3q", "http://localhost:8080/")]
    [InlineData("localhost:443/m/quiet-harbour-k7m3q", "http://localhost:443/")]
    [InlineData("127.0.0.2:8080/m/quiet-harbour-k7m3q", "http://127.0.0.2:8080/")]
    [InlineData("[::1]:8080/m/quiet-harbour-k7m3q", "http://[::1]:8080/")]
    [InlineData("https://localhost:8443/m/quiet-harbour-k7m3q", "https://localhost:8443/")]
    [InlineData("http://[2001:db8::1]:8080/m/quiet-harbour-k7m3q", "http://[2001:db8::1]:8080/")]
    public void Reads_a_link_as_people_paste_it(string text, string server)
    {
        var link = MeetingLink.Parse(text);
        Assert.Equal(new Uri(server), link.Server);
        Assert.Equal(Id, link.MeetingId);
        Assert.Equal(link, MeetingLink.Parse(link.ToString()));
    }

    [Fact]
    public void Reads_a_bare_id_of_a_known_server()
    {
        var link = MeetingLink.Parse(" Quiet-Harbour-k7m3q ", new Uri("http://localhost:8080/history?x"));
        Assert.Equal("http://localhost:8080/m/quiet-harbour-k7m3q", link.ToString());
        Assert.Equal(new Uri("https://a.example"), MeetingLink.Parse("https://a.example/m/x", new Uri("http://b.example")).Server);
    }

    [Theory]
    [InlineData("", "missing")]
    [InlineData("  ", "missing")]
    [InlineData(Id, "whole link")]
    [InlineData("https://meet.example.org", "address of a server")]
    [InlineData("https://meet.example.org/", "address of a server")]
    [InlineData("https://meet.example.org/m/", "names no meeting")]
    [InlineData("https://meet.example.org/history/quiet-harbour-k7m3q", "names no meeting")]
    [InlineData("https://meet.example.org/m/quiet-harbour-k7m3q/record", "names no meeting")]
    [InlineData("https://meet.example.org/m/a%2Fb", "names no meeting")]
    [InlineData("https://meet.example.org/m/ä", "names no meeting")]
    [InlineData("https://meet.example.org/m/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "names no meeting")]
    [InlineData("ftp://meet.example.org/m/x", "not with ftp:")]
    [InlineData("file:///m/x", "not with file:")]
    [InlineData("javascript://x/m/x", "not with javascript:")]
    [InlineData("https://ada:hush@meet.example.org/m/x", "user name")]
    [InlineData("ada@meet.example.org/m/x", "user name")]
    [InlineData("https://meet.example.org:0/m/x", "port")]
    [InlineData("https://meet.example.org:99999/m/x", "no address")]
    [InlineData("https:///m/x", "no address")]
    [InlineData("//\u202e//https://Oq>/\\#~", "no spaces")]
    [InlineData("https://me et.example.org/m/x", "no spaces")]
    [InlineData("https://meet.example.org/m/x\u001b[31m", "no spaces")]
    public void Says_what_is_wrong_with_a_link(string text, string why)
    {
        var refused = Assert.Throws<ParleyException>(() => MeetingLink.Parse(text));
        Assert.Equal(ParleyError.Invalid, refused.Error);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refused.Message, char.IsControl);
        Assert.DoesNotContain("hush", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("meet.example.org", "https://meet.example.org/")]
    [InlineData(" https://meet.example.org ", "https://meet.example.org/")]
    [InlineData("https://meet.example.org/m/quiet-harbour-k7m3q", "https://meet.example.org/")]
    [InlineData("https://meet.example.org/history", "https://meet.example.org/")]
    [InlineData("localhost:8080", "http://localhost:8080/")]
    [InlineData("http://127.0.0.1:8080/", "http://127.0.0.1:8080/")]
    [InlineData("[::1]", "http://[::1]/")]
    [InlineData("parley", "https://parley/")]
    public void Reads_the_address_of_a_server(string text, string server) =>
        Assert.Equal(new Uri(server), ParleyServer.ParseAddress(text));

    [Theory]
    [InlineData("", "missing")]
    [InlineData("https://meet.example.org/parley", "no path")]
    [InlineData("ws://meet.example.org", "not with ws:")]
    [InlineData("https://u@meet.example.org", "user name")]
    [InlineData("https://", "no address")]
    [InlineData(":8080", "no address")]
    public void Says_what_is_wrong_with_an_address(string text, string why)
    {
        var refused = Assert.Throws<ParleyException>(() => ParleyServer.ParseAddress(text));
        Assert.Equal(ParleyError.Invalid, refused.Error);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_pasted_is_a_link_or_is_refused_in_words()
    {
        var pieces = Gen.OneOf(new[]
        {
            "https://", "http://", "://", "/m/", "m", "/", "//", "@", ":", "8080", ":0", "localhost", "meet.example.org", "[::1]", "[", "]",
            "%", "%00", "%2f", "?", "#", "..", "\\", "\u0000", "\ud800", "ä", "xn--", "١", "fe80::1%eth0", Id, "\u202e", " ", "-", "1e9",
        }.Select(Gen.Const).ToArray());
        var texts = Gen.OneOf(
            Gen.String,
            pieces.Array[0, 8].Select(string.Concat),
            Gen.Select(pieces.Array[0, 4], Gen.String, (all, tail) => string.Concat(all) + tail));
        Gen.Select(texts, Gen.Bool).Sample((text, isKnown) =>
        {
            try
            {
                var link = MeetingLink.Parse(text, isKnown ? new Uri("https://meet.example.org") : null);
                Assert.Equal(link, MeetingLink.Parse(link.ToString()));
            }
            catch (ParleyException e)
            {
                Assert.Equal(ParleyError.Invalid, e.Error);
                Assert.DoesNotContain(e.Message, char.IsControl);
            }
        });
    }
}
