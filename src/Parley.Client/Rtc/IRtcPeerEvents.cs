using Parley.Media.Dtls;
using Parley.Media.Ice;
using Parley.Media.Rtp;

namespace Parley.Client.Rtc;

/// <summary>Where a connection stands, as a whole.</summary>
internal enum RtcPeerState
{
    /// <summary>No answer yet.</summary>
    New,

    /// <summary>Checks or the handshake are under way.</summary>
    Connecting,

    /// <summary>A path and keys are there.</summary>
    Connected,

    /// <summary>The path has gone quiet; it may come back.</summary>
    Disconnected,

    /// <summary>Final: no path, consent expired, or the handshake failed.</summary>
    Failed,

    /// <summary>Final: we ended it.</summary>
    Closed,
}

/// <summary>What a connection tells its host, on the media thread, inside the call that caused it.</summary>
internal interface IRtcPeerEvents
{
    /// <summary>The state is another.</summary>
    void OnStateChanged(RtcPeerState state, string reason);

    /// <summary>A local candidate more, for who trickles (RFC 8838).</summary>
    void OnCandidate(IceCandidate candidate);

    /// <summary>All local candidates are known.</summary>
    void OnGathered();

    /// <summary>There is a path: run the handshake on a thread of yours and give its keys to <see cref="RtcPeer.SetKeys"/>.</summary>
    void OnHandshakeDue(DtlsRole role, DtlsFingerprint expectedRemote);

    /// <summary>A DTLS datagram for that handshake.</summary>
    void OnDtls(ReadOnlySpan<byte> datagram);

    /// <summary>The peer needs a keyframe on this m-line.</summary>
    void OnKeyframeRequested(string mid);

    /// <summary>A whole picture came on this m-line.</summary>
    /// <param name="mid">The m-line.</param>
    /// <param name="frame">VP8; valid during the call.</param>
    /// <param name="timestamp">90 kHz, unwrapped.</param>
    /// <param name="isKeyframe">Whether a decoder may begin here.</param>
    void OnVideoFrame(string mid, ReadOnlySpan<byte> frame, long timestamp, bool isKeyframe);
}

/// <summary>Looks at each RTP packet that comes, instead of having pictures put together: for measuring.</summary>
internal interface IRtpTap
{
    /// <summary>An authenticated packet of video.</summary>
    void OnVideoPacket(string mid, in RtpPacket packet, long index, TimeSpan now);

    /// <summary>One of sound.</summary>
    void OnAudioPacket(in RtpPacket packet, TimeSpan now);
}
