using System.Buffers.Binary;

namespace Parley.Media.Rtp;

/// <summary>
/// The VP8 payload descriptor (RFC 7741 §4.2) and what the payload header behind it (§4.3) says of a key frame. A field
/// whose Has… flag is false is 0.
/// </summary>
public readonly record struct Vp8PayloadDescriptor
{
    /// <summary>The longest descriptor: all extensions with a 15-bit picture id.</summary>
    public const int MaxLength = 6;

    /// <summary>X: whether the extension byte is there (implied by any Has… flag when writing).</summary>
    public bool IsExtended { get; init; }

    /// <summary>N: no other frame refers to this one, so it may be dropped.</summary>
    public bool NonReference { get; init; }

    /// <summary>S: this packet starts a partition.</summary>
    public bool StartsPartition { get; init; }

    /// <summary>PID: the partition, 0–7.</summary>
    public byte PartitionId { get; init; }

    /// <summary>I: whether there is a picture id.</summary>
    public bool HasPictureId { get; init; }

    /// <summary>M: whether the picture id has 15 bits instead of 7.</summary>
    public bool HasLongPictureId { get; init; }

    /// <summary>The picture id, 0–127 or 0–32,767.</summary>
    public ushort PictureId { get; init; }

    /// <summary>L: whether there is a TL0PICIDX.</summary>
    public bool HasTl0PicIdx { get; init; }

    /// <summary>TL0PICIDX: the running index of base-layer frames.</summary>
    public byte Tl0PicIdx { get; init; }

    /// <summary>T: whether there is a temporal layer index.</summary>
    public bool HasTid { get; init; }

    /// <summary>TID: the temporal layer, 0–3.</summary>
    public byte Tid { get; init; }

    /// <summary>Y: the frame depends on the base layer only, so one may switch up to its layer here.</summary>
    public bool LayerSync { get; init; }

    /// <summary>K: whether there is a KEYIDX.</summary>
    public bool HasKeyIdx { get; init; }

    /// <summary>KEYIDX, 0–31.</summary>
    public byte KeyIdx { get; init; }

    /// <summary>Bytes of the descriptor as parsed, 1–6; the VP8 data follows.</summary>
    public int Length { get; private init; }

    /// <summary>Whether this packet starts a key frame: S = 1, PID = 0 and the payload header's P bit is 0.</summary>
    public bool IsKeyFrame { get; private init; }

    /// <summary>Width in pixels of a key frame that starts here, before scaling; 0 when not known.</summary>
    public ushort Width { get; private init; }

    /// <summary>Height in pixels of a key frame that starts here, before scaling; 0 when not known.</summary>
    public ushort Height { get; private init; }

    /// <summary>Whether this packet starts a frame: S = 1 and PID = 0.</summary>
    public bool StartsFrame => StartsPartition && PartitionId == 0;

    /// <summary>Reads the descriptor at the start of a payload; false when the payload ends within it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out Vp8PayloadDescriptor d)
    {
        d = default;
        if (payload.IsEmpty)
        {
            return false;
        }

        var first = payload[0];
        var position = 1;
        byte bits = 0;
        if ((first & 0x80) != 0)
        {
            if (payload.Length < 2)
            {
                return false;
            }

            bits = payload[1];
            position = 2;
        }

        var hasPictureId = (bits & 0x80) != 0;
        var hasTl0PicIdx = (bits & 0x40) != 0;
        var hasTid = (bits & 0x20) != 0;
        var hasKeyIdx = (bits & 0x10) != 0;
        var isLong = hasPictureId && payload.Length > position && (payload[position] & 0x80) != 0;
        var length = position + (hasPictureId ? 1 : 0) + (isLong ? 1 : 0) + (hasTl0PicIdx ? 1 : 0) + (hasTid || hasKeyIdx ? 1 : 0);
        if (payload.Length < length)
        {
            return false;
        }

        ushort pictureId = 0;
        if (hasPictureId)
        {
            pictureId = isLong ? (ushort)(BinaryPrimitives.ReadUInt16BigEndian(payload[position..]) & 0x7FFF) : payload[position];
            position += isLong ? 2 : 1;
        }

        var tl0PicIdx = hasTl0PicIdx ? payload[position++] : (byte)0;
        var layers = hasTid || hasKeyIdx ? payload[position] : (byte)0;
        var startsFrame = (first & 0x17) == 0x10;
        var data = payload[length..];
        var isKeyFrame = startsFrame && data.Length > 0 && (data[0] & 0x01) == 0;

        // RFC 6386 §9.1: a key frame's three-byte tag is followed by a start code and 14-bit sizes, scaling bits on top.
        var hasSize = isKeyFrame && data.Length >= 10 && data[3] == 0x9D && data[4] == 0x01 && data[5] == 0x2A;
        d = new Vp8PayloadDescriptor
        {
            IsExtended = (first & 0x80) != 0,
            NonReference = (first & 0x20) != 0,
            StartsPartition = (first & 0x10) != 0,
            PartitionId = (byte)(first & 0x07),
            HasPictureId = hasPictureId,
            HasLongPictureId = isLong,
            PictureId = pictureId,
            HasTl0PicIdx = hasTl0PicIdx,
            Tl0PicIdx = tl0PicIdx,
            HasTid = hasTid,
            Tid = hasTid ? (byte)(layers >> 6) : (byte)0,
            LayerSync = hasTid && (layers & 0x20) != 0,
            HasKeyIdx = hasKeyIdx,
            KeyIdx = hasKeyIdx ? (byte)(layers & 0x1F) : (byte)0,
            Length = length,
            IsKeyFrame = isKeyFrame,
            Width = hasSize ? (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF) : (ushort)0,
            Height = hasSize ? (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF) : (ushort)0,
        };
        return true;
    }

    /// <summary>
    /// Patches the picture id and TL0PICIDX of a payload that <paramref name="d"/> was parsed from. Sizes stay: a 7-bit
    /// picture id takes the low 7 bits, a 15-bit one the low 15; a field that is not there is left out.
    /// </summary>
    public static void Rewrite(Span<byte> payload, in Vp8PayloadDescriptor d, ushort pictureId, byte tl0PicIdx)
    {
        var position = 2;
        if (d.HasPictureId)
        {
            if (d.HasLongPictureId)
            {
                BinaryPrimitives.WriteUInt16BigEndian(payload[position..], (ushort)(0x8000 | pictureId));
                position += 2;
            }
            else
            {
                payload[position++] = (byte)(pictureId & 0x7F);
            }
        }

        if (d.HasTl0PicIdx)
        {
            payload[position] = tl0PicIdx;
        }
    }

    /// <summary>
    /// Moves picture id and TL0PICIDX of a payload on, each where it is there and in the bits it has; a payload that ends within its descriptor
    /// stays as it is. Once per packet and viewer: what it does not change it does not read.
    /// </summary>
    public static void Renumber(Span<byte> payload, ushort pictureIdOffset, byte tl0PicIdxOffset)
    {
        if (payload.Length < 2 || (payload[0] & 0x80) == 0) return;
        var bits = payload[1];
        var position = 2;
        if ((bits & 0x80) != 0)
        {
            if (payload.Length < 3) return;
            var isLong = (payload[2] & 0x80) != 0;
            position = isLong ? 4 : 3;
        }

        var tl0PicIdx = position;
        if ((bits & 0x40) != 0) position++;
        if ((bits & 0x30) != 0) position++;
        if (payload.Length < position) return;
        if ((bits & 0x80) != 0)
        {
            if (tl0PicIdx == 4) BinaryPrimitives.WriteUInt16BigEndian(payload[2..], (ushort)(BinaryPrimitives.ReadUInt16BigEndian(payload[2..]) + pictureIdOffset | 0x8000));
            else payload[2] = (byte)(payload[2] + pictureIdOffset & 0x7F);
        }

        if ((bits & 0x40) != 0) payload[tl0PicIdx] += tl0PicIdxOffset;
    }

    /// <summary>Writes the descriptor; returns its length, 1–6. The destination has <see cref="MaxLength"/> bytes.</summary>
    public int Write(Span<byte> destination)
    {
        var isExtended = IsExtended || HasPictureId || HasTl0PicIdx || HasTid || HasKeyIdx;
        destination[0] = (byte)((isExtended ? 0x80 : 0) | (NonReference ? 0x20 : 0) | (StartsPartition ? 0x10 : 0) | (PartitionId & 0x07));
        if (!isExtended)
        {
            return 1;
        }

        destination[1] = (byte)((HasPictureId ? 0x80 : 0) | (HasTl0PicIdx ? 0x40 : 0) | (HasTid ? 0x20 : 0) | (HasKeyIdx ? 0x10 : 0));
        Rewrite(destination, this, PictureId, Tl0PicIdx);
        var length = 2 + (HasPictureId ? HasLongPictureId ? 2 : 1 : 0) + (HasTl0PicIdx ? 1 : 0);
        if (HasTid || HasKeyIdx)
        {
            destination[length++] = (byte)((HasTid ? Tid << 6 | (LayerSync ? 0x20 : 0) : 0) | (HasKeyIdx ? KeyIdx & 0x1F : 0));
        }

        return length;
    }
}
