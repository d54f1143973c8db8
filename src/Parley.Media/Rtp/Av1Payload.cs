namespace Parley.Media.Rtp;

/// <summary>
/// What a payload of AV1 says of its frame ("RTP Payload Format For AV1" of the Alliance for Open Media, v1.0, §4.4: the aggregation
/// header; §4.5: OBU elements).
/// </summary>
public readonly record struct Av1Payload
{
    private const int SequenceHeader = 1;
    private const int TileGroup = 4;
    private const int Metadata = 5;
    private const int TemporalDelimiter = 2;

    /// <summary>N: the packet is the first of a coded video sequence, which begins with a keyframe.</summary>
    public bool StartsKeyFrame { get; private init; }

    /// <summary>
    /// Whether a frame starts here, as far as one packet tells: it begins with an OBU that is no group of tiles. Only the dependency
    /// descriptor knows for certain.
    /// </summary>
    public bool StartsFrame { get; private init; }

    /// <summary>The temporal layer of the first OBU that has one, else 0.</summary>
    public byte TemporalId { get; private init; }

    /// <summary>The spatial layer of the first OBU that has one, else 0.</summary>
    public byte SpatialId { get; private init; }

    /// <summary>The largest width of the sequence; 0 when not told here.</summary>
    public ushort Width { get; private init; }

    /// <summary>The largest height of the sequence; 0 when not told here.</summary>
    public ushort Height { get; private init; }

    /// <summary>Reads a payload; false when it is empty, or an element reaches past the end.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out Av1Payload av1)
    {
        av1 = default;
        if (payload.Length < 2) return false;
        var header = payload[0];
        var continues = (header & 0x80) != 0;
        var count = header >> 4 & 0x03;
        av1 = new Av1Payload { StartsKeyFrame = (header & 0x08) != 0 && !continues };
        var rest = payload[1..];
        for (var index = 1; !rest.IsEmpty; index++)
        {
            if (!TryTakeElement(ref rest, isLast: index == count, out var element)) return false;
            if (index == 1 && continues) continue;
            if (!av1.Add(element, isFirst: index == 1, out av1)) break;
        }

        return true;
    }

    /// <summary>§4.4: with W = 0 each element has its length before it, else the last of W has none.</summary>
    private static bool TryTakeElement(ref ReadOnlySpan<byte> rest, bool isLast, out ReadOnlySpan<byte> element)
    {
        element = rest;
        if (isLast)
        {
            rest = [];
            return true;
        }

        if (!Leb128.TryRead(ref rest, out var length) || length > (uint)rest.Length) return false;
        element = rest[..(int)length];
        rest = rest[(int)length..];
        return true;
    }

    /// <summary>Takes in what an OBU says; false when nothing behind it is of interest. Its header: AV1 bitstream specification §5.3.2.</summary>
    private bool Add(ReadOnlySpan<byte> obu, bool isFirst, out Av1Payload av1)
    {
        av1 = this;
        if (obu.IsEmpty) return true;
        var type = obu[0] >> 3 & 0x0F;
        var hasExtension = (obu[0] & 0x04) != 0;
        var hasSize = (obu[0] & 0x02) != 0;
        if (isFirst) av1 = av1 with { StartsFrame = type != TileGroup };
        if (hasExtension && obu.Length > 1) av1 = av1 with { TemporalId = (byte)(obu[1] >> 5), SpatialId = (byte)(obu[1] >> 3 & 0x03) };
        if (type == SequenceHeader)
        {
            var data = obu[Math.Min(hasExtension ? 2 : 1, obu.Length)..];
            if (!hasSize || Leb128.TryRead(ref data, out _))
            {
                Av1PictureSize.TryRead(data, out var width, out var height);
                av1 = av1 with { Width = width, Height = height };
            }
        }

        return type is SequenceHeader or Metadata or TemporalDelimiter && !hasExtension;
    }
}
