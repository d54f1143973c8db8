using Parley.Client.Video;
using Parley.Protocol;

namespace Parley.Terminal.Join.Media;

/// <summary>A camera whose pictures can be seen by its owner, too: as they are sent, so what is seen is what others would see.</summary>
/// <param name="camera">Whose pictures; disposed with this.</param>
/// <param name="preview">Where they go while they are looked at; null where nobody can.</param>
internal sealed class PreviewedCamera(IVideoSource camera, IVideoSink? preview) : IVideoSource
{
    private string? _watchedAs;

    /// <summary>Says whether the preview is looked at, and as whose pictures; null when it is not.</summary>
    public void Watch(string? participantId)
    {
        if (Interlocked.Exchange(ref _watchedAs, participantId) is null && participantId is not null) camera.RequestKeyframe();
    }

    public void Start(IVideoOutput output) => camera.Start(new Output(this, output));

    public void RequestKeyframe() => camera.RequestKeyframe();

    public void Stop() => camera.Stop();

    public void Dispose() => camera.Dispose();

    private sealed class Output(PreviewedCamera owner, IVideoOutput output) : IVideoOutput
    {
        private bool _isSeen;

        public void Send(ReadOnlySpan<byte> frame, TimeSpan captureTime)
        {
            output.Send(frame, captureTime);

            // RFC 6386 §9.1: the lowest bit of a keyframe's first byte is 0. A preview begins with one.
            var isKeyframe = frame.Length > 0 && (frame[0] & 1) == 0;
            var watchedAs = Volatile.Read(ref owner._watchedAs);
            _isSeen = watchedAs is not null && (_isSeen || isKeyframe);
            if (_isSeen) owner.Show(watchedAs!, frame, captureTime, isKeyframe);
        }
    }

    private void Show(string participantId, ReadOnlySpan<byte> frame, TimeSpan captureTime, bool isKeyframe) =>
        preview?.OnFrame(new VideoFrameInfo(participantId, VideoSourceKind.Camera, (long)(captureTime.TotalSeconds * 90_000), isKeyframe), frame);
}
