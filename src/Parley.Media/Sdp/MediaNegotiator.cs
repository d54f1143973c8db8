using System.Diagnostics.CodeAnalysis;
using Parley.Media.Rtp;

namespace Parley.Media.Sdp;

/// <summary>
/// Settles codec and header extensions for each m= line of the other side's offer, or of its answer to ours. The lines share one
/// RTP session, so a payload type and an extension id must mean the same on all of them (RFC 9143 §9.1.1, §12).
/// </summary>
internal sealed class MediaNegotiator(SdpPolicy policy)
{
    /// <summary>What each payload type came to mean, by the key of the policy's codec.</summary>
    public Dictionary<byte, string> PayloadTypes { get; } = [];

    /// <summary>What each header extension id came to mean.</summary>
    public Dictionary<byte, string> ExtensionIds { get; } = [];

    /// <summary>Whether a line has a protocol and a codec of ours.</summary>
    public bool Knows(MediaDescription offer) => IsSecureRtp(offer.Protocol) && Choose(offer, null) is not null;

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
        if (Choose(offer, asked) is not var (chosen, codec))
        {
            if (asked is not null) return Fail(offer, "The m= line has no codec with the payload type we offered for it.", out error);
            var names = policy.Codecs.Where(c => c.Kind == offer.Kind).Select(c => $"{c.Name}/{c.ClockRate}");
            return Fail(offer, $"The m= line offers none of our codecs: {string.Join(", ", names)}.", out error);
        }

        if (PayloadTypes.TryGetValue(codec.PayloadType, out var other) && other != chosen.Key)
        {
            return Fail(offer, "The m= line uses a payload type that means another codec on another line of the BUNDLE group.", out error);
        }

        PayloadTypes[codec.PayloadType] = chosen.Key;
        var direction = wanted.Direction.And(offer.Direction.Reverse());
        var receive = new Dictionary<string, byte>(StringComparer.Ordinal);
        var send = new Dictionary<string, byte>(StringComparer.Ordinal);
        foreach (var extension in policy.Extensions)
        {
            if (Extend(offer, asked, direction, extension, receive, send) is { } message) return Fail(offer, message, out error);
        }

        error = null;
        negotiated = new NegotiatedMedia
        {
            Mid = offer.Mid!,
            Index = index,
            Kind = offer.Kind,
            Line = wanted.Mid.Length == 0 ? null : wanted.Mid,
            Rejected = false,
            Direction = direction,
            PayloadType = codec.PayloadType,
            Codec = Settle(chosen, codec, receive, send),
            ReceiveExtensionIds = receive,
            SendExtensionIds = send,
            RemoteSsrcs = PrimarySsrcs(offer),
            RemoteCname = offer.Ssrcs.FirstOrDefault(s => s.Cname is not null)?.Cname,
            RemoteMsid = RemoteMsid(offer),
            LocalSource = direction.Sends() ? source : null,
        };
        return true;
    }

    private (CodecPolicy Policy, RtpCodec Codec)? Choose(MediaDescription offer, MediaDescription? asked)
    {
        foreach (var candidate in policy.Codecs)
        {
            if (candidate.Kind != offer.Kind) continue;
            if (offer.Codecs.FirstOrDefault(c => candidate.Matches(c) && WasAsked(c)) is { } codec) return (candidate, codec);
        }

        return null;

        // RFC 3264 §6.1 lets an answer use other numbers for what the offerer is to send; nobody does in WebRTC.
        bool WasAsked(RtpCodec codec) => asked is null || asked.Codecs.Any(ours => ours.PayloadType == codec.PayloadType && ours.Is(codec.Name));
    }

    private static RtpCodec Settle(CodecPolicy chosen, RtpCodec offered, Dictionary<string, byte> receive, Dictionary<string, byte> send)
    {
        var parameters = new OrderedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in chosen.Parameters) parameters[name] = value;
        return offered with
        {
            Name = chosen.Name,
            Parameters = parameters,
            Feedback =
            [
                .. chosen.Feedback.Where(feedback => offered.Feedback.Contains(feedback)
                    && (feedback != SdpPolicy.TransportCcFeedback || receive.ContainsKey(RtpExtensionUris.TransportSequenceNumber)
                        || send.ContainsKey(RtpExtensionUris.TransportSequenceNumber))),
            ],
        };
    }

    /// <summary>Null, or what is wrong with the extension's id.</summary>
    private string? Extend(
        MediaDescription offer,
        MediaDescription? asked,
        MediaDirection direction,
        ExtensionPolicy extension,
        Dictionary<string, byte> receive,
        Dictionary<string, byte> send)
    {
        if (extension.Kind is { } kind && kind != offer.Kind) return null;
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
