using System.Buffers.Binary;

namespace Parley.Media.Video;

/// <summary>The uncompressed head of an encoded VP8 frame (RFC 6386 §9.1): three bytes, ten for a keyframe.</summary>
public readonly record struct Vp8FrameTag
{
    /// <summary>Bytes of the head of a frame that is no keyframe.</summary>
    public const int Length = 3;

    /// <summary>Bytes of the head of a keyframe: the tag, the start code, the sizes.</summary>
    public const int KeyframeLength = 10;

    /// <summary>Whether a decoder may begin here.</summary>
    public bool IsKeyframe { get; private init; }

    /// <summary>The bitstream's version, 0–3 in what RFC 6386 knows.</summary>
    public byte Version { get; private init; }

    /// <summary>Whether the frame is to be seen, or only referred to.</summary>
    public bool IsShown { get; private init; }

    /// <summary>Bytes of the first partition, 0–524,287.</summary>
    public int FirstPartitionLength { get; private init; }

    /// <summary>Width in pixels, 0–16,383; 0 when this is no keyframe.</summary>
    public ushort Width { get; private init; }

    /// <summary>Height in pixels, 0–16,383; 0 when this is no keyframe.</summary>
    public ushort Height { get; private init; }

    /// <summary>
    /// Reads the head of a whole frame. False when the frame ends within it, when the first partition reaches past the end,
    /// when a keyframe lacks its start code or has no size: none of these can be decoded.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> frame, out Vp8FrameTag tag)
    {
        tag = default;
        if (frame.Length < Length) return false;
        var bits = frame[0] | (frame[1] << 8) | (frame[2] << 16);
        var isKeyframe = (bits & 1) == 0;
        var headLength = isKeyframe ? KeyframeLength : Length;
        var partition = bits >> 5;
        if (frame.Length < headLength || partition > frame.Length - headLength) return false;
        ushort width = 0;
        ushort height = 0;
        if (isKeyframe)
        {
            // The sizes are 14 bits; the two above each ask the viewer to scale, which nobody does.
            width = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(frame[6..]) & 0x3FFF);
            height = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(frame[8..]) & 0x3FFF);
            if (frame[3] != 0x9D || frame[4] != 0x01 || frame[5] != 0x2A || width == 0 || height == 0) return false;
        }

        tag = new Vp8FrameTag
        {
            IsKeyframe = isKeyframe,
            Version = (byte)((bits >> 1) & 7),
            IsShown = (bits & 0x10) != 0,
            FirstPartitionLength = partition,
            Width = width,
            Height = height,
        };
        return true;
    }
}
