using System.Diagnostics.CodeAnalysis;
using Parley.Media.Rtp;

namespace Parley.Media.Sdp;

/// <summary>
/// Chooses codec and header extensions for each m= line of one offer. The lines share one RTP session, so a payload type
/// and an extension id must mean the same on all of them (RFC 9143 §9.1.1, §12).
/// </summary>
internal sealed class MediaNegotiator(SdpPolicy policy)
{
    private readonly Dictionary<byte, string> _payloadTypes = [];
    private readonly Dictionary<byte, string> _extensionIds = [];

    /// <summary>What a line we take comes to, sending <paramref name="source"/> on it if it is to be sent on; or why it cannot be.</summary>
    public bool TryNegotiate(
        MediaDescription offer,
        int index,
        MediaSource? source,
        [NotNullWhen(true)] out NegotiatedMedia? negotiated,
        [NotNullWhen(false)] out SdpError? error)
    {
        negotiated = null;
        if (!IsSecureRtp(offer.Protocol)) return Fail(offer, "The m= line's protocol is not UDP/TLS/RTP/SAVPF.", out error);
        if (Choose(offer) is not var (chosen, codec))
        {
            var wanted = policy.Codecs.Where(c => c.Kind == offer.Kind).Select(c => $"{c.Name}/{c.ClockRate}");
            return Fail(offer, $"The m= line offers none of our codecs: {string.Join(", ", wanted)}.", out error);
        }

        if (_payloadTypes.TryGetValue(codec.PayloadType, out var other) && other != chosen.Name)
        {
            return Fail(offer, "The m= line uses a payload type that means another codec on another line of the BUNDLE group.", out error);
        }

        _payloadTypes[codec.PayloadType] = chosen.Name;
        var receive = new Dictionary<string, byte>(StringComparer.Ordinal);
        var send = new Dictionary<string, byte>(StringComparer.Ordinal);
        foreach (var extension in policy.Extensions)
        {
            if (!Extend(offer, extension, receive, send))
            {
                return Fail(offer, "The m= line uses a header extension id that means another extension on another line.", out error);
            }
        }

        error = null;
        negotiated = new NegotiatedMedia
        {
            Mid = offer.Mid!,
            Index = index,
            Kind = offer.Kind,
            Rejected = false,
            SendsToUs = offer.Direction.Sends(),
            ReceivesFromUs = offer.Direction.Receives(),
            PayloadType = codec.PayloadType,
            Codec = Answer(chosen, codec, receive),
            ReceiveExtensionIds = receive,
            SendExtensionIds = send,
            RemoteSsrcs = PrimarySsrcs(offer),
            LocalSource = offer.Direction.Receives() ? source : null,
        };
        return true;
    }

    private (CodecPolicy Policy, RtpCodec Codec)? Choose(MediaDescription offer)
    {
        foreach (var candidate in policy.Codecs)
        {
            if (candidate.Kind != offer.Kind) continue;
            if (offer.Codecs.FirstOrDefault(candidate.Matches) is { } codec) return (candidate, codec);
        }

        return null;
    }

    private static RtpCodec Answer(CodecPolicy chosen, RtpCodec offered, Dictionary<string, byte> receive)
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
                    && (feedback != SdpPolicy.TransportCcFeedback || receive.ContainsKey(RtpExtensionUris.TransportSequenceNumber))),
            ],
        };
    }

    /// <summary>False when the id already means another extension.</summary>
    private bool Extend(MediaDescription offer, ExtensionPolicy extension, Dictionary<string, byte> receive, Dictionary<string, byte> send)
    {
        if (extension.Kind is { } kind && kind != offer.Kind) return true;
        // RFC 8285 §4.2: 15 and 0 are not ids of the one-byte form; §4.3: above 14 needs the two-byte form.
        var largest = offer.ExtmapAllowMixed ? 255 : 14;
        var offered = offer.Extensions.FirstOrDefault(e => e.Uri == extension.Uri && e.Id != 15 && e.Id <= largest);
        if (offered is null) return true;

        var clientSends = offer.Direction.Sends() && (offered.Direction ?? offer.Direction).Sends();
        var weSend = extension.WeSend && offer.Direction.Receives() && (offered.Direction ?? offer.Direction).Receives();
        if (!clientSends && !weSend) return true;

        var id = (byte)offered.Id;
        if (_extensionIds.TryGetValue(id, out var uri) && uri != extension.Uri) return false;
        _extensionIds[id] = extension.Uri;
        if (clientSends) receive[extension.Uri] = id;
        if (weSend) send[extension.Uri] = id;
        return true;
    }

    /// <summary>Announced streams without those that repair another: all but the first of an FID or FEC-FR group.</summary>
    private static IReadOnlyList<uint> PrimarySsrcs(MediaDescription offer)
    {
        var repair = offer.SsrcGroups.Where(g => g.Semantics is "FID" or "FEC-FR").SelectMany(g => g.Ssrcs.Skip(1)).ToHashSet();
        return [.. offer.Ssrcs.Select(s => s.Ssrc).Where(ssrc => !repair.Contains(ssrc))];
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
