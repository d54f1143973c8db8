using System.Buffers.Binary;
using Parley.Media.Video;

namespace Parley.Terminal.Load;

/// <summary>
/// Frames that are VP8 to who forwards them (RFC 6386 §9.1: tag, start code, sizes) and noise to who would decode them. Their
/// lengths vary (by half unless told otherwise) around bitrate ÷ frame rate, and a keyframe is five times as long, as cameras' are. The same seed gives
/// the same frames. Allocates nothing per frame.
/// </summary>
internal sealed class SyntheticVp8
{
    private const ushort Width = 640;
    private const ushort Height = 360;
    private const int KeyframeFactor = 5;
    private const int ShortestFrame = 64;

    /// <summary>Far below what the client would take, and above what cameras make.</summary>
    private const int LongestFrame = 256 * 1024;

    private readonly byte[] _buffer;
    private readonly int _shortest;
    private readonly int _longest;
    private readonly Random _random;

    /// <param name="bitrateKbps">Kilobits (1,000 bits) per second, keyframes not counted.</param>
    /// <param name="framesPerSecond">1 or more.</param>
    /// <param name="seed">Decides lengths and noise.</param>
    /// <param name="variation">By how many percent a frame is longer or shorter than the mean, at most: 0–100.</param>
    public SyntheticVp8(int bitrateKbps, int framesPerSecond, int seed, int variation = 50)
    {
        var mean = bitrateKbps * 125 / framesPerSecond;
        _shortest = mean - (int)(mean * (long)variation / 100);
        _longest = mean + (int)(mean * (long)variation / 100);
        _buffer = new byte[Math.Clamp((int)Math.Min(LongestFrame, (long)_longest * KeyframeFactor), ShortestFrame, LongestFrame)];
        _random = new Random(seed);
        _random.NextBytes(_buffer);
    }

    /// <summary>Makes the next frame; it is good until the one after it.</summary>
    public ReadOnlySpan<byte> Next(bool keyframe, FrameClock clock)
    {
        var length = _random.Next(_shortest, _longest + 1) * (keyframe ? KeyframeFactor : 1);
        var frame = _buffer.AsSpan(0, Math.Clamp(length, ShortestFrame, _buffer.Length));
        var head = keyframe ? Vp8FrameTag.KeyframeLength : Vp8FrameTag.Length;
        WriteTag(frame, keyframe, (frame.Length - head) / 2);
        clock.Write(frame[head..]);
        return frame;
    }

    private static void WriteTag(Span<byte> frame, bool keyframe, int partitionLength)
    {
        const int shown = 0x10;
        var tag = (keyframe ? 0 : 1) | shown | (partitionLength << 5);
        (frame[0], frame[1], frame[2]) = ((byte)tag, (byte)(tag >> 8), (byte)(tag >> 16));
        if (!keyframe) return;
        (frame[3], frame[4], frame[5]) = (0x9D, 0x01, 0x2A);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[6..], Width);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[8..], Height);
    }
}
