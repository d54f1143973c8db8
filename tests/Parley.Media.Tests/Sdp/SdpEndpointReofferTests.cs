using Parley.Media.Sdp;
using static Parley.Media.Tests.Sdp.SdpEndpoints;
using static Parley.Media.Tests.Sdp.SdpFixtures;

namespace Parley.Media.Tests.Sdp;

/// <summary>The second and later offers of one connection, by either side.</summary>
public sealed class SdpEndpointReofferTests
{
    [Fact]
    public void More_slots_leave_the_old_lines_as_they_are()
    {
        var (client, server) = (New(), new SdpAnswerer(RandomSource.Seeded(7)));
        var first = Parse(client.CreateOffer(Client(2)));
        var before = Apply(client, SdpFixtures.Answer(first, answerer: server).Sdp);
        var second = Parse(client.CreateOffer(Client(6)));
        Assert.False(server.IsIceRestart(second));
        var after = Apply(client, SdpFixtures.Answer(second, answerer: server).Sdp);

        Assert.Equal((5, 9), (before.Media.Count, after.Media.Count));
        Assert.Equal((first.Origin.SessionId, first.Origin.SessionVersion + 1), (second.Origin.SessionId, second.Origin.SessionVersion));
        Assert.Equal(
            before.Media.Select(m => (m.Mid, m.PayloadType, m.LocalSource, m.RemoteSsrcs.SingleOrDefault())),
            after.Media.Take(5).Select(m => (m.Mid, m.PayloadType, m.LocalSource, m.RemoteSsrcs.SingleOrDefault())));
        Assert.All(second.Media.Take(5), m => Assert.True(m.Port == 9 && !m.BundleOnly));
        Assert.All(second.Media.Skip(5), m => Assert.True(m.Port == 0 && m.BundleOnly));
    }

    [Fact]
    public void A_line_taken_out_of_use_keeps_its_place_until_a_new_one_gets_it()
    {
        var (us, them) = (New(1), New(2));
        Settle(us, them, WithScreen(Peer), WithScreen(Peer));
        var without = Parse(us.CreateOffer(Peer));
        Assert.Equal((3, 0, false), (without.Media.Count, without.Media[2].Port, without.Media[2].BundleOnly));
        Assert.Equal(["0", "1"], without.Groups[0].Mids);

        var (ours, theirs) = Settle(us, them, Peer, WithScreen(Peer));
        Assert.True(ours.Media[2].Rejected && theirs.Media[2].Rejected);
        var another = Peer with { Lines = [.. Peer.Lines, new(MediaKind.Video, "9", MediaDirection.SendOnly)] };
        (ours, theirs) = Settle(us, them, another, WithScreen(Peer));

        Assert.Equal((3, "9", "9"), (ours.Media.Count, ours.Media[2].Mid, ours.Media[2].Line));
        Assert.Equal((MediaDirection.RecvOnly, "2"), (theirs.Media[2].Direction, theirs.Media[2].Line));
    }

    [Fact]
    public void The_first_line_may_go_and_the_next_then_carries_the_transport()
    {
        var (us, them) = (New(1), New(2));
        Settle(us, them, Peer, Peer);
        var offer = Parse(us.CreateOffer(Peer with { Lines = [Peer.Lines[1]] }));

        Assert.Equal((0, 9), (offer.Media[0].Port, offer.Media[1].Port));
        Assert.NotEmpty(offer.Media[1].Candidates);
        var (ours, _) = Settle(us, them, Peer with { Lines = [Peer.Lines[1]] }, Peer);
        Assert.Equal(MediaDirection.SendRecv, ours.Media[1].Direction);
    }

    [Fact]
    public void A_line_that_was_refused_may_be_offered_again()
    {
        var (us, them) = (New(1), New(2));
        var (ours, _) = Settle(us, them, Peer, Peer with { Lines = [Peer.Lines[0]] });
        Assert.True(ours.Media[1].Rejected);
        var source = Parse(us.CreateOffer(Peer)).Media[1].Ssrcs.Single();
        (ours, _) = Settle(us, them, Peer, Peer);

        Assert.Equal((2, "1", MediaDirection.SendRecv, source.Ssrc), (ours.Media.Count, ours.Media[1].Mid, ours.Media[1].Direction, ours.Media[1].LocalSource!.Ssrc));
    }

    [Fact]
    public void A_line_keeps_its_stream_over_a_pause()
    {
        var (us, them) = (New(1), New(2));
        var before = Settle(us, them, Peer, Peer).Ours;
        var paused = Peer with { Lines = [Peer.Lines[0], Peer.Lines[1] with { Direction = MediaDirection.Inactive }] };

        Assert.Null(Settle(us, them, paused, Peer).Ours.Media[1].LocalSource);
        Assert.Equal(before.Media[1].LocalSource, Settle(us, them, Peer, Peer).Ours.Media[1].LocalSource);
    }

    [Theory]
    [InlineData("chromium")]
    [InlineData("firefox")]
    [InlineData("aiortc")]
    public void An_offer_after_theirs_keeps_their_mids_and_numbers(string other)
    {
        var local = Peer with { Lines = [new(MediaKind.Audio, "mic", MediaDirection.SendRecv), new(MediaKind.Video, "1", MediaDirection.RecvOnly)] };
        var endpoint = New();
        var session = Answer(endpoint, Text($"{other}-peer-offer").Replace("a=mid:1", "a=mid:cam").Replace("BUNDLE 0 1", "BUNDLE 0 cam"), local).Session;
        // Our name of a new line is the mid that the other side gave its first.
        var more = local with { Lines = [.. local.Lines, new(MediaKind.Video, "0", MediaDirection.SendOnly)] };
        var offer = Parse(endpoint.CreateOffer(more));

        Assert.Equal(["0", "cam", "3"], offer.Media.Select(m => m.Mid));
        Assert.Equal(session.Media.Select(m => m.PayloadType), offer.Media.Take(2).Select(m => m.Codecs.Single().PayloadType));
        Assert.Equal(session.Media[1].PayloadType, offer.Media[2].Codecs.Single().PayloadType);
        foreach (var media in session.Media)
        {
            Assert.All(media.ReceiveExtensionIds, e => Assert.Contains(offer.Media[media.Index].Extensions, o => o.Uri == e.Key && o.Id == e.Value));
        }

        Assert.Equal(session.Media[0].LocalSource!.Ssrc, offer.Media[0].Ssrcs.Single().Ssrc);
        var ids = offer.Media.SelectMany(m => m.Extensions).Select(e => (e.Id, e.Uri)).Distinct().ToList();
        Assert.Equal(ids.Count, ids.Select(e => e.Id).Distinct().Count());
    }

    [Fact]
    public void Our_ice_restart_is_answered_by_theirs()
    {
        var (us, them) = (New(1), New(2));
        Settle(us, them, Peer, Peer);
        var offer = us.CreateOffer(WithIce(Peer, "again"));
        Assert.True(them.IsIceRestart(offer));
        Assert.False(them.TryAnswer(offer, Peer, out _, out _, out var error));
        Assert.Contains("restarts ICE", error.Message, StringComparison.Ordinal);
        var (answer, session) = Answer(them, offer, WithIce(Peer, "mine2"));

        Assert.Equal("again", session.RemoteIceUfrag);
        Assert.False(us.TryApplyAnswer(answer.Replace("mine2", Peer.Ice.Ufrag).Replace(new string('p', 24), Peer.Ice.Password), out _, out error));
        Assert.Contains("credentials of before", error.Message, StringComparison.Ordinal);
        Assert.Equal("mine2", Apply(us, answer).RemoteIceUfrag);
    }

    [Fact]
    public void An_answer_does_not_restart_ice_by_itself()
    {
        var (us, them) = (New(1), New(2));
        Settle(us, them, Peer, Peer);
        var answer = Answer(them, us.CreateOffer(Peer)).Answer;

        Assert.False(us.TryApplyAnswer(answer.Replace(Peer.Ice.Ufrag, "other"), out _, out var error));
        Assert.Contains("The answer restarts ICE", error.Message, StringComparison.Ordinal);
        // Both may have begun at once: a restart of ours, and an offer of theirs that knows nothing of it.
        Assert.False(them.TryAnswer(us.CreateOffer(Peer), WithIce(Peer, "other"), out _, out _, out error));
        Assert.Contains("This side has restarted ICE", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Roles_and_certificates_stay()
    {
        var (us, them) = (New(1), New(2));
        var role = Settle(us, them, Peer, Peer).Ours.OurRole;
        // Now they offer: who was active stays so, though the offer leaves it open.
        var offer = them.CreateOffer(Peer);
        Assert.Equal(DtlsSetup.ActPass, Parse(offer).Setup);
        Assert.Equal(role, Answer(us, offer).Session.OurRole);

        Assert.False(us.TryAnswer(offer.Replace("actpass", role == DtlsSetup.Active ? "active" : "passive"), Peer, out _, out _, out var error));
        Assert.Contains("DTLS roles", error.Message, StringComparison.Ordinal);
        var other = Peer.Fingerprint.ToString().Replace("00:", "FF:");
        Assert.False(us.TryAnswer(offer.Replace(Peer.Fingerprint.ToString(), other), Peer, out _, out _, out error));
        Assert.Contains("new connection", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_sides_may_offer_at_once_and_one_gives_way()
    {
        var (us, them) = (New(1), New(2));
        var (ours, theirs) = (us.CreateOffer(Peer), them.CreateOffer(Peer));
        Assert.NotEqual(ours, theirs);
        var (answer, session) = Answer(us, theirs);

        AssertAgree(session, Apply(them, answer));
        Assert.False(us.TryApplyAnswer(answer, out _, out var error));
        Assert.Contains("no offer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_changes_its_media_type_in_neither_description()
    {
        var (us, them) = (New(1), New(2));
        Settle(us, them, Peer, Peer);
        Assert.Throws<ArgumentException>(() => us.CreateOffer(Peer with { Lines = [new(MediaKind.Video, "0", MediaDirection.SendRecv)] }));
        var swapped = New(3).CreateOffer(Peer with { Lines = [.. Peer.Lines.Reverse()] });

        Assert.False(us.TryAnswer(swapped, Peer, out _, out _, out var error));
        Assert.Contains("keep their place", error.Message, StringComparison.Ordinal);
    }

    private static (SdpSession Ours, SdpSession Theirs) Settle(SdpEndpoint us, SdpEndpoint them, SdpLocal ours, SdpLocal theirs)
    {
        var (answer, session) = Answer(them, us.CreateOffer(ours), theirs);
        var applied = Apply(us, answer);
        AssertAgree(applied, session);
        return (applied, session);
    }
}
