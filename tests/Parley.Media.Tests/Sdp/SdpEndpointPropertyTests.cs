using CsCheck;
using Parley.Media.Sdp;
using static Parley.Media.Tests.Sdp.SdpEndpoints;
using static Parley.Media.Tests.Sdp.SdpFixtures;

namespace Parley.Media.Tests.Sdp;

public sealed class SdpEndpointPropertyTests
{
    private static readonly string[] Offers = [.. Others.SelectMany(other => new[] { $"{other}-peer-offer", $"{other}-peer-offer-data" }).Select(Text)];

    private static readonly string[] Answers = [.. Others.Select(other => Text($"{other}-peer-answer"))];

    /// <summary>One to twelve lines of any kind and direction; their names are not in order.</summary>
    private static readonly Gen<SdpLocal> Local =
        Gen.Select(Gen.Bool, Gen.Int[0, 3]).Array[1, 12].Select(lines => Peer with
        {
            Lines = [.. lines.Select((line, i) => new SdpLine(line.Item1 ? MediaKind.Audio : MediaKind.Video, $"{i * 7 % 13}", (MediaDirection)line.Item2))],
        });

    /// <summary>Any lines on either side, and either side offering each time, with some of the lines it had before.</summary>
    [Fact]
    public void Both_sides_agree_whatever_they_want_and_whoever_offers() =>
        Gen.Select(Local, Local, Gen.Select(Gen.Bool, Gen.Int[1, 12]).Array[1, 4]).Sample(
            (ours, theirs, rounds) =>
            {
                var (us, them) = (New(1), New(2));
                foreach (var (weOffer, count) in rounds)
                {
                    var some = ours with { Lines = [.. ours.Lines.Take(count)] };
                    var (from, to) = weOffer ? (us, them) : (them, us);
                    var (wanted, other) = weOffer ? (some, theirs) : (theirs, some);
                    if (!to.TryAnswer(from.CreateOffer(wanted), other, out var answer, out var session, out var error))
                    {
                        // What they want may have no line in common.
                        Assert.Contains("no audio or video", error.Message, StringComparison.Ordinal);
                        continue;
                    }

                    AssertAgree(Apply(from, answer), session);
                    var mids = session.Media.Where(m => !m.Rejected).Select(m => m.Mid).ToList();
                    Assert.Equal(mids.Count, mids.Distinct().Count());
                    foreach (var media in session.Media.Where(m => m.Line is not null))
                    {
                        var wish = other.Lines.Single(line => line.Mid == media.Line);
                        Assert.Equal(wish.Kind, media.Kind);
                        Assert.True(!media.Direction.Sends() || wish.Direction.Sends());
                        Assert.True(!media.Direction.Receives() || wish.Direction.Receives());
                    }
                }
            },
            iter: 500);

    [Fact]
    public void The_server_agrees_with_any_client() => Gen.Select(Gen.Int[0, 20], Gen.Int[0, 20]).Sample(
        (first, more) =>
        {
            var (client, server) = (New(), new SdpAnswerer(RandomSource.Seeded(2)));
            foreach (var slots in new[] { first, first + more })
            {
                var answer = SdpFixtures.Answer(Parse(client.CreateOffer(Client(slots))), answerer: server);
                var session = Apply(client, answer.Sdp);
                Assert.Equal(3 + slots, session.Media.Count);
                foreach (var (ours, theirs) in session.Media.Zip(answer.Media))
                {
                    Assert.Equal((ours.Mid, ours.PayloadType, ours.Direction), (theirs.Mid, theirs.PayloadType, theirs.Direction.Reverse()));
                    Assert.Equal(ours.SendExtensionIds, theirs.ReceiveExtensionIds);
                    Assert.Equal(ours.ReceiveExtensionIds, theirs.SendExtensionIds);
                    Assert.Equal(ours.Codec!.Feedback, theirs.Codec!.Feedback);
                }
            }
        },
        iter: 30);

    [Fact]
    public void A_damaged_offer_is_answered_or_refused_with_a_reason() => SdpPropertyTests.Damaged(Offers).Sample(
        text =>
        {
            var endpoint = New();
            if (!endpoint.TryAnswer(text, Peer, out var answer, out var session, out var error))
            {
                Assert.NotEmpty(error.Message);
                Assert.Null(endpoint.Session);
                return;
            }

            Assert.Equal(session.Media.Count, Parse(answer).Media.Count);
            Parse(endpoint.CreateOffer(WithScreen(Peer)));
        },
        iter: 1_000);

    [Fact]
    public void A_damaged_answer_is_taken_or_refused_with_a_reason() => SdpPropertyTests.Damaged(Answers).Sample(
        text =>
        {
            var endpoint = New();
            endpoint.CreateOffer(Peer);
            if (endpoint.TryApplyAnswer(text, out var session, out var error)) Assert.Equal(Peer.Lines.Count, session.Media.Count);
            else Assert.NotEmpty(error.Message);
            Parse(endpoint.CreateOffer(WithScreen(Peer)));
        },
        iter: 1_000);
}
