using Parley.Media.Rtp;

namespace Parley.Media.Sdp;

/// <summary>What we negotiate, as tables. A codec more is an entry more.</summary>
public sealed record SdpPolicy
{
    /// <summary>Feedback that is taken only together with <see cref="RtpExtensionUris.TransportSequenceNumber"/>.</summary>
    public const string TransportCcFeedback = "transport-cc";

    /// <summary>The server's: Opus and VP8. Not yet: RTX, FEC, RED, H.264, VP9, AV1.</summary>
    public static SdpPolicy Default { get; } = new();

    /// <summary>
    /// A participant's: the same codecs, but packets also in silence, as the mixer and the other participant want a stream
    /// without gaps from us, and all header extensions both ways. No simulcast.
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
            new(MediaKind.Video, "VP8", 90000, 1)
            {
                PayloadType = 96,
                Feedback = ["nack", "nack pli", "ccm fir", TransportCcFeedback],
            },
        ],
        Extensions =
        [
            new(RtpExtensionUris.Mid),
            new(RtpExtensionUris.AudioLevel) { Kind = MediaKind.Audio },
            new(RtpExtensionUris.TransportSequenceNumber),
            new(RtpExtensionUris.AbsoluteSendTime),
        ],
    };

    /// <summary>In order of our preference: an m= line gets the first that the offer has.</summary>
    public IReadOnlyList<CodecPolicy> Codecs { get; init; } =
    [
        new(MediaKind.Audio, "opus", 48000, 2)
        {
            // RFC 7587 §6.1, what we like to receive: in-band FEC, no packets in silence, mono.
            PayloadType = 111,
            Parameters = [new("minptime", "10"), new("useinbandfec", "1"), new("usedtx", "1"), new("stereo", "0")],
            Feedback = [TransportCcFeedback],
        },
        new(MediaKind.Video, "VP8", 90000, 1)
        {
            PayloadType = 96,
            Feedback = ["nack", "nack pli", "ccm fir", TransportCcFeedback],
        },
    ];

    /// <summary>Header extensions, at most 14. In our offers their ids are their places from 1 on; answers take the offerer's.</summary>
    public IReadOnlyList<ExtensionPolicy> Extensions { get; init; } =
    [
        new(RtpExtensionUris.Mid),
        new(RtpExtensionUris.AudioLevel) { Kind = MediaKind.Audio },
        new(RtpExtensionUris.RtpStreamId) { Kind = MediaKind.Video, WeSend = false },
        new(RtpExtensionUris.TransportSequenceNumber) { WeSend = false },
        new(RtpExtensionUris.AbsoluteSendTime) { WeSend = false },
    ];
}
