namespace Parley.Media.Sdp;

/// <summary>The names of the header extensions the engine knows.</summary>
public static class RtpExtensionUri
{
    /// <summary>The m= line a packet belongs to (RFC 9143 §15).</summary>
    public const string Mid = "urn:ietf:params:rtp-hdrext:sdes:mid";

    /// <summary>The simulcast layer a packet belongs to (RFC 8852).</summary>
    public const string RtpStreamId = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";

    /// <summary>The sender's audio level (RFC 6464).</summary>
    public const string AudioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

    /// <summary>One sequence number for all packets of a transport (draft-holmer-rmcat-transport-wide-cc-extensions-01).</summary>
    public const string TransportCc = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

    /// <summary>The 24-bit time of sending.</summary>
    public const string AbsSendTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
}
