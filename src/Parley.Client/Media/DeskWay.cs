using Parley.Client.Rtc;

namespace Parley.Client.Media;

/// <summary>What one's own microphone and camera go over: one connection, and what it may have now. Media thread only.</summary>
internal sealed class DeskWay
{
    private RtcConnection? _connection;
    private string _cameraMid = "";
    private bool _needsKeyframe = true;

    /// <summary>The connection.</summary>
    public RtcPeer? Peer => _connection?.Peer;

    /// <summary>Whether anything can be sent on it.</summary>
    public bool IsOpen => Peer is { HasKeys: true, State: not (RtcPeerState.Failed or RtcPeerState.Closed) };

    private VideoSender? Camera => Peer?.FindCamera(_cameraMid);

    /// <summary>It is another connection from now on.</summary>
    public void Connect(RtcConnection? connection, string cameraMid) =>
        (_connection, _cameraMid, _needsKeyframe) = (connection, cameraMid, true);

    /// <summary>Says what may be sent.</summary>
    /// <returns>Whether a keyframe is needed for it to begin.</returns>
    public bool Apply(MicrophoneFeed? feed, bool mic, bool camera, bool tellsSilence, TimeSpan now)
    {
        if (Peer is not { } peer) return false;
        if (peer.Microphone is { } microphone) (microphone.Feed, microphone.Enabled, microphone.TellsSilence) = (feed, mic, tellsSilence);
        peer.ArmAudio(now);
        _connection!.Arm();
        if (Camera is not { } sender) return false;
        if (!camera || !IsOpen) _needsKeyframe = true;
        sender.Enabled = camera;
        return camera && IsOpen && _needsKeyframe;
    }

    /// <summary>Sends a picture; what cannot begin a stream is left out until one can.</summary>
    /// <returns>False when a keyframe is needed.</returns>
    public bool Send(ReadOnlySpan<byte> frame, TimeSpan captureTime, TimeSpan now)
    {
        if (Camera is not { Enabled: true } sender || !IsOpen) return true;

        // RFC 6386 §9.1: the lowest bit of a keyframe's first byte is 0.
        _needsKeyframe &= frame.IsEmpty || (frame[0] & 1) != 0;
        if (_needsKeyframe) return false;
        sender.Send(frame, captureTime, now);
        return true;
    }
}
