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
    private readonly SdpAnswerOptions _options;

    /// <param name="random">Where SSRCs come from.</param>
    /// <param name="local">Our ICE credentials for this connection.</param>
    /// <param name="fingerprint">The SHA-256 of our DTLS certificate.</param>
    /// <param name="candidates">Our addresses, best first.</param>
    /// <param name="maximumSlots">The most slots a client may ask for.</param>
    public PeerNegotiation(
        RandomSource random,
        IceCredentials local,
        Fingerprint fingerprint,
        IReadOnlyList<IceCandidate> candidates,
        int maximumSlots)
    {
        _answerer = new SdpAnswerer(random);
        _options = new SdpAnswerOptions
        {
            IceUfrag = local.Ufrag,
            IcePwd = local.Password,
            Fingerprint = fingerprint,
            Candidates = [.. candidates.Select(candidate => "candidate:" + candidate.ToSdpValue())],
            Accept = (media, index) => media.Kind == (index == 0 ? MediaKind.Audio : MediaKind.Video),
            MaximumMedia = FirstSlot + maximumSlots,
        };
    }

    /// <summary>The mids of the slots as last answered.</summary>
    public IReadOnlyList<string> Slots { get; private set; } = [];

    /// <summary>Whether an offer belongs to another transport than this one: new ICE credentials (RFC 8839 §4.4.1.1.1).</summary>
    public bool IsRestart(SessionDescription offer) => _answerer.IsIceRestart(offer);

    /// <summary>Answers an offer, or says in a sentence why not.</summary>
    public bool TryAnswer(
        SessionDescription offer,
        [NotNullWhen(true)] out SdpAnswer? answer,
        [NotNullWhen(true)] out PeerMedia? media,
        out string? error)
    {
        media = null;
        if (!_answerer.TryAnswer(offer, _options, out answer, out var refused))
        {
            error = refused.ToString();
            return false;
        }

        media = ToMedia(answer);
        Slots = [.. media.Slots.Select(slot => slot.Mid)];
        error = null;
        return true;
    }

    private static PeerMedia ToMedia(SdpAnswer answer)
    {
        var extensions = new RtpExtensionMap();
        AudioLine? audio = null;
        var videos = new List<VideoLine>();
        var slots = new List<SlotLine>();
        foreach (var line in answer.Media)
        {
            if (line.Rejected) continue;
            foreach (var (uri, id) in line.ReceiveExtensionIds)
            {
                if (RtpExtensionUris.TryGetType(uri, out var type)) extensions[type] = id;
            }

            if (line.Index == 0)
            {
                audio = new AudioLine(line.Mid, line.PayloadType, line.RemoteSsrcs, line.LocalSource?.Ssrc ?? 0);
            }
            else if (line.Index < FirstSlot)
            {
                videos.Add(new VideoLine(line.Mid, line.Index == 1 ? VideoKind.Camera : VideoKind.Screen, line.PayloadType, line.RemoteSsrcs));
            }
            else if (line.LocalSource is { } source)
            {
                slots.Add(new SlotLine(line.Mid, line.PayloadType, source.Ssrc));
            }
        }

        return new PeerMedia(new IceCredentials(answer.RemoteIceUfrag, answer.RemoteIcePwd), extensions, audio, videos, slots);
    }
}
