using Parley.Client.Audio;
using Parley.Client.Video;

namespace Parley.Terminal.Join.Media;

/// <summary>One sound to several sinks.</summary>
internal sealed class AudioFanOut(IReadOnlyList<IAudioSink> sinks) : IAudioSink
{
    public void Write(ReadOnlySpan<float> frame)
    {
        foreach (var sink in sinks) sink.Write(frame);
    }
}

/// <summary>Pictures to several sinks.</summary>
internal sealed class VideoFanOut(IReadOnlyList<IVideoSink> sinks) : IVideoSink
{
    public void OnFrame(in VideoFrameInfo info, ReadOnlySpan<byte> frame)
    {
        foreach (var sink in sinks) sink.OnFrame(info, frame);
    }
}
