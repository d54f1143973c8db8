using System.Buffers.Binary;

namespace Parley.Media.Rtp;

/// <summary>The VP9 payload descriptor (RFC 9628 §4.2). A field whose Has… flag is false is 0.</summary>
public readonly record struct Vp9PayloadDescriptor
{
    /// <summary>RFC 9628 §4.2: a layer frame refers to at most three others in flexible mode.</summary>
    private const int MaxReferences = 3;

    /// <summary>I: whether there is a picture id.</summary>
    public bool HasPictureId { get; private init; }

    /// <summary>M: whether the picture id has 15 bits instead of 7.</summary>
    public bool HasLongPictureId { get; private init; }

    /// <summary>The picture id, the same on all layer frames of a picture.</summary>
    public ushort PictureId { get; private init; }

    /// <summary>P: the layer frame refers to earlier pictures.</summary>
    public bool IsInterPicturePredicted { get; private init; }

    /// <summary>L: whether there are layer indices.</summary>
    public bool HasLayers { get; private init; }

    /// <summary>F: references are told by frame, and there is no TL0PICIDX.</summary>
    public bool IsFlexible { get; private init; }

    /// <summary>B: the packet is the first of a layer frame.</summary>
    public bool StartsFrame { get; private init; }

    /// <summary>E: the packet is the last of a layer frame.</summary>
    public bool EndsFrame { get; private init; }

    /// <summary>TID: the temporal layer, 0–7.</summary>
    public byte Tid { get; private init; }

    /// <summary>U: higher temporal layers may be switched to at this picture.</summary>
    public bool SwitchingUpPoint { get; private init; }

    /// <summary>SID: the spatial layer, 0–7.</summary>
    public byte Sid { get; private init; }

    /// <summary>Whether there is a TL0PICIDX.</summary>
    public bool HasTl0PicIdx => HasLayers && !IsFlexible;

    /// <summary>TL0PICIDX: the running index of pictures of the lowest temporal layer.</summary>
    public byte Tl0PicIdx { get; private init; }

    /// <summary>Width of the highest spatial layer as the scalability structure has it; 0 when not told here.</summary>
    public ushort Width { get; private init; }

    /// <summary>Its height.</summary>
    public ushort Height { get; private init; }

    /// <summary>Bytes of the descriptor; the VP9 data follows.</summary>
    public int Length { get; private init; }

    /// <summary>Whether the packet starts a key picture: the lowest spatial layer of one that refers to nothing.</summary>
    public bool StartsKeyFrame => StartsFrame && !IsInterPicturePredicted && Sid == 0;

    /// <summary>Reads the descriptor at the start of a payload; false when the payload ends within it, or it says more than it may.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out Vp9PayloadDescriptor d)
    {
        d = default;
        if (payload.IsEmpty) return false;
        var first = payload[0];
        var reader = new BitReader(payload[1..]);
        var length = 1;
        var hasPictureId = (first & 0x80) != 0;
        var isPredicted = (first & 0x40) != 0;
        var hasLayers = (first & 0x20) != 0;
        var isFlexible = (first & 0x10) != 0;

        var isLong = hasPictureId && reader.ReadFlag();
        var pictureId = hasPictureId ? (ushort)reader.Read(isLong ? 15 : 7) : (ushort)0;
        length += hasPictureId ? isLong ? 2 : 1 : 0;

        var layers = hasLayers ? reader.Read(8) : 0;
        var tl0PicIdx = hasLayers && !isFlexible ? (byte)reader.Read(8) : (byte)0;
        length += hasLayers ? isFlexible ? 1 : 2 : 0;

        for (var references = isFlexible && isPredicted ? 1 : 0; references > 0; references++)
        {
            length++;
            if ((reader.Read(8) & 1) == 0) break;
            if (references == MaxReferences) return false;
        }

        var (width, height) = ((ushort)0, (ushort)0);
        if ((first & 0x02) != 0) length += ReadStructure(ref reader, out width, out height);
        if (reader.IsPastEnd) return false;
        d = new Vp9PayloadDescriptor
        {
            HasPictureId = hasPictureId,
            HasLongPictureId = isLong,
            PictureId = pictureId,
            IsInterPicturePredicted = isPredicted,
            HasLayers = hasLayers,
            IsFlexible = isFlexible,
            StartsFrame = (first & 0x08) != 0,
            EndsFrame = (first & 0x04) != 0,
            Tid = (byte)(layers >> 5),
            SwitchingUpPoint = (layers & 0x10) != 0,
            Sid = (byte)(layers >> 1 & 0x07),
            Tl0PicIdx = tl0PicIdx,
            Width = width,
            Height = height,
            Length = length,
        };
        return true;
    }

    /// <summary>
    /// Patches the picture id and TL0PICIDX of a payload that <paramref name="d"/> was parsed from. Sizes stay: a 7-bit
    /// picture id takes the low 7 bits, a 15-bit one the low 15; a field that is not there is left out.
    /// </summary>
    public static void Rewrite(Span<byte> payload, in Vp9PayloadDescriptor d, ushort pictureId, byte tl0PicIdx)
    {
        var position = 1;
        if (d.HasLongPictureId)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload[position..], (ushort)(0x8000 | pictureId));
            position += 2;
        }
        else if (d.HasPictureId)
        {
            payload[position++] = (byte)(pictureId & 0x7F);
        }

        // Behind the byte of layer indices.
        if (d.HasTl0PicIdx) payload[position + 1] = tl0PicIdx;
    }

    /// <summary>The scalability structure (RFC 9628 §4.2.1); returns its length.</summary>
    private static int ReadStructure(ref BitReader reader, out ushort width, out ushort height)
    {
        (width, height) = (0, 0);
        var head = reader.Read(8);
        var length = 1;
        var layers = (int)(head >> 5) + 1;
        if ((head & 0x10) != 0)
        {
            for (var i = 0; i < layers; i++)
            {
                width = (ushort)reader.Read(16);
                height = (ushort)reader.Read(16);
            }

            length += layers * 4;
        }

        if ((head & 0x08) == 0) return length;
        var pictures = reader.Read(8);
        length++;
        for (var i = 0; i < pictures && !reader.IsPastEnd; i++)
        {
            var references = (int)(reader.Read(8) >> 2 & 0x03);
            reader.Read(references * 8);
            length += 1 + references;
        }

        return length;
    }
}
