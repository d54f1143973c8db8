namespace Parley.Client.Video;

/// <summary>A camera: produces encoded pictures on its own time and hands them over.</summary>
public interface IVideoSource : IDisposable
{
    /// <summary>Begins, with a keyframe. <paramref name="output"/> may be used from any thread until <see cref="Stop"/> has returned.</summary>
    void Start(IVideoOutput output);

    /// <summary>Someone needs a keyframe: the next picture should be one. Any thread; must not block.</summary>
    void RequestKeyframe();

    /// <summary>Ends; may be started again.</summary>
    void Stop();
}

/// <summary>What a camera hands its pictures to.</summary>
public interface IVideoOutput
{
    /// <summary>Sends one picture. Any thread, one at a time; the bytes belong to the caller again when this returns.</summary>
    /// <param name="frame">VP8 (RFC 6386), at most 1 MiB.</param>
    /// <param name="captureTime">When it was taken, on a clock of the source's own that does not go back.</param>
    void Send(ReadOnlySpan<byte> frame, TimeSpan captureTime);
}
