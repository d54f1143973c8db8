namespace Parley.Client.Video;

/// <summary>Where the pictures of others go, encoded as VP8 (RFC 6386).</summary>
public interface IVideoSink
{
    /// <summary>
    /// Takes one picture on a media thread; must not block. The first of a participant is a keyframe, and each next one can be
    /// decoded after the one before: after a loss that could not be mended, the next is a keyframe again.
    /// </summary>
    /// <param name="info">Whose it is and when.</param>
    /// <param name="frame">The encoded picture; the callee's only during the call.</param>
    void OnFrame(in VideoFrameInfo info, ReadOnlySpan<byte> frame);
}
