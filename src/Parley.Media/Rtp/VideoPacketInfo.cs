namespace Parley.Media.Rtp;

/// <summary>What a forwarder needs to know of a packet, whatever the codec. A field that the packet does not tell is 0 or false.</summary>
public readonly record struct VideoPacketInfo
{
    /// <summary>The highest temporal layer there is in any codec.</summary>
    public const byte MaxTemporalId = 7;

    /// <summary>The packet is the first of a keyframe: a decoder that has nothing can begin here.</summary>
    public bool StartsKeyFrame { get; init; }

    /// <summary>The packet is the first of a frame, of one spatial layer where there are several.</summary>
    public bool StartsFrame { get; init; }

    /// <summary>
    /// The packet is the last of a frame, of one spatial layer where there are several; the RTP marker says the last of all of them
    /// (RFC 9628 §4.1).
    /// </summary>
    public bool EndsFrame { get; init; }

    /// <summary>The temporal layer, 0 the lowest.</summary>
    public byte TemporalId { get; init; }

    /// <summary>The spatial layer within the stream, 0 the lowest; always 0 in simulcast.</summary>
    public byte SpatialId { get; init; }

    /// <summary>The highest temporal layer that the frame lets switch to; 0 when none but the lowest. See <see cref="Follow"/>.</summary>
    public byte SwitchUpTo { get; init; }

    /// <summary>Whether there is a picture id to rewrite.</summary>
    public bool HasPictureId { get; init; }

    /// <summary>Whether it has 15 bits instead of 7.</summary>
    public bool HasLongPictureId { get; init; }

    /// <summary>The picture id.</summary>
    public ushort PictureId { get; init; }

    /// <summary>Whether there is a TL0PICIDX to rewrite.</summary>
    public bool HasTl0PicIdx { get; init; }

    /// <summary>The running index of frames of the lowest temporal layer.</summary>
    public byte Tl0PicIdx { get; init; }

    /// <summary>The pictures' width from this keyframe on, of the highest spatial layer; 0 unless told.</summary>
    public ushort Width { get; init; }

    /// <summary>Their height; 0 unless told.</summary>
    public ushort Height { get; init; }

    /// <summary>
    /// The temporal layer to follow from this frame on. Downwards one may go at any frame, upwards where the frame allows it; VP8 allows it
    /// one layer at a time, as its sync bit speaks of the frame's own layer only (RFC 7741 §4.2).
    /// </summary>
    /// <param name="current">The layer that is followed.</param>
    /// <param name="wanted">The layer that should be.</param>
    public byte Follow(byte current, byte wanted) =>
        wanted > current && (SwitchUpTo <= current || TemporalId > current + 1) ? current : Math.Min(wanted, Math.Max(current, SwitchUpTo));
}
