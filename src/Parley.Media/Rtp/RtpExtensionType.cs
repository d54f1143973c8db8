namespace Parley.Media.Rtp;

/// <summary>The header extensions Parley negotiates.</summary>
public enum RtpExtensionType : byte
{
    /// <summary>The m-line a packet belongs to (RFC 9143 §15.2).</summary>
    Mid,

    /// <summary>The simulcast layer a packet belongs to (RFC 8852 §3.1).</summary>
    RtpStreamId,

    /// <summary>The simulcast layer that a retransmission repairs (RFC 8852 §3.2).</summary>
    RepairedRtpStreamId,

    /// <summary>Client-to-mixer audio level (RFC 6464).</summary>
    AudioLevel,

    /// <summary>Transport-wide sequence number (draft-holmer-rmcat-transport-wide-cc-extensions-01 §2).</summary>
    TransportSequenceNumber,

    /// <summary>When the packet left the sender, 24 bits of 6.18 fixed-point seconds.</summary>
    AbsoluteSendTime,

    /// <summary>Frames and their layers (RTP Payload Format For AV1, appendix A); see <see cref="DependencyDescriptor"/>.</summary>
    DependencyDescriptor,

    /// <summary>What a sender means to send on each simulcast stream; see <see cref="Rtp.VideoLayersAllocation"/>.</summary>
    VideoLayersAllocation,
}

/// <summary>The URIs by which SDP names header extensions (a=extmap, RFC 8285 §5).</summary>
public static class RtpExtensionUris
{
    /// <summary>How many types <see cref="RtpExtensionType"/> has.</summary>
    internal const int Count = 8;

    /// <summary>Of <see cref="RtpExtensionType.Mid"/>.</summary>
    public const string Mid = "urn:ietf:params:rtp-hdrext:sdes:mid";

    /// <summary>Of <see cref="RtpExtensionType.RtpStreamId"/>.</summary>
    public const string RtpStreamId = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";

    /// <summary>Of <see cref="RtpExtensionType.RepairedRtpStreamId"/>.</summary>
    public const string RepairedRtpStreamId = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";

    /// <summary>Of <see cref="RtpExtensionType.AudioLevel"/>.</summary>
    public const string AudioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

    /// <summary>Of <see cref="RtpExtensionType.TransportSequenceNumber"/>.</summary>
    public const string TransportSequenceNumber = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

    /// <summary>Of <see cref="RtpExtensionType.AbsoluteSendTime"/>.</summary>
    public const string AbsoluteSendTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";

    /// <summary>Of <see cref="RtpExtensionType.DependencyDescriptor"/>.</summary>
    public const string DependencyDescriptor = "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";

    /// <summary>Of <see cref="RtpExtensionType.VideoLayersAllocation"/>.</summary>
    public const string VideoLayersAllocation = "http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00";

    private static readonly string[] Uris =
    [
        Mid, RtpStreamId, RepairedRtpStreamId, AudioLevel, TransportSequenceNumber, AbsoluteSendTime, DependencyDescriptor, VideoLayersAllocation,
    ];

    /// <summary>The URI of a type.</summary>
    public static string Get(RtpExtensionType type) => Uris[(int)type];

    /// <summary>The type of a URI; false for one Parley does not know.</summary>
    public static bool TryGetType(ReadOnlySpan<char> uri, out RtpExtensionType type)
    {
        for (var i = 0; i < Uris.Length; i++)
        {
            if (uri.SequenceEqual(Uris[i]))
            {
                type = (RtpExtensionType)i;
                return true;
            }
        }

        type = default;
        return false;
    }
}
