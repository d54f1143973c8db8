using System.Diagnostics.CodeAnalysis;
using Parley.Media.Rtp;

namespace Parley.Media.Sdp;

/// <summary>
/// Settles codec and header extensions for each m= line of the other side's offer, or of its answer to ours. The lines share one
/// RTP session, so a payload type and an extension id must mean the same on all of them (RFC 9143 §9.1.1, §12).
/// </summary>
internal sealed class MediaNegotiator(SdpPolicy policy)
{
    /// <summary>What each payload type came to mean: the key of the policy's codec, or whose retransmissions it is.</summary>
    public Dictionary<byte, string> PayloadTypes { get; } = [];

    /// <summary>What each header extension id came to mean.</summary>
    public Dictionary<byte, string> ExtensionIds { get; } = [];

    /// <summary>Whether a line has a protocol and a codec of ours.</summary>
    public bool Knows(MediaDescription offer) => IsSecureRtp(offer.Protocol) && Choose(offer, null).Count > 0;

    /// <summary>What a line comes to that both sides take, sending <paramref name="source"/> on it if it is to be sent on; or why it cannot be.</summary>
    /// <param name="offer">The other side's line, of its offer or its answer.</param>
    /// <param name="index">Its place.</param>
    /// <param name="wanted">What we want there; without a mid when it is none of our lines.</param>
    /// <param name="asked">Our own line when the other is its answer: the answer may leave out, but neither add nor renumber.</param>
    /// <param name="source">The stream we would send.</param>
    /// <param name="negotiated">What the line comes to.</param>
    /// <param name="error">Or what is wrong with it.</param>
    public bool TryNegotiate(
        MediaDescription offer,
        int index,
        SdpLine wanted,
        MediaDescription? asked,
        MediaSource? source,
        [NotNullWhen(true)] out NegotiatedMedia? negotiated,
        [NotNullWhen(false)] out SdpError? error)
    {
        negotiated = null;
        if (!IsSecureRtp(offer.Protocol)) return Fail(offer, "The m= line's protocol is not UDP/TLS/RTP/SAVPF.", out error);
        var known = Choose(offer, asked);
        if (known.Count == 0)
        {
            if (asked is not null) return Fail(offer, "The m= line has no codec with the payload type we offered for it.", out error);
            var names = policy.Codecs.Where(c => c.Kind == offer.Kind).Select(c => $"{c.Name}/{c.ClockRate}");
            return Fail(offer, $"The m= line offers none of our codecs: {string.Join(", ", names)}.", out error);
        }

        var chosen = known.Where(entry => TryClaim(entry.Codec.PayloadType, entry.Policy.Key)).ToList();
        if (chosen.Count == 0)
        {
            return Fail(offer, "The m= line uses a payload type that means another codec on another line of the BUNDLE group.", out error);
        }

        var direction = wanted.Direction.And(offer.Direction.Reverse());
        var receive = new Dictionary<string, byte>(StringComparer.Ordinal);
        var send = new Dictionary<string, byte>(StringComparer.Ordinal);
        foreach (var extension in policy.Extensions)
        {
            if (Extend(offer, asked, direction, extension, chosen[0].Policy.Name, receive, send) is { } message) return Fail(offer, message, out error);
        }

        var codecs = chosen.Select(entry => Settle(entry.Policy, entry.Codec, receive, send)).ToList();
        var rtx = chosen.Where(entry => entry.Policy.Rtx).Select(entry => (entry.Codec.PayloadType, Rtx: FindRtx(offer, entry.Codec)))
            .Where(entry => entry.Rtx is not null).ToDictionary(entry => entry.PayloadType, entry => entry.Rtx!.Value);

        // Without its header extension a layer could not be told from another (RFC 8853 §5.5).
        var layers = direction.Receives() && receive.ContainsKey(RtpExtensionUris.RtpStreamId)
            ? LayerNegotiator.Choose(offer, policy.MaximumLayers, codecs)
            : [];
        error = null;
        negotiated = new NegotiatedMedia
        {
            Mid = offer.Mid!,
            Index = index,
            Kind = offer.Kind,
            Line = wanted.Mid.Length == 0 ? null : wanted.Mid,
            Rejected = false,
            Direction = direction,
            Codecs = codecs,
            RtxPayloadTypes = rtx,
            Layers = layers,
            ReceiveExtensionIds = receive,
            SendExtensionIds = send,
            RemoteSsrcs = PrimarySsrcs(offer),
            RepairSsrcs = [.. offer.SsrcGroups.Where(g => g is { Semantics: "FID", Ssrcs.Count: 2 }).Select(g => (g.Ssrcs[0], g.Ssrcs[1]))],
            RemoteCname = offer.Ssrcs.FirstOrDefault(s => s.Cname is not null)?.Cname,
            RemoteMsid = RemoteMsid(offer),
            LocalSource = !direction.Sends() ? null : rtx.Count > 0 ? source : source! with { RtxSsrc = null },
        };
        return true;
    }

    /// <summary>Each codec of ours that the line has, in our order.</summary>
    private List<(CodecPolicy Policy, RtpCodec Codec)> Choose(MediaDescription offer, MediaDescription? asked)
    {
        var chosen = new List<(CodecPolicy, RtpCodec)>();
        foreach (var candidate in policy.Codecs)
        {
            if (candidate.Kind != offer.Kind) continue;
            if (offer.Codecs.FirstOrDefault(c => candidate.Matches(c) && WasAsked(c)) is { } codec) chosen.Add((candidate, codec));
        }

        return chosen;

        // RFC 3264 §6.1 lets an answer use other numbers for what the offerer is to send; nobody does in WebRTC.
        bool WasAsked(RtpCodec codec) => asked is null || asked.Codecs.Any(ours => ours.PayloadType == codec.PayloadType && ours.Is(codec.Name));
    }

    /// <summary>The payload type of a codec's retransmissions; null when the line has none that may be used.</summary>
    private byte? FindRtx(MediaDescription offer, RtpCodec codec)
    {
        var apt = Sdp.PayloadTypes.ToText(codec.PayloadType);
        var rtx = offer.Codecs.FirstOrDefault(c =>
            c.Is(RtpCodec.Rtx) && c.ClockRate == codec.ClockRate && c.Parameters.TryGetValue(RtpCodec.Apt, out var of) && of == apt);
        return rtx is not null && TryClaim(rtx.PayloadType, $"{RtpCodec.Rtx} {apt}") ? rtx.PayloadType : null;
    }

    /// <summary>Whether a payload type is free to mean this, or means it already.</summary>
    private bool TryClaim(byte payloadType, string meaning) => PayloadTypes.TryAdd(payloadType, meaning) || PayloadTypes[payloadType] == meaning;

    private static RtpCodec Settle(CodecPolicy chosen, RtpCodec offered, Dictionary<string, byte> receive, Dictionary<string, byte> send)
    {
        var parameters = new OrderedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);

        // What told the flavour is answered as offered: with level-asymmetry-allowed the level is each side's own (RFC 6184 §8.2.2).
        foreach (var (name, value) in chosen.Required) parameters[name] = offered.Parameters.GetValueOrDefault(name, value);
        foreach (var (name, value) in chosen.Parameters) parameters[name] = value;
        var transportCc = receive.ContainsKey(RtpExtensionUris.TransportSequenceNumber) || send.ContainsKey(RtpExtensionUris.TransportSequenceNumber);
        return offered with
        {
            Name = chosen.Name,
            Parameters = parameters,
            Feedback = [.. chosen.Feedback.Where(feedback => offered.Feedback.Contains(feedback) && IsWanted(feedback))],
        };

        // One way to tell the bandwidth, the better one.
        bool IsWanted(string feedback) => feedback switch
        {
            SdpPolicy.TransportCcFeedback => transportCc,
            SdpPolicy.RembFeedback => !transportCc || !offered.Feedback.Contains(SdpPolicy.TransportCcFeedback),
            _ => true,
        };
    }

    /// <summary>Null, or what is wrong with the extension's id.</summary>
    private string? Extend(
        MediaDescription offer,
        MediaDescription? asked,
        MediaDirection direction,
        ExtensionPolicy extension,
        string firstCodec,
        Dictionary<string, byte> receive,
        Dictionary<string, byte> send)
    {
        if (extension.Kind is { } kind && kind != offer.Kind) return null;
        if (extension.FirstCodecs is { } codecs && !codecs.Contains(firstCodec)) return null;
        // RFC 8285 §4.2: 15 and 0 are not ids of the one-byte form; §4.3: above 14 needs the two-byte form.
        var largest = offer.ExtmapAllowMixed ? 255 : 14;
        var offered = offer.Extensions.FirstOrDefault(e => e.Uri == extension.Uri && e.Id != 15 && e.Id <= largest);
        if (offered is null) return null;
        if (asked is not null)
        {
            if (asked.Extensions.FirstOrDefault(e => e.Uri == extension.Uri) is not { } ours) return null;
            // RFC 8285 §6: an answer keeps the offered ids.
            if (ours.Id != offered.Id) return "The m= line gives a header extension another id than the offer.";
        }

        var theySend = direction.Receives() && (offered.Direction ?? offer.Direction).Sends();
        var weSend = extension.WeSend && direction.Sends() && (offered.Direction ?? offer.Direction).Receives();
        if (!theySend && !weSend) return null;

        var id = (byte)offered.Id;
        if (ExtensionIds.TryGetValue(id, out var uri) && uri != extension.Uri)
        {
            // aiortc numbers each line's extensions from 1 on, against RFC 9143 §9.1.1. What clashes is left out, but without its mid
            // a packet could not be told from another line's.
            return extension.Uri != RtpExtensionUris.Mid
                ? null
                : "The m= line's id of the mid header extension means another extension on another line.";
        }

        ExtensionIds[id] = extension.Uri;
        if (theySend) receive[extension.Uri] = id;
        if (weSend) send[extension.Uri] = id;
        return null;
    }

    /// <summary>Announced streams without those that repair another: all but the first of an FID or FEC-FR group.</summary>
    private static IReadOnlyList<uint> PrimarySsrcs(MediaDescription offer)
    {
        var repair = offer.SsrcGroups.Where(g => g.Semantics is "FID" or "FEC-FR").SelectMany(g => g.Ssrcs.Skip(1)).ToHashSet();
        return [.. offer.Ssrcs.Select(s => s.Ssrc).Where(ssrc => !repair.Contains(ssrc))];
    }

    /// <summary>As a=msid says it, or the older form on an a=ssrc line.</summary>
    private static MediaStreamId? RemoteMsid(MediaDescription offer)
    {
        if (offer.Msids.Count > 0) return offer.Msids[0];
        if (offer.Ssrcs.FirstOrDefault(s => s.Msid is not null)?.Msid is not { } text) return null;
        var words = text.Split(' ', 2);
        return new MediaStreamId(words[0], words.Length == 2 ? words[1] : null);
    }

    /// <summary>RFC 8829 §5.1.2: the names under which the same thing has been offered.</summary>
    private static bool IsSecureRtp(string protocol) =>
        protocol is "UDP/TLS/RTP/SAVPF" or "TCP/DTLS/RTP/SAVPF" or "UDP/TLS/RTP/SAVP" or "TCP/DTLS/RTP/SAVP";

    private static bool Fail(MediaDescription offer, string message, out SdpError error)
    {
        error = new SdpError(offer.Line, message);
        return false;
    }
}
