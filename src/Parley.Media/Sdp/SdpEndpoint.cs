using System.Diagnostics.CodeAnalysis;

namespace Parley.Media.Sdp;

/// <summary>
/// A participant's side of offer and answer (RFC 8829), either way round, with full ICE and DTLS in either role. One for each
/// connection: lines keep their place, our SSRCs and payload types stay, the version in o= goes up. What fails changes nothing.
/// </summary>
public sealed class SdpEndpoint
{
    /// <summary>As many as the one-byte form of header extensions has ids (RFC 8285 §4.2).</summary>
    private const int MaximumPolicyEntries = 14;

    private readonly SdpNegotiation _negotiation;
    private readonly SdpPolicy _policy;

    /// <summary>One for a new connection.</summary>
    /// <param name="policy">Codecs and header extensions; <see cref="SdpPolicy.Participant"/> for most.</param>
    /// <param name="random">Where SSRCs, the session id and the cname come from.</param>
    /// <param name="cname">The RTCP canonical name of our streams, the same for all connections of one participant; null makes one (RFC 7022 §4.2).</param>
    /// <exception cref="ArgumentException">The policy has more entries than there are numbers, or the cname is no word.</exception>
    public SdpEndpoint(SdpPolicy policy, RandomSource random, string? cname = null)
    {
        if (policy.Codecs.Count > MaximumPolicyEntries || policy.Extensions.Count > MaximumPolicyEntries)
        {
            throw new ArgumentException($"A policy has at most {MaximumPolicyEntries} codecs and as many header extensions.");
        }

        if (cname is not null && !SdpGrammar.IsVisible(cname)) throw new ArgumentException("A cname is a word.");
        _policy = policy;
        _negotiation = new SdpNegotiation(random, cname);
    }

    /// <summary>What was settled last; null before the first answer, ours or theirs.</summary>
    public SdpSession? Session => _negotiation.Session;

    /// <summary>
    /// Makes an offer, for <see cref="TryApplyAnswer"/> to settle. It replaces one that waits for its answer. Other ICE credentials than
    /// before restart ICE.
    /// </summary>
    /// <exception cref="ArgumentException">What <paramref name="local"/> says is not what its RFCs allow, or a line changes its media type.</exception>
    public string CreateOffer(SdpLocal local) =>
        _negotiation.CreateOffer(local.Lines, _policy, local.ToTransport(DtlsSetup.ActPass)).ToString();

    /// <summary>Settles the last offer by the other side's answer, or says what is wrong with that; the offer then goes on waiting.</summary>
    public bool TryApplyAnswer(string sdp, [NotNullWhen(true)] out SdpSession? session, [NotNullWhen(false)] out SdpError? error)
    {
        session = null;
        if (!SessionDescription.TryParse(sdp, out var answer, out error)) return false;
        if (!_negotiation.TryApplyAnswer(answer, _policy, out error)) return false;
        session = _negotiation.Session!;
        return true;
    }

    /// <summary>
    /// Whether the other side's offer has other ICE credentials than before (RFC 8839 §4.4.1.1.1). Its answer then needs new ones of
    /// ours; all others need those of before, or are refused. False for what cannot be read.
    /// </summary>
    public bool IsIceRestart(string offerSdp) =>
        SessionDescription.TryParse(offerSdp, out var offer, out _) && _negotiation.IsIceRestart(offer);

    /// <summary>
    /// Answers the other side's offer, or says what is wrong with it. An offer of ours that waits for its answer is given up
    /// (RFC 8829 §4.1.10.2 calls it a rollback). Lines that we do not want, or that have none of our codecs, are refused.
    /// </summary>
    /// <exception cref="ArgumentException">What <paramref name="local"/> says is not what its RFCs allow.</exception>
    public bool TryAnswer(
        string offerSdp,
        SdpLocal local,
        [NotNullWhen(true)] out string? answer,
        [NotNullWhen(true)] out SdpSession? session,
        [NotNullWhen(false)] out SdpError? error)
    {
        answer = null;
        session = null;
        var transport = local.ToTransport(DtlsSetup.ActPass);
        if (!SessionDescription.TryParse(offerSdp, out var offer, out error)) return false;
        if (!_negotiation.TryAnswer(offer, Match(offer, local.Lines), _policy, transport, SdpLimits.Media, null, out var description, out error))
        {
            return false;
        }

        answer = description.ToString();
        session = _negotiation.Session!;
        return true;
    }

    /// <summary>What we want on each offered line: ours that is there already, else ours of that mid and kind, else our next of that kind.</summary>
    private SdpLine?[] Match(SessionDescription offer, IReadOnlyList<SdpLine> lines)
    {
        var left = lines.ToList();
        var matched = new SdpLine?[offer.Media.Count];
        var negotiator = new MediaNegotiator(_policy);
        Func<SdpLine, int, bool>[] passes =
        [
            (line, i) => line.Mid == _negotiation.LineAt(i),
            (line, i) => line.Mid == offer.Media[i].Mid,
            (_, _) => true,
        ];
        foreach (var fits in passes)
        {
            for (var i = 0; i < matched.Length; i++)
            {
                var media = offer.Media[i];
                if (matched[i] is not null || !BundleOffer.IsAlive(media) || !negotiator.Knows(media)) continue;
                var index = left.FindIndex(line => line.Kind == media.Kind && fits(line, i));
                if (index < 0) continue;
                matched[i] = left[index];
                left.RemoveAt(index);
            }
        }

        // The line that carries the transport cannot be refused, so what we do not want there stays silent.
        if (BundleOffer.FindTagged(offer) is >= 0 and var tagged && matched[tagged] is null && negotiator.Knows(offer.Media[tagged]))
        {
            matched[tagged] = new SdpLine(offer.Media[tagged].Kind, "", MediaDirection.Inactive);
        }

        return matched;
    }
}
