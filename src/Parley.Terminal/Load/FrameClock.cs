using System.Buffers.Binary;
using System.Diagnostics;
using Parley.Media.Rtp;
using Parley.Media.Video;

namespace Parley.Terminal.Load;

/// <summary>
/// Who sent a frame and when, written behind the frame's own header, so that it is in the first packet. The time is that of this
/// machine's monotonic clock, which all its processes share: nothing is to be compared across machines.
/// </summary>
/// <param name="Run">The run that sent it: two that use one server must not take each other's frames for their own.</param>
/// <param name="Sender">The participant's number in it.</param>
/// <param name="SentAt">Nanoseconds of <see cref="Now"/>.</param>
internal readonly record struct FrameClock(uint Run, uint Sender, long SentAt)
{
    /// <summary>Bytes it takes.</summary>
    public const int Length = 20;

    private const uint Magic = 0x504C_434B;

    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    /// <summary>The present, in nanoseconds.</summary>
    public static long Now => Stopwatch.Frequency == 1_000_000_000 ? Stopwatch.GetTimestamp() : (long)(Stopwatch.GetTimestamp() * NanosecondsPerTick);

    /// <summary>Writes <see cref="Length"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Magic);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], Run);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], Sender);
        BinaryPrimitives.WriteInt64BigEndian(destination[12..], SentAt);
    }

    /// <summary>Reads the clock of the frame that begins in an RTP payload; false when none begins there, or it has no clock.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out FrameClock clock)
    {
        clock = default;
        if (!Vp8PayloadDescriptor.TryParse(payload, out var descriptor) || !descriptor.StartsFrame) return false;
        var head = descriptor.Length + (descriptor.IsKeyFrame ? Vp8FrameTag.KeyframeLength : Vp8FrameTag.Length);
        if (payload.Length < head + Length || BinaryPrimitives.ReadUInt32BigEndian(payload[head..]) != Magic) return false;
        var bytes = payload[(head + 4)..];
        clock = new FrameClock(
            BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));
        return true;
    }
}
