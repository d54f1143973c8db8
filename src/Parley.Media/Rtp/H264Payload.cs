using System.Buffers.Binary;

namespace Parley.Media.Rtp;

/// <summary>What a payload of H.264 in packetization mode 1 says of its frame (RFC 6184 §5.4: single NAL units, STAP-A, FU-A).</summary>
public readonly record struct H264Payload
{
    private const int NonIdrSlice = 1;
    private const int SequenceParameterSet = 7;
    private const int AccessUnitDelimiter = 9;
    private const int LastSingle = 23;
    private const int StapA = 24;
    private const int FuA = 28;

    /// <summary>
    /// Whether a sequence parameter set is in the payload: what a decoder needs first, and what WebRTC's encoders put before each IDR picture.
    /// </summary>
    public bool StartsKeyFrame { get; private init; }

    /// <summary>
    /// Whether a frame starts here: with a sequence parameter set, an access unit delimiter or a slice of the first macroblock. An IDR
    /// picture without its parameter sets does not count: they came in a packet before.
    /// </summary>
    public bool StartsFrame { get; private init; }

    /// <summary>The picture's width after cropping; 0 when not told here.</summary>
    public ushort Width { get; private init; }

    /// <summary>The picture's height after cropping; 0 when not told here.</summary>
    public ushort Height { get; private init; }

    /// <summary>Reads a payload; false when it is empty, is cut short, or has a NAL unit type of another mode.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out H264Payload h264)
    {
        h264 = default;
        if (payload.IsEmpty) return false;
        switch (payload[0] & 0x1F)
        {
            case >= 1 and <= LastSingle and var type:
                h264 = h264.With(type, payload[1..]);
                return true;
            case StapA:
                return TryParseAggregate(payload[1..], ref h264);
            case FuA when payload.Length > 1:
                // RFC 6184 §5.8: S says that the unit begins here, its type is in the FU header.
                if ((payload[1] & 0x80) != 0) h264 = h264.With(payload[1] & 0x1F, payload[2..]);
                return true;
            default:
                return false;
        }
    }

    private static bool TryParseAggregate(ReadOnlySpan<byte> units, ref H264Payload h264)
    {
        // RFC 6184 §5.7.1: each unit after its 16-bit size; at least one.
        do
        {
            if (!BinaryPrimitives.TryReadUInt16BigEndian(units, out var size) || size == 0 || size > units.Length - 2) return false;
            h264 = h264.With(units[2] & 0x1F, units[3..(2 + size)]);
            units = units[(2 + size)..];
        }
        while (!units.IsEmpty);
        return true;
    }

    private H264Payload With(int type, ReadOnlySpan<byte> unit)
    {
        if (type == SequenceParameterSet)
        {
            H264PictureSize.TryRead(unit, out var width, out var height);
            return new H264Payload { StartsKeyFrame = true, StartsFrame = true, Width = width, Height = height };
        }

        // first_mb_in_slice leads a slice (ITU-T H.264 §7.3.3) and is 0 when its first bit is set.
        var starts = type == AccessUnitDelimiter || type == NonIdrSlice && !unit.IsEmpty && (unit[0] & 0x80) != 0;
        return starts ? this with { StartsFrame = true } : this;
    }
}
