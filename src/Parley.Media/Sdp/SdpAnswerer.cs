using System.Diagnostics.CodeAnalysis;

namespace Parley.Media.Sdp;

/// <summary>
/// The server's side: answers the offers of one connection (RFC 3264, RFC 8829). The client always offers, we are always the passive
/// side of DTLS, and all lines share one transport. A later offer of the same connection may only add lines: the old ones keep
/// their place, mid and the SSRC we send with. An offer that is refused changes nothing.
/// </summary>
/// <param name="random">Where SSRCs, the session id and the cname come from.</param>
public sealed class SdpAnswerer(RandomSource random)
{
    private readonly SdpNegotiation _negotiation = new(random, null, offers: false);

    /// <summary>
    /// Whether the offer has other ICE credentials than the last one (RFC 8839 §4.4.1.1.1). Its answer then needs new
    /// credentials of ours in the options.
    /// </summary>
    public bool IsIceRestart(SessionDescription offer) => _negotiation.IsIceRestart(offer);

    /// <summary>Answers an offer, or says what is wrong with it.</summary>
    /// <exception cref="ArgumentException">An option is not what RFC 8839 or RFC 8122 allow.</exception>
    public bool TryAnswer(
        SessionDescription offer,
        SdpAnswerOptions options,
        [NotNullWhen(true)] out SdpAnswer? answer,
        [NotNullWhen(false)] out SdpError? error)
    {
        answer = null;
        var wanted = offer.Media.Select((media, index) => Want(media, index, offer.Media[0].Mid, options)).ToList();
        if (!_negotiation.TryAnswer(
                offer, wanted, options.Policy, options.ToTransport(), options.MaximumMedia, DtlsSetup.Passive, out var description, out error))
        {
            return false;
        }

        var session = _negotiation.Session!;
        answer = new SdpAnswer
        {
            Sdp = description.ToString(),
            Media = session.Media,
            RemoteIceUfrag = session.RemoteIceUfrag,
            RemoteIcePwd = session.RemoteIcePwd,
            RemoteFingerprint = session.RemoteFingerprint,
            RemoteSetup = _negotiation.Remote!.Setup,
        };
        return true;
    }

    /// <summary>Whatever flows on a line that is taken, in a MediaStream of its own or that of the first.</summary>
    private static SdpLine? Want(MediaDescription media, int index, string? first, SdpAnswerOptions options)
    {
        if (media.Mid is not { } mid || !BundleOffer.IsAlive(media) || media.Kind == MediaKind.Other || !options.Accept(media, index)) return null;
        return new SdpLine(media.Kind, mid, MediaDirection.SendRecv) { Msid = new MediaStreamId($"parley-{(index == options.Together ? first : mid)}", $"slot-{mid}") };
    }
}
