using System.Diagnostics.CodeAnalysis;
using Parley.Media.Ice;
using Parley.Media.Rtp;
using Parley.Media.Sdp;

namespace Parley.Media.Session;

/// <summary>
/// The offer/answer of one connection, with the fixed order of m-lines of protocol.md §5. Control side only: it never touches a
/// packet. What it settles goes to <see cref="PeerConnection.Apply"/>.
/// </summary>
public sealed class PeerNegotiation
{
    /// <summary>m-lines before the first slot: microphone and mix, camera, screen.</summary>
    public const int FirstSlot = 3;

    private readonly SdpAnswerer _answerer;
    private SdpAnswerOptions _options;
    private (SessionOrigin Origin, Fingerprint Fingerprint)? _client;

    /// <param name="random">Where SSRCs come from.</param>
    /// <param name="local">Our ICE credentials for this connection.</param>
    /// <param name="fingerprint">The SHA-256 of our DTLS certificate.</param>
    /// <param name="candidates">Our addresses, best first.</param>
    /// <param name="maximumSlots">The most slots a client may ask for.</param>
    /// <param name="policy">Codecs and header extensions.</param>
    public PeerNegotiation(
        RandomSource random,
        IceCredentials local,
        Fingerprint fingerprint,
        IReadOnlyList<IceCandidate> candidates,
        int maximumSlots,
        SdpPolicy policy)
    {
        _answerer = new SdpAnswerer(random);
        _options = new SdpAnswerOptions
        {
            IceUfrag = local.Ufrag,
            IcePwd = local.Password,
            Fingerprint = fingerprint,
            Candidates = ToLines(candidates),
            Policy = policy,
            Accept = (media, index) => media.Kind == (index == 0 ? MediaKind.Audio : MediaKind.Video),
            MaximumMedia = FirstSlot + maximumSlots,
            Together = FirstSlot,
        };
    }

    /// <summary>The mids of the slots as last answered.</summary>
    public IReadOnlyList<string> Slots { get; private set; } = [];

    /// <summary>
    /// Whose transport an offer is for. New ICE credentials (RFC 8839 §4.4.1.1.1) are a restart of this one when the same session
    /// (RFC 8866 §5.2) of a client with the same certificate makes them, so that its DTLS association is ours; else they are another's.
    /// </summary>
    public OfferedTransport Compare(SessionDescription offer)
    {
        if (!_answerer.IsIceRestart(offer)) return OfferedTransport.Same;
        return _client is var (origin, fingerprint)
            && offer.Origin.SessionId == origin.SessionId && offer.Origin.Username == origin.Username
            && offer.Media.Any(line => line.Fingerprints.Contains(fingerprint))
            ? OfferedTransport.Restarted
            : OfferedTransport.Other;
    }

    /// <summary>Answers an offer, or says in a sentence why not.</summary>
    /// <param name="offer">The client's.</param>
    /// <param name="restarted">Our new credentials when the offer restarts ICE, else null.</param>
    /// <param name="candidates">Our addresses now, best first; null for those of before.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="media">What it settles.</param>
    /// <param name="error">Or why there is none. Then nothing has changed.</param>
    public bool TryAnswer(
        SessionDescription offer,
        IceCredentials? restarted,
        IReadOnlyList<IceCandidate>? candidates,
        [NotNullWhen(true)] out SdpAnswer? answer,
        [NotNullWhen(true)] out PeerMedia? media,
        out string? error)
    {
        media = null;
        var options = _options;
        if (restarted is not null) options = options with { IceUfrag = restarted.Ufrag, IcePwd = restarted.Password };
        if (candidates is not null) options = options with { Candidates = ToLines(candidates) };
        if (!_answerer.TryAnswer(offer, options, out answer, out var refused))
        {
            error = refused.ToString();
            return false;
        }

        _options = options;
        _client = (offer.Origin, answer.RemoteFingerprint);
        media = ToMedia(answer);
        Slots = [.. media.Slots.Select(slot => slot.Mid)];
        error = null;
        return true;
    }

    private static IReadOnlyList<string> ToLines(IReadOnlyList<IceCandidate> candidates) =>
        [.. candidates.Select(candidate => "candidate:" + candidate.ToSdpValue())];

    private static PeerMedia ToMedia(SdpAnswer answer)
    {
        var extensions = new RtpExtensionMap();
        AudioLine? audio = null;
        var videos = new List<VideoLine>();
        var slots = new List<SlotLine>();
        foreach (var line in answer.Media)
        {
            if (line.Rejected) continue;
            foreach (var (uri, id) in line.ReceiveExtensionIds.Concat(line.SendExtensionIds))
            {
                if (RtpExtensionUris.TryGetType(uri, out var type)) extensions[type] = id;
            }

            if (line.Index == 0)
            {
                audio = new AudioLine(line.Mid, line.PayloadType, line.RemoteSsrcs, line.LocalSource?.Ssrc ?? 0);
            }
            else if (line.Index < FirstSlot)
            {
                videos.Add(new VideoLine(
                    line.Mid,
                    line.Index == 1 ? VideoKind.Camera : VideoKind.Screen,
                    ToFormats(line),
                    [.. line.Layers.Select(layer => layer.Id)],
                    line.RemoteSsrcs,
                    line.RepairSsrcs));
            }
            else if (line.LocalSource is { } source)
            {
                slots.Add(new SlotLine(
                    line.Mid,
                    ToFormats(line),
                    source.Ssrc,
                    source.RtxSsrc,
                    line.SendExtensionIds.ContainsKey(RtpExtensionUris.TransportSequenceNumber),
                    line.Codec!.Feedback.Contains("nack")));
            }
        }

        return new PeerMedia(new IceCredentials(answer.RemoteIceUfrag, answer.RemoteIcePwd), extensions, audio, videos, slots);
    }

    private static List<VideoFormat> ToFormats(NegotiatedMedia line)
    {
        var formats = new List<VideoFormat>();
        foreach (var codec in line.Codecs)
        {
            if (!SdpPolicy.TryGetVideoCodec(codec.Name, out var video)) continue;
            formats.Add(new VideoFormat(video, codec.PayloadType, line.RtxPayloadTypes.TryGetValue(codec.PayloadType, out var rtx) ? rtx : null));
        }

        return formats;
    }
}
