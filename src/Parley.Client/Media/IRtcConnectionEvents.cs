using Parley.Client.Rtc;
using Parley.Media.Ice;

namespace Parley.Client.Media;

/// <summary>What an <see cref="RtcConnection"/> tells, on the media thread.</summary>
internal interface IRtcConnectionEvents
{
    /// <summary>The state is another.</summary>
    void OnStateChanged(RtcPeerState state, string reason);

    /// <summary>A local candidate more.</summary>
    void OnCandidate(IceCandidate candidate);

    /// <summary>All local candidates are known.</summary>
    void OnGathered();

    /// <summary>The peer needs a keyframe on this m-line.</summary>
    void OnKeyframeRequested(string mid);

    /// <summary>A whole picture came on this m-line; the bytes are the callee's only during the call.</summary>
    void OnVideoFrame(string mid, ReadOnlySpan<byte> frame, long timestamp, bool isKeyframe);
}
