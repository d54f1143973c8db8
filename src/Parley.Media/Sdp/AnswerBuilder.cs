namespace Parley.Media.Sdp;

/// <summary>Writes what was negotiated as a description. Transport attributes stand in the session and so hold for every line.</summary>
internal static class AnswerBuilder
{
    /// <summary>RFC 8829 §5.2.1: the port before candidates are known, and ours always, as the candidates carry the real one.</summary>
    private const int DiscardPort = 9;

    public static SessionDescription Build(
        SessionDescription offer,
        BundleOffer bundle,
        IReadOnlyList<NegotiatedMedia> media,
        SdpAnswerOptions options,
        ulong sessionId,
        ulong version)
    {
        // RFC 9143 §7.3.1: the first mid of the group is the line whose transport we answered.
        var mids = offer.Groups.First(g => g.Semantics == "BUNDLE").Mids
            .Where(mid => media.Any(m => m.Mid == mid && !m.Rejected))
            .OrderBy(mid => mid == offer.Media[bundle.Tagged].Mid ? 0 : 1);
        return new SessionDescription
        {
            Origin = new SessionOrigin("-", sessionId, version, "IP4", "0.0.0.0"),
            IceLite = options.IceLite,
            Groups = [new MediaGroup("BUNDLE", [.. mids])],
            ExtmapAllowMixed = offer.ExtmapAllowMixed,
            IceUfrag = options.IceUfrag,
            IcePwd = options.IcePwd,
            IceOptions = ["ice2"], // RFC 8445 §10
            Fingerprints = [options.Fingerprint],
            Setup = DtlsSetup.Passive,
            Media = [.. media.Select(m => m.Rejected ? Rejected(offer.Media[m.Index]) : Line(offer, bundle, m, options))],
        };
    }

    private static MediaDescription Line(SessionDescription offer, BundleOffer bundle, NegotiatedMedia negotiated, SdpAnswerOptions options)
    {
        var line = offer.Media[negotiated.Index];
        var isTagged = negotiated.Index == bundle.Tagged;
        var source = negotiated.LocalSource;
        return new MediaDescription
        {
            Media = line.Media,
            Port = DiscardPort,
            Protocol = line.Protocol,
            Formats = [PayloadTypes.ToText(negotiated.PayloadType)],
            Mid = line.Mid,
            Direction = line.Direction.Reverse(),
            IceUfrag = options.IceUfrag,
            IcePwd = options.IcePwd,
            IceOptions = ["ice2"],
            Fingerprints = [options.Fingerprint],
            Setup = DtlsSetup.Passive,
            Candidates = isTagged ? options.Candidates : [],
            EndOfCandidates = isTagged,
            RtcpMux = true,
            RtcpRsize = line.RtcpRsize,
            ExtmapAllowMixed = line.ExtmapAllowMixed,
            Codecs = [negotiated.Codec!],
            Extensions = Extensions(line, negotiated),
            Ssrcs = source is null ? [] : [new SsrcDescription(source.Ssrc, source.Cname, null)],
            Msids = source is null ? [] : [source.Msid],
        };
    }

    /// <summary>RFC 8285 §6: an extension keeps its id; a direction is written only where it is narrower than the line's.</summary>
    private static List<RtpExtension> Extensions(MediaDescription line, NegotiatedMedia negotiated)
    {
        var ours = line.Direction.Reverse();
        var extensions = new List<RtpExtension>();
        foreach (var offered in line.Extensions)
        {
            var receives = negotiated.ReceiveExtensionIds.TryGetValue(offered.Uri, out var id) && id == offered.Id;
            var sends = negotiated.SendExtensionIds.TryGetValue(offered.Uri, out id) && id == offered.Id;
            if (!receives && !sends) continue;
            var direction = sends
                ? receives ? MediaDirection.SendRecv : MediaDirection.SendOnly
                : MediaDirection.RecvOnly;
            extensions.Add(new RtpExtension(offered.Id, direction == ours ? null : direction, offered.Uri));
        }

        return extensions;
    }

    /// <summary>RFC 3264 §6: port 0, and at least one of the offered formats.</summary>
    private static MediaDescription Rejected(MediaDescription line) => new()
    {
        Media = line.Media,
        Port = 0,
        Protocol = line.Protocol,
        Formats = line.Formats,
        Mid = line.Mid,
        Direction = MediaDirection.Inactive,
    };
}
