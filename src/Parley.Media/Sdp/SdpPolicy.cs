using Parley.Media.Rtp;

namespace Parley.Media.Sdp;

/// <summary>What we negotiate, as tables. A codec more is an entry more.</summary>
public sealed record SdpPolicy
{
    /// <summary>Feedback that is taken only together with <see cref="RtpExtensionUris.TransportSequenceNumber"/>.</summary>
    public const string TransportCcFeedback = "transport-cc";

    /// <summary>Feedback that is taken only without <see cref="TransportCcFeedback"/> (draft-alvestrand-rmcat-remb-03).</summary>
    public const string RembFeedback = "goog-remb";

    private static readonly IReadOnlyList<string> VideoFeedback = ["nack", "nack pli", "ccm fir", TransportCcFeedback];

    /// <summary>
    /// What the server takes of each video codec. Of H.264 it is constrained baseline, which every browser must have (RFC 7742 §5, §6.2),
    /// so that whoever watches can decode it; of VP9 and AV1 the profile of 8 bits.
    /// </summary>
    private static readonly IReadOnlyDictionary<VideoCodec, CodecPolicy> VideoPolicies = new Dictionary<VideoCodec, CodecPolicy>
    {
        [VideoCodec.Vp8] = Video("VP8"),
        [VideoCodec.H264] = Video("H264") with
        {
            Required = [new("packetization-mode", "1"), new("profile-level-id", "42e01f")],
            Parameters = [new("level-asymmetry-allowed", "1")],
        },
        [VideoCodec.Vp9] = Video("VP9") with { Required = [new("profile-id", "0")] },
        [VideoCodec.Av1] = Video("AV1") with { Required = [new("profile", "0")] },
    };

    /// <summary>The names of the video codecs as settings and SDP have them.</summary>
    public static IReadOnlyList<string> VideoCodecNames { get; } = [.. VideoPolicies.Values.Select(codec => codec.Name)];

    /// <summary>The server's, with all video codecs in the order in which browsers agree on them most.</summary>
    public static SdpPolicy Default { get; } = Server([VideoCodec.Vp8, VideoCodec.H264, VideoCodec.Vp9, VideoCodec.Av1]);

    /// <summary>
    /// A participant's: VP8 only, but packets also in silence, as the mixer and the other participant want a stream
    /// without gaps from us, and all header extensions both ways. No simulcast, no retransmissions as a stream of their own.
    /// </summary>
    public static SdpPolicy Participant { get; } = new()
    {
        Codecs =
        [
            new(MediaKind.Audio, "opus", 48000, 2)
            {
                PayloadType = 111,
                Parameters = [new("minptime", "10"), new("useinbandfec", "1")],
                Feedback = [TransportCcFeedback],
            },
            new(MediaKind.Video, "VP8", 90000, 1) { PayloadType = 96, Feedback = VideoFeedback },
        ],
        Extensions =
        [
            new(RtpExtensionUris.Mid),
            new(RtpExtensionUris.AudioLevel) { Kind = MediaKind.Audio },
            new(RtpExtensionUris.TransportSequenceNumber),
            new(RtpExtensionUris.AbsoluteSendTime),
        ],
    };

    /// <summary>In order of our preference: an m= line gets all that the offer has.</summary>
    public required IReadOnlyList<CodecPolicy> Codecs { get; init; }

    /// <summary>Header extensions, at most 14. In our offers their ids are their places from 1 on; answers take the offerer's.</summary>
    public required IReadOnlyList<ExtensionPolicy> Extensions { get; init; }

    /// <summary>How many simulcast layers we take on a line; 0 for no simulcast.</summary>
    public int MaximumLayers { get; init; }

    /// <summary>The server's, with these video codecs, the one it likes to receive most first.</summary>
    public static SdpPolicy Server(IReadOnlyList<VideoCodec> videoCodecs) => new()
    {
        Codecs =
        [
            new(MediaKind.Audio, "opus", 48000, 2)
            {
                // RFC 7587 §6.1, what we like to receive: in-band FEC, no packets in silence, mono.
                PayloadType = 111,
                Parameters = [new("minptime", "10"), new("useinbandfec", "1"), new("usedtx", "1"), new("stereo", "0")],
                Feedback = [TransportCcFeedback],
            },
            .. videoCodecs.Select(codec => VideoPolicies[codec]),
        ],
        Extensions =
        [
            new(RtpExtensionUris.Mid),
            new(RtpExtensionUris.AudioLevel) { Kind = MediaKind.Audio },
            new(RtpExtensionUris.RtpStreamId) { Kind = MediaKind.Video, WeSend = false },
            new(RtpExtensionUris.RepairedRtpStreamId) { Kind = MediaKind.Video, WeSend = false },

            // The mix has no sender that bandwidth moves.
            new(RtpExtensionUris.TransportSequenceNumber) { Kind = MediaKind.Audio, WeSend = false },
            new(RtpExtensionUris.TransportSequenceNumber) { Kind = MediaKind.Video },
            new(RtpExtensionUris.AbsoluteSendTime) { WeSend = false },

            // Only where the payload does not tell its layers: with it Chromium leaves the picture ids out of VP8, by which a decoder would
            // get over lost frames of higher layers.
            new(RtpExtensionUris.DependencyDescriptor) { Kind = MediaKind.Video, WeSend = false, FirstCodecs = ["H264", "AV1"] },
            new(RtpExtensionUris.VideoLayersAllocation) { Kind = MediaKind.Video, WeSend = false },
        ],
        MaximumLayers = 3,
    };

    /// <summary>The codec of a name in SDP or in a setting, without case; false for one that Parley does not know.</summary>
    public static bool TryGetVideoCodec(string name, out VideoCodec codec)
    {
        foreach (var (known, video) in VideoPolicies)
        {
            codec = known;
            if (video.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
        }

        codec = default;
        return false;
    }

    private static CodecPolicy Video(string name) => new(MediaKind.Video, name, 90000, 1) { Rtx = true, Feedback = [.. VideoFeedback, RembFeedback] };
}
