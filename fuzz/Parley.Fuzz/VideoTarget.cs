using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Parley.Media.Video;
using static Parley.Fuzz.Promise;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Each protocol registers its targets without touching a shared file.")]
    internal static void RegisterVideo() => All["video"] = VideoTarget.Run;
}

internal static class VideoTarget
{
    private const int MaxPackets = 32;

    /// <summary>
    /// A script of packets: step of the sequence number, of the timestamp and marker, of the time, length; then so many bytes
    /// of payload. Frames come in order of sequence numbers, each a keyframe or right after the one before.
    /// </summary>
    internal static void Run(ReadOnlySpan<byte> input)
    {
        _ = Vp8FrameTag.TryParse(input, out _);
        using var buffer = new VideoFrameBuffer(new VideoFrameBufferOptions { MaxPackets = MaxPackets });
        long sequence = 0;
        long timestamp = 0;
        var now = TimeSpan.Zero;
        var last = long.MinValue;
        while (input.Length >= 4)
        {
            sequence += (sbyte)input[0];
            timestamp += (input[1] & 0x7F) - 16;
            now += TimeSpan.FromMilliseconds(input[2]);
            var length = Math.Min(input[3], input.Length - 4);
            if (now >= buffer.NextDeadline) buffer.HandleTimeout(now);
            last = Take(buffer, last);
            buffer.Insert(sequence, timestamp, input[1] >= 0x80, input.Slice(4, length), now);
            Check(buffer.HeldPackets <= MaxPackets);
            last = Take(buffer, last);
            buffer.TakeKeyframeNeeded();
            input = input[(4 + length)..];
        }
    }

    private static long Take(VideoFrameBuffer buffer, long last)
    {
        var wasWaiting = last == long.MinValue;
        while (buffer.TryTake(out var info, out var frame))
        {
            Check(!frame.IsEmpty && info.LastSequence - info.FirstSequence < MaxPackets);
            Check(wasWaiting ? info.IsKeyframe : info.FirstSequence > last);
            Check((frame[0] & 1) == 0 == info.IsKeyframe);
            last = info.LastSequence;
            wasWaiting = false;
        }

        return last;
    }
}
