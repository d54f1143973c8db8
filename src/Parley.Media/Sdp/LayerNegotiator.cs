using static Parley.Media.Sdp.SdpGrammar;

namespace Parley.Media.Sdp;

/// <summary>Which simulcast layers of an offered line we take (RFC 8853 §5.3.2), and under which restrictions (RFC 8851 §6.2).</summary>
internal static class LayerNegotiator
{
    /// <summary>At most <paramref name="maximum"/>, in the order offered, which is from the lowest quality up; none without simulcast.</summary>
    public static IReadOnlyList<RtpRid> Choose(MediaDescription offer, int maximum, IReadOnlyList<RtpCodec> codecs)
    {
        var layers = new List<RtpRid>();
        foreach (var layer in offer.Simulcast?.Send ?? [])
        {
            if (layers.Count == maximum) break;

            // Of alternatives the first that we can take; ~ says that the layer is paused at first, which is the sender's to end.
            var taken = layer.Split(',').Select(rid => Take(offer, rid.TrimStart('~'), codecs)).FirstOrDefault(rid => rid is not null);
            if (taken is not null) layers.Add(taken);
        }

        return layers;
    }

    /// <summary>The rid as we receive it; null when it is too long for a header extension or is of codecs that we do not take.</summary>
    private static RtpRid? Take(MediaDescription offer, string id, IReadOnlyList<RtpCodec> codecs)
    {
        if (id.Length > Rtp.RtpExtensions.MaxIdentifierLength) return null;
        var restrictions = offer.Rids.First(rid => rid.Sends && rid.Id == id).Restrictions;
        var kept = new List<string>();
        foreach (var restriction in restrictions.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!restriction.StartsWith("pt=", StringComparison.Ordinal))
            {
                kept.Add(restriction);
                continue;
            }

            // RFC 8851 §5: the payload types that the stream may use.
            var types = restriction[3..].Split(',').Where(type => codecs.Any(codec => TryNumber(type, 127, out var n) && n == codec.PayloadType));
            kept.Add($"pt={string.Join(',', types)}");
            if (kept[^1] == "pt=") return null;
        }

        return new RtpRid(id, Sends: false, string.Join(';', kept));
    }
}
