namespace Parley.Media.Sdp;

/// <summary>Writes what was negotiated as a description. Transport attributes stand in the session and so hold for every line.</summary>
internal static class AnswerBuilder
{
    public static SessionDescription Build(
        SessionDescription offer,
        BundleOffer bundle,
        IReadOnlyList<NegotiatedMedia> media,
        LocalTransport local,
        SessionOrigin origin)
    {
        // RFC 9143 §7.3.1: the first mid of the group is the line whose transport we answered.
        var mids = offer.Groups.First(g => g.Semantics == "BUNDLE").Mids
            .Where(mid => media.Any(m => m.Mid == mid && !m.Rejected))
            .OrderBy(mid => mid == offer.Media[bundle.Tagged].Mid ? 0 : 1);
        return local.Describe(
            origin,
            mids,
            media.Select(m => m.Rejected ? RejectedLine.Of(offer.Media[m.Index]) : Line(offer.Media[m.Index], m.Index == bundle.Tagged, m, local)))
            with
        { ExtmapAllowMixed = offer.ExtmapAllowMixed };
    }

    private static MediaDescription Line(MediaDescription line, bool isTagged, NegotiatedMedia negotiated, LocalTransport local)
    {
        var source = negotiated.LocalSource;
        var codecs = negotiated.Codecs.SelectMany(codec => WithRtx(codec, negotiated.RtxPayloadTypes)).ToList();
        return local.Describe(isTagged) with
        {
            Media = line.Media,
            Protocol = line.Protocol,
            Formats = [.. codecs.Select(codec => PayloadTypes.ToText(codec.PayloadType))],
            Mid = line.Mid,
            Direction = negotiated.Direction,
            RtcpRsize = line.RtcpRsize,
            ExtmapAllowMixed = line.ExtmapAllowMixed,
            Codecs = codecs,
            Extensions = Extensions(line, negotiated),
            Rids = negotiated.Layers,
            Simulcast = negotiated.Layers.Count > 0 ? new Simulcast([], [.. negotiated.Layers.Select(layer => layer.Id)]) : null,
            Ssrcs = Streams(source),
            SsrcGroups = source?.RtxSsrc is { } repair ? [new SsrcGroup("FID", [source.Ssrc, repair])] : [],
            Msids = source is null ? [] : [source.Msid],
        };
    }

    /// <summary>RFC 4588 §8.6: retransmissions are a codec of their own, whose apt says of which.</summary>
    private static IEnumerable<RtpCodec> WithRtx(RtpCodec codec, IReadOnlyDictionary<byte, byte> rtx)
    {
        yield return codec;
        if (!rtx.TryGetValue(codec.PayloadType, out var payloadType)) yield break;
        yield return new RtpCodec
        {
            PayloadType = payloadType,
            Name = RtpCodec.Rtx,
            ClockRate = codec.ClockRate,
            Parameters = new(StringComparer.OrdinalIgnoreCase) { [RtpCodec.Apt] = PayloadTypes.ToText(codec.PayloadType) },
        };
    }

    private static List<SsrcDescription> Streams(MediaSource? source)
    {
        if (source is null) return [];
        var streams = new List<SsrcDescription> { new(source.Ssrc, source.Cname, null) };
        if (source.RtxSsrc is { } rtx) streams.Add(new(rtx, source.Cname, null));
        return streams;
    }

    /// <summary>RFC 8285 §6: an extension keeps its id; a direction is written only where it is narrower than the line's.</summary>
    private static List<RtpExtension> Extensions(MediaDescription line, NegotiatedMedia negotiated)
    {
        var extensions = new List<RtpExtension>();
        foreach (var offered in line.Extensions)
        {
            var receives = negotiated.ReceiveExtensionIds.TryGetValue(offered.Uri, out var id) && id == offered.Id;
            var sends = negotiated.SendExtensionIds.TryGetValue(offered.Uri, out id) && id == offered.Id;
            if (!receives && !sends) continue;
            var direction = sends
                ? receives ? MediaDirection.SendRecv : MediaDirection.SendOnly
                : MediaDirection.RecvOnly;
            extensions.Add(new RtpExtension(offered.Id, direction == negotiated.Direction ? null : direction, offered.Uri));
        }

        return extensions;
    }
}
