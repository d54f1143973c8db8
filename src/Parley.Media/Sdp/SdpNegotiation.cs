using System.Diagnostics.CodeAnalysis;

namespace Parley.Media.Sdp;

/// <summary>
/// What one connection has settled so far, and the steps that change it: an answer of ours, or an offer of ours and its answer
/// (RFC 3264 §8, RFC 8829 §5). A step that fails changes nothing.
/// </summary>
internal sealed class SdpNegotiation
{
    private readonly LocalSources _sources;
    private readonly bool _offers;
    private readonly ulong _sessionId;
    private ulong _version;
    private LocalTransport? _local;
    private Dictionary<byte, string> _payloadTypes = [];
    private Dictionary<byte, string> _extensionIds = [];

    /// <summary>Our last description's lines: of the answer, or of the offer that was answered.</summary>
    private IReadOnlyList<MediaDescription> _lines = [];

    private PendingOffer? _pending;

    /// <param name="random">Where SSRCs, the session id and the cname come from.</param>
    /// <param name="cname">Our RTCP canonical name; null for a random one.</param>
    /// <param name="offers">Whether this side ever offers; if not, it keeps nothing for that.</param>
    public SdpNegotiation(RandomSource random, string? cname, bool offers = true)
    {
        _offers = offers;
        // RFC 8829 §5.2.1: 64 bits, the first of them 0.
        _sessionId = (((ulong)random.NextUInt32() << 32) | random.NextUInt32()) & long.MaxValue;
        _sources = new LocalSources(random, cname);
    }

    private sealed record PendingOffer(SessionDescription Offer, LocalTransport Local, IReadOnlyList<SdpLine?> Lines);

    /// <summary>The other side's transport; null before anything is settled.</summary>
    public RemoteTransport? Remote { get; private set; }

    /// <summary>What was settled last; null before.</summary>
    public SdpSession? Session { get; private set; }

    /// <summary>Which of our lines has a place and is in use there; null for none.</summary>
    public string? LineAt(int place) => Session?.Media.ElementAtOrDefault(place) is { Rejected: false } media ? media.Line : null;

    /// <summary>Whether an offer has other ICE credentials than the other side's last description.</summary>
    public bool IsIceRestart(SessionDescription offer) =>
        Remote is { } before
        && BundleOffer.FindTagged(offer) is >= 0 and var tagged
        && (offer.Media[tagged].IceUfrag != before.IceUfrag || offer.Media[tagged].IcePwd != before.IcePwd);

    /// <summary>Answers an offer.</summary>
    /// <param name="offer">As parsed.</param>
    /// <param name="wanted">For each of its lines what we want there; null refuses it.</param>
    /// <param name="policy">Codecs and header extensions.</param>
    /// <param name="local">Our transport; its setup is replaced by the role that comes out.</param>
    /// <param name="maximumMedia">How many lines the offer may have.</param>
    /// <param name="onlyRole">The role we must have; null for either.</param>
    /// <param name="answer">Our answer.</param>
    /// <param name="error">Or why there is none.</param>
    public bool TryAnswer(
        SessionDescription offer,
        IReadOnlyList<SdpLine?> wanted,
        SdpPolicy policy,
        LocalTransport local,
        int maximumMedia,
        DtlsSetup? onlyRole,
        [NotNullWhen(true)] out SessionDescription? answer,
        [NotNullWhen(false)] out SdpError? error)
    {
        answer = null;
        if (!BundleOffer.TryRead(offer, wanted, maximumMedia, out var bundle, out error)) return false;
        var tagged = offer.Media[bundle.Tagged];
        if (!RemoteTransport.TryRead(tagged, "offer", out var remote, out error)) return false;
        if (!TrySettleRole(remote.Setup, onlyRole, tagged.Line, out var role, out error)) return false;
        error = CheckPlaces(offer) ?? CheckCertificate(tagged)
            ?? CheckRestart(remote, local, tagged, "The offer restarts ICE, which this answer does not.",
                "This side has restarted ICE, but the offer does not.");
        if (error is not null) return false;
        var sources = _sources.Choose(
            offer.Media.Select((m, i) =>
                (m.Mid, bundle.Accepted[i] && wanted[i]!.Direction.Sends() && m.Direction.Receives() ? wanted[i] : null)),
            offer.Media.SelectMany(m => m.Ssrcs).Select(s => s.Ssrc),
            policy);
        var negotiator = new MediaNegotiator(policy);
        if (!TryNegotiate(negotiator, offer, bundle.Accepted, wanted, null, sources, out var media, out error)) return false;

        answer = AnswerBuilder.Build(offer, bundle, media, local with { Setup = role }, NextOrigin());
        Commit(offer, tagged, remote, role, local, media, negotiator, answer.Media);
        _sources.Keep(sources);
        return true;
    }

    /// <summary>Makes an offer, which replaces one that waits for its answer.</summary>
    /// <exception cref="ArgumentException">A line changes its media type, or there are too many.</exception>
    public SessionDescription CreateOffer(IReadOnlyList<SdpLine> lines, SdpPolicy policy, LocalTransport local)
    {
        var (places, named) = LinePlaces.Find(lines, Session?.Media ?? []);
        var sources = _sources.Choose(
            places.Select((line, i) => (line?.Mid ?? _lines[i].Mid, line is not null && line.Direction.Sends() ? line : null)),
            Session?.Media.SelectMany(m => m.RemoteSsrcs) ?? [],
            policy);
        var offer = new OfferBuilder(policy, _payloadTypes, _extensionIds)
            .Build(places, _lines, Session?.Media ?? [], sources, local, NextOrigin());
        _sources.Keep(sources);
        _pending = new PendingOffer(offer, local, named);
        return offer;
    }

    /// <summary>Takes the answer to the last offer. A refused one leaves the offer waiting.</summary>
    public bool TryApplyAnswer(SessionDescription answer, SdpPolicy policy, [NotNullWhen(false)] out SdpError? error)
    {
        if (_pending is not var (offer, local, lines))
        {
            error = new SdpError(0, "There is no offer that waits for an answer.");
            return false;
        }

        if (!BundleAnswer.TryRead(answer, offer, out var bundle, out error)) return false;
        var tagged = answer.Media[bundle.Tagged];
        if (!RemoteTransport.TryRead(tagged, "answer", out var remote, out error)) return false;
        if (remote.Setup is not (DtlsSetup.Active or DtlsSetup.Passive))
        {
            error = new SdpError(tagged.Line, "The answer's a=setup must be active or passive.");
            return false;
        }

        if (!TrySettleRole(remote.Setup, null, tagged.Line, out var role, out error)) return false;
        error = CheckCertificate(tagged)
            ?? CheckRestart(remote, local, tagged, "The answer restarts ICE, but the offer does not.",
                "The offer restarts ICE, but the answer has the credentials of before.");
        if (error is not null) return false;
        var sources = _sources.Choose(offer.Media.Select(m => (m.Mid, (SdpLine?)null)), [], policy);
        var negotiator = new MediaNegotiator(policy);
        if (!TryNegotiate(negotiator, answer, bundle.Accepted, lines, offer, sources, out var media, out error)) return false;
        Commit(answer, tagged, remote, role, local, media, negotiator, offer.Media);
        return true;
    }

    private static bool TryNegotiate(
        MediaNegotiator negotiator,
        SessionDescription theirs,
        bool[] accepted,
        IReadOnlyList<SdpLine?> wanted,
        SessionDescription? asked,
        Dictionary<string, MediaSource> sources,
        out NegotiatedMedia[] media,
        [NotNullWhen(false)] out SdpError? error)
    {
        media = new NegotiatedMedia[theirs.Media.Count];
        for (var i = 0; i < media.Length; i++)
        {
            var line = theirs.Media[i];
            if (!accepted[i])
            {
                media[i] = new NegotiatedMedia
                {
                    Mid = line.Mid ?? asked?.Media[i].Mid ?? "",
                    Index = i,
                    Kind = line.Kind,
                    Line = wanted[i]?.Mid,
                    Rejected = true,
                };
                continue;
            }

            var source = sources.GetValueOrDefault(line.Mid!);
            if (!negotiator.TryNegotiate(line, i, wanted[i]!, asked?.Media[i], source, out var negotiated, out error)) return false;
            media[i] = negotiated;
        }

        error = null;
        return true;
    }

    private void Commit(
        SessionDescription theirs,
        MediaDescription tagged,
        RemoteTransport remote,
        DtlsSetup role,
        LocalTransport local,
        NegotiatedMedia[] media,
        MediaNegotiator negotiator,
        IReadOnlyList<MediaDescription> lines)
    {
        _pending = null;
        _local = local;
        if (_offers) (_lines, _payloadTypes, _extensionIds) = (lines, negotiator.PayloadTypes, negotiator.ExtensionIds);
        Remote = remote;
        Session = new SdpSession
        {
            RemoteIceUfrag = remote.IceUfrag,
            RemoteIcePwd = remote.IcePwd,
            RemoteIsLite = theirs.IceLite,
            RemoteCandidates = [.. tagged.Candidates.Select(candidate => candidate["candidate:".Length..])],
            EndOfCandidates = tagged.EndOfCandidates,
            RemoteFingerprint = remote.Fingerprint,
            OurRole = role,
            Media = media,
        };
    }

    /// <summary>RFC 8829 §5.2.1: goes up with every description we make.</summary>
    private SessionOrigin NextOrigin() => new("-", _sessionId, ++_version, "IP4", "0.0.0.0");

    /// <summary>
    /// RFC 5763 §5, RFC 8842 §5.3: active when we may choose, as that saves a round trip. Once settled it stays, for the DTLS
    /// association does (RFC 8842 §5.5).
    /// </summary>
    private bool TrySettleRole(DtlsSetup theirs, DtlsSetup? only, int line, out DtlsSetup role, [NotNullWhen(false)] out SdpError? error)
    {
        error = null;
        role = theirs switch
        {
            DtlsSetup.ActPass => Session?.OurRole ?? only ?? DtlsSetup.Active,
            DtlsSetup.Active => DtlsSetup.Passive,
            DtlsSetup.Passive => DtlsSetup.Active,
            _ => DtlsSetup.HoldConn,
        };
        if (only == DtlsSetup.Passive && role != only)
        {
            error = new SdpError(line, "The offer's a=setup must be actpass or active: the server is always the passive side.");
        }
        else if (role == DtlsSetup.HoldConn)
        {
            error = new SdpError(line, "The offer's a=setup is holdconn: there is nothing to hold.");
        }
        else if (Session is not null && role != Session.OurRole)
        {
            error = new SdpError(line, "a=setup turns the DTLS roles round: that needs a new connection.");
        }

        return error is null;
    }

    private SdpError? CheckPlaces(SessionDescription offer)
    {
        if (Session is null) return null;
        if (offer.Media.Count < Session.Media.Count) return new SdpError(0, "The offer has fewer m= lines than the one before.");
        foreach (var before in Session.Media)
        {
            // RFC 8829 §5.2.2: only the place of a line that is out of use may be given to another.
            var now = offer.Media[before.Index];
            if (before.Rejected) continue;
            if (now.Kind != before.Kind || (now.Mid ?? before.Mid) != before.Mid)
            {
                return new SdpError(now.Line, "The m= line was another one before: lines keep their place, mid and media type.");
            }
        }

        return null;
    }

    private SdpError? CheckCertificate(MediaDescription tagged) =>
        Session is null || tagged.Fingerprints.Contains(Session.RemoteFingerprint)
            ? null
            : new SdpError(tagged.Line, "a=fingerprint is another one than before: that needs a new connection.");

    /// <summary>RFC 8839 §4.4.1.1.1, §4.4.3.1.1: both sides restart ICE or neither does.</summary>
    private SdpError? CheckRestart(RemoteTransport remote, LocalTransport local, MediaDescription tagged, string onlyThey, string onlyWe)
    {
        if (Remote is null) return null;
        var (theyDo, weDo) = (remote.RestartsIce(Remote), !local.HasCredentials(_local!));
        return theyDo == weDo ? null : new SdpError(tagged.Line, theyDo ? onlyThey : onlyWe);
    }
}
