using System.Diagnostics.CodeAnalysis;

namespace Parley.Media.Sdp;

/// <summary>
/// Answers the offers of one connection (RFC 3264, RFC 8829). The client always offers, we are always the passive side of
/// DTLS, and all lines share one transport. A later offer of the same connection may only add lines: the old ones keep
/// their place, mid and the SSRC we send with. An offer that is refused changes nothing.
/// </summary>
public sealed class SdpAnswerer
{
    private readonly RandomSource _random;
    private readonly ulong _sessionId;
    private readonly string _cname;
    private Dictionary<string, MediaSource> _sources = new(StringComparer.Ordinal);
    private ulong _version;
    private NegotiatedMedia[] _media = [];
    private SdpAnswer? _last;
    private string? _localUfrag;

    /// <summary>An answerer for a new connection.</summary>
    /// <param name="random">Where SSRCs, the session id and the cname come from.</param>
    public SdpAnswerer(RandomSource random)
    {
        _random = random;
        // RFC 8829 §5.2.1: 64 bits, the first of them 0.
        _sessionId = (((ulong)random.NextUInt32() << 32) | random.NextUInt32()) & long.MaxValue;
        // RFC 7022 §4.2: a cname of 96 random bits says nothing about the host.
        Span<byte> cname = stackalloc byte[12];
        random.Fill(cname);
        _cname = Convert.ToHexStringLower(cname);
    }

    /// <summary>
    /// Whether the offer has other ICE credentials than the last one (RFC 8839 §4.4.1.1.1). Its answer then needs new
    /// credentials of ours in the options.
    /// </summary>
    public bool IsIceRestart(SessionDescription offer) =>
        _last is not null && offer.Media.FirstOrDefault(m => m.Port != 0) is { } tagged && Restarts(tagged);

    /// <summary>Answers an offer, or says what is wrong with it.</summary>
    /// <exception cref="ArgumentException">An option is not what RFC 8839 or RFC 8122 allow.</exception>
    public bool TryAnswer(
        SessionDescription offer,
        SdpAnswerOptions options,
        [NotNullWhen(true)] out SdpAnswer? answer,
        [NotNullWhen(false)] out SdpError? error)
    {
        options.Check();
        answer = null;
        if (!BundleOffer.TryRead(offer, options, out var bundle, out error)) return false;
        var tagged = offer.Media[bundle.Tagged];
        if (CheckHistory(offer, tagged, options) is { } changed)
        {
            error = changed;
            return false;
        }

        var sources = ChooseSources(offer);
        var media = new NegotiatedMedia[offer.Media.Count];
        var negotiator = new MediaNegotiator(options.Policy);
        for (var i = 0; i < media.Length; i++)
        {
            var line = offer.Media[i];
            if (!bundle.Accepted[i])
            {
                media[i] = new NegotiatedMedia { Mid = line.Mid ?? "", Index = i, Kind = line.Kind, Rejected = true };
                continue;
            }

            if (!negotiator.TryNegotiate(line, i, sources.GetValueOrDefault(line.Mid!), out var negotiated, out error)) return false;
            media[i] = negotiated;
        }

        _version++;
        _media = media;
        _sources = sources;
        _localUfrag = options.IceUfrag;
        _last = answer = new SdpAnswer
        {
            Sdp = AnswerBuilder.Build(offer, bundle, media, options, _sessionId, _version).ToString(),
            Media = media,
            RemoteIceUfrag = tagged.IceUfrag!,
            RemoteIcePwd = tagged.IcePwd!,
            RemoteFingerprint = tagged.Fingerprints.First(f => f.IsStrong),
            RemoteSetup = tagged.Setup!.Value,
        };
        error = null;
        return true;
    }

    private SdpError? CheckHistory(SessionDescription offer, MediaDescription tagged, SdpAnswerOptions options)
    {
        if (_last is null) return null;
        if (offer.Media.Count < _media.Length) return new SdpError(0, "The offer has fewer m= lines than the one before.");
        for (var i = 0; i < _media.Length; i++)
        {
            // RFC 8829 §5.2.2: only the place of a line that is out of use may be given to another.
            var (before, now) = (_media[i], offer.Media[i]);
            if (before.Rejected) continue;
            if (now.Kind != before.Kind || (now.Mid ?? before.Mid) != before.Mid)
            {
                return new SdpError(now.Line, "The m= line was another one before: lines keep their place, mid and media type.");
            }
        }

        if (!tagged.Fingerprints.Contains(_last.RemoteFingerprint))
        {
            return new SdpError(tagged.Line, "The offer's a=fingerprint is another one than before: that needs a new connection.");
        }

        return Restarts(tagged) && options.IceUfrag == _localUfrag
            ? new SdpError(tagged.Line, "The offer restarts ICE, which this answer does not.")
            : null;
    }

    private bool Restarts(MediaDescription tagged) =>
        tagged.IceUfrag != _last!.RemoteIceUfrag || tagged.IcePwd != _last.RemoteIcePwd;

    /// <summary>The stream we send for each mid: as before, also after a pause, or a new one (RFC 3550 §8.1).</summary>
    private Dictionary<string, MediaSource> ChooseSources(SessionDescription offer)
    {
        var taken = offer.Media.SelectMany(m => m.Ssrcs).Select(s => s.Ssrc).Concat(_sources.Values.Select(s => s.Ssrc)).ToHashSet();
        var sources = new Dictionary<string, MediaSource>(StringComparer.Ordinal);
        foreach (var media in offer.Media)
        {
            if (media.Mid is not { } mid) continue;
            if (_sources.TryGetValue(mid, out var before))
            {
                sources[mid] = before;
                continue;
            }

            if (!media.Direction.Receives()) continue;
            uint ssrc;
            do
            {
                ssrc = _random.NextUInt32();
            }
            while (ssrc == 0 || !taken.Add(ssrc));
            sources[mid] = new MediaSource(ssrc, _cname, new MediaStreamId($"parley-{mid}", $"slot-{mid}"));
        }

        return sources;
    }
}
