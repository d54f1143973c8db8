using Parley.Media.Sdp;
using static Parley.Media.Tests.Sdp.SdpFixtures;

namespace Parley.Media.Tests.Sdp;

/// <summary>The second and later offers of one connection.</summary>
public sealed class SdpReofferTests
{
    [Theory]
    [InlineData("chromium-devices", "chromium-devices-more-slots")]
    [InlineData("firefox-devices", "firefox-devices-more-slots")]
    public void More_slots_leave_the_old_lines_as_they_are(string first, string later)
    {
        var answerer = new SdpAnswerer(RandomSource.Seeded(7));
        var before = Answer(Parse(Text(first)), answerer: answerer);
        var offer = Parse(Text(later));
        Assert.False(answerer.IsIceRestart(offer));
        var after = Answer(offer, answerer: answerer);

        Assert.Equal((7, 11), (before.Media.Count, after.Media.Count));
        for (var i = 0; i < before.Media.Count; i++)
        {
            var (old, now) = (before.Media[i], after.Media[i]);
            Assert.Equal((old.Mid, old.Kind, old.PayloadType, old.LocalSource), (now.Mid, now.Kind, now.PayloadType, now.LocalSource));

            // The later offer was made after an answer of an older server: Chromium offers again only what that had taken.
            Assert.All(now.ReceiveExtensionIds, id => Assert.Equal(old.ReceiveExtensionIds[id.Key], id.Value));
            Assert.All(now.SendExtensionIds, id => Assert.Equal(old.SendExtensionIds[id.Key], id.Value));
        }

        var sources = after.Media.Select(m => m.LocalSource?.Ssrc).OfType<uint>().ToList();
        Assert.Equal(9, sources.Distinct().Count());
        var (origin, next) = (Parse(before.Sdp).Origin, Parse(after.Sdp).Origin);
        Assert.Equal((origin.SessionId, origin.SessionVersion + 1), (next.SessionId, next.SessionVersion));
    }

    [Fact]
    public void A_slot_that_paused_comes_back_with_the_same_stream()
    {
        var answerer = new SdpAnswerer(RandomSource.Seeded(7));
        var offer = Parse(Text("chromium-devices"));
        var before = Answer(offer, answerer: answerer).Media[4].LocalSource;
        var paused = offer with { Media = [.. offer.Media.Select((m, i) => i == 4 ? m with { Direction = MediaDirection.Inactive } : m)] };

        Assert.Null(Answer(paused, answerer: answerer).Media[4].LocalSource);
        Assert.Equal(before, Answer(offer, answerer: answerer).Media[4].LocalSource);
    }

    [Fact]
    public void Lines_keep_their_place_mid_and_kind()
    {
        var offer = Parse(Text("chromium-devices"));
        var swapped = offer with { Media = [offer.Media[0], offer.Media[2], offer.Media[1], .. offer.Media.Skip(3)] };
        var fewer = offer with
        {
            Media = [.. offer.Media.SkipLast(1)],
            Groups = [new MediaGroup("BUNDLE", [.. offer.Groups[0].Mids.SkipLast(1)])],
        };

        AssertRefused(offer, swapped, "keep their place");
        AssertRefused(offer, fewer, "fewer m= lines");
    }

    [Fact]
    public void The_place_of_a_rejected_line_may_be_used_again()
    {
        var answerer = new SdpAnswerer(RandomSource.Seeded(7));
        var offer = Parse(Text("chromium-devices"));
        Answer(offer, Options with { Accept = (_, index) => index != 6 }, answerer);
        var reused = offer with
        {
            Media = [.. offer.Media.SkipLast(1), offer.Media[6] with { Mid = "7" }],
            Groups = [new MediaGroup("BUNDLE", ["0", "1", "2", "3", "4", "5", "7"])],
        };

        Assert.Equal("7", Answer(reused, answerer: answerer).Media[6].Mid);
    }

    [Fact]
    public void Another_certificate_needs_another_connection()
    {
        var offer = Parse(Text("chromium-devices"));
        var other = offer with { Media = [.. offer.Media.Select(m => m with { Fingerprints = [Options.Fingerprint] })] };

        AssertRefused(offer, other, "new connection");
    }

    [Fact]
    public void Restarting_ice_needs_new_credentials_of_ours()
    {
        var answerer = new SdpAnswerer(RandomSource.Seeded(7));
        var offer = Parse(Text("chromium-devices"));
        Assert.False(answerer.IsIceRestart(offer));
        Answer(offer, answerer: answerer);
        var restart = offer with { Media = [.. offer.Media.Select(m => m with { IceUfrag = "else", IcePwd = new string('p', 24) })] };

        Assert.True(answerer.IsIceRestart(restart));
        Assert.False(answerer.TryAnswer(restart, Options, out _, out var error));
        Assert.Contains("restarts ICE", error.Message, StringComparison.Ordinal);
        Assert.Equal("else", Answer(restart, Options with { IceUfrag = "parley02" }, answerer).RemoteIceUfrag);
    }

    [Fact]
    public void A_refused_offer_changes_nothing()
    {
        var offer = Parse(Text("firefox-devices"));
        var undisturbed = new SdpAnswerer(RandomSource.Seeded(7));
        var disturbed = new SdpAnswerer(RandomSource.Seeded(7));
        var expected = Answer(offer, answerer: undisturbed).Sdp;
        Assert.Equal(expected, Answer(offer, answerer: disturbed).Sdp);

        var broken = offer with { Media = [.. offer.Media.Select(m => m with { Codecs = [] })] };
        Assert.False(disturbed.TryAnswer(broken, Options, out _, out _));

        Assert.Equal(Answer(offer, answerer: undisturbed).Sdp, Answer(offer, answerer: disturbed).Sdp);
    }

    private static void AssertRefused(SessionDescription first, SessionDescription later, string words)
    {
        var answerer = new SdpAnswerer(RandomSource.Seeded(7));
        Answer(first, answerer: answerer);
        Assert.False(answerer.TryAnswer(later, Options, out _, out var error));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }
}
