using System.Text;
using CsCheck;
using Parley.Media.Sdp;
using static Parley.Media.Tests.Sdp.SdpFixtures;

namespace Parley.Media.Tests.Sdp;

public sealed class SdpPropertyTests
{
    private static readonly Gen<string> Mutated = Damaged([.. FirstOffers.Concat(LaterOffers).Select(Text)]);

    /// <summary>One of the texts with some of its lines deleted, doubled, swapped or damaged.</summary>
    internal static Gen<string> Damaged(string[] texts)
    {
        var originals = texts.Select(text => text.Split("\r\n")).ToArray();
        return Gen.Select(
                Gen.Int[0, originals.Length - 1],
                Gen.Select(Gen.Int[0, 4], Gen.Int[0, 100_000], Gen.Int[0, 100_000], Gen.Char).Array[1, 12])
            .Select((original, edits) => Mutate(originals[original], edits));
    }

    [Fact]
    public void A_damaged_offer_is_answered_or_refused_with_a_reason() => Mutated.Sample(
        text =>
        {
            if (!SessionDescription.TryParse(text, out var offer, out var error))
            {
                Assert.NotEmpty(error.Message);
                return;
            }

            var answerer = new SdpAnswerer(RandomSource.Seeded(1));
            if (answerer.TryAnswer(offer, Options, out var answer, out error)) Assert.Equal(offer.Media.Count, Parse(answer.Sdp).Media.Count);
            else Assert.NotEmpty(error.Message);
        },
        iter: 1_000);

    [Fact]
    public void What_still_reads_writes_back_to_the_same_model() => Mutated.Sample(
        text =>
        {
            if (!SessionDescription.TryParse(text, out var first, out _)) return;
            var written = first.ToString();
            Assert.Equal(written, Parse(written).ToString());
        },
        iter: 500);

    [Fact]
    public void Random_text_is_read_or_refused_with_a_reason() => Gen.String.Sample(
        text => SessionDescription.TryParse("v=0\no=- 1 1 IN IP4 0.0.0.0\n" + text, out var read, out var error)
            ? read is not null && error is null
            : error.Message.Length > 0,
        iter: 5_000);

    [Fact]
    public void Any_value_of_an_attribute_is_refused_or_writes_back()
    {
        string[] names =
        [
            "mid", "rtpmap", "fmtp", "rtcp-fb", "extmap", "rid", "simulcast", "ssrc", "ssrc-group", "msid", "group", "candidate",
            "ice-ufrag", "ice-pwd", "ice-options", "fingerprint", "setup", "sendonly",
        ];
        var value = Gen.OneOf(Gen.String[Gen.Char["0129 ;,:/=~*-az"], 0, 40], Gen.String);
        Gen.Select(Gen.Int[0, names.Length - 1].Select(i => names[i]), value, Gen.Bool).Sample(
            (name, text, inSession) =>
            {
                string[] lines = inSession ? [$"a={name}:{text}"] : ["m=audio 9 UDP/TLS/RTP/SAVPF 0 1", $"a={name}:{text}"];
                if (!SessionDescription.TryParse(SessionDescriptionTests.Minimal(lines), out var read, out _)) return;
                Assert.Equal(read.ToString(), Parse(read.ToString()).ToString());
            },
            iter: 20_000);
    }

    private static string Mutate(string[] original, (int Kind, int Where, int Other, char Character)[] edits)
    {
        var lines = new List<string>(original);
        foreach (var (kind, where, other, character) in edits)
        {
            if (lines.Count == 0) break;
            var (at, to) = (where % lines.Count, other % lines.Count);
            switch (kind)
            {
                case 0:
                    lines.RemoveAt(at);
                    break;
                case 1:
                    lines.Insert(to, lines[at]);
                    break;
                case 2:
                    (lines[at], lines[to]) = (lines[to], lines[at]);
                    break;
                case 3:
                    var line = new StringBuilder(lines[at]);
                    if (line.Length > 0) line[other % line.Length] = character;
                    lines[at] = line.ToString();
                    break;
                default:
                    lines[at] = lines[at][..(other % (lines[at].Length + 1))];
                    break;
            }
        }

        return string.Join("\r\n", lines);
    }
}
