namespace Parley.Media.Rtp;

/// <summary>One way to look into packets of all video codecs, and to renumber their pictures.</summary>
public static class VideoPacketReader
{
    /// <summary>
    /// Reads a packet. False when its payload is none of the codec: it is broken, or empty because the packet is padding.
    /// </summary>
    /// <param name="codec">What its payload type means.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="dependencyDescriptorId">The id of the header extension; 0 when it was not negotiated.</param>
    /// <param name="structure">The stream's own, which the packets before have filled.</param>
    /// <param name="info">What it says.</param>
    public static bool TryRead(
        VideoCodec codec,
        in RtpPacket packet,
        byte dependencyDescriptorId,
        DependencyStructure structure,
        out VideoPacketInfo info)
    {
        var isRead = codec switch
        {
            VideoCodec.Vp8 => TryReadVp8(in packet, out info),
            VideoCodec.H264 => TryReadH264(in packet, out info),
            VideoCodec.Vp9 => TryReadVp9(in packet, out info),
            _ => TryReadAv1(in packet, out info),
        };
        if (!isRead) return false;

        // It knows frames and layers best: of H.264 the payload does not tell its layers at all, and Chromium leaves picture id and layer out
        // of VP8's payload where there is a descriptor.
        if (packet.TryGetExtension(dependencyDescriptorId, out var value) && DependencyDescriptor.TryRead(value, structure, out var descriptor))
        {
            info = info with
            {
                StartsFrame = descriptor.StartsFrame,
                EndsFrame = descriptor.EndsFrame,
                TemporalId = descriptor.TemporalId,
                SpatialId = descriptor.SpatialId,
                SwitchUpTo = descriptor.SwitchUpTo,
            };
        }

        return true;
    }

    /// <summary>
    /// Moves the numbers of a payload on: VP8's and VP9's picture id and TL0PICIDX, each where it is there and in the bits it has. H.264 and
    /// AV1 have none.
    /// </summary>
    public static void Renumber(VideoCodec codec, Span<byte> payload, ushort pictureIdOffset, byte tl0PicIdxOffset)
    {
        if (codec == VideoCodec.Vp8)
        {
            Vp8PayloadDescriptor.Renumber(payload, pictureIdOffset, tl0PicIdxOffset);
        }
        else if (codec == VideoCodec.Vp9 && Vp9PayloadDescriptor.TryParse(payload, out var vp9))
        {
            Vp9PayloadDescriptor.Rewrite(payload, in vp9, (ushort)((vp9.PictureId + pictureIdOffset) & 0x7FFF), (byte)(vp9.Tl0PicIdx + tl0PicIdxOffset));
        }
    }

    private static bool TryReadVp8(in RtpPacket packet, out VideoPacketInfo info)
    {
        info = default;
        if (!Vp8PayloadDescriptor.TryParse(packet.Payload, out var vp8)) return false;
        info = new VideoPacketInfo
        {
            StartsKeyFrame = vp8.IsKeyFrame,
            StartsFrame = vp8.StartsFrame,
            EndsFrame = packet.Marker,
            TemporalId = vp8.Tid,
            SwitchUpTo = vp8.IsKeyFrame ? VideoPacketInfo.MaxTemporalId : vp8.LayerSync ? vp8.Tid : (byte)0,
            HasPictureId = vp8.HasPictureId,
            HasLongPictureId = vp8.HasLongPictureId,
            PictureId = vp8.PictureId,
            HasTl0PicIdx = vp8.HasTl0PicIdx,
            Tl0PicIdx = vp8.Tl0PicIdx,
            Width = vp8.Width,
            Height = vp8.Height,
        };
        return true;
    }

    private static bool TryReadVp9(in RtpPacket packet, out VideoPacketInfo info)
    {
        info = default;
        if (!Vp9PayloadDescriptor.TryParse(packet.Payload, out var vp9)) return false;
        info = new VideoPacketInfo
        {
            StartsKeyFrame = vp9.StartsKeyFrame,
            StartsFrame = vp9.StartsFrame,
            EndsFrame = vp9.EndsFrame,
            TemporalId = vp9.Tid,
            SpatialId = vp9.Sid,

            // RFC 9628 §4.2: U frees the layers above the frame's own of what was before; of its own it says nothing.
            SwitchUpTo = vp9.StartsKeyFrame || vp9.SwitchingUpPoint && vp9.Tid == 0 ? VideoPacketInfo.MaxTemporalId : (byte)0,
            HasPictureId = vp9.HasPictureId,
            HasLongPictureId = vp9.HasLongPictureId,
            PictureId = vp9.PictureId,
            HasTl0PicIdx = vp9.HasTl0PicIdx,
            Tl0PicIdx = vp9.Tl0PicIdx,
            Width = vp9.Width,
            Height = vp9.Height,
        };
        return true;
    }

    private static bool TryReadH264(in RtpPacket packet, out VideoPacketInfo info)
    {
        info = default;
        if (!H264Payload.TryParse(packet.Payload, out var h264)) return false;
        info = new VideoPacketInfo
        {
            StartsKeyFrame = h264.StartsKeyFrame,
            StartsFrame = h264.StartsFrame,
            EndsFrame = packet.Marker,
            SwitchUpTo = h264.StartsKeyFrame ? VideoPacketInfo.MaxTemporalId : (byte)0,
            Width = h264.Width,
            Height = h264.Height,
        };
        return true;
    }

    private static bool TryReadAv1(in RtpPacket packet, out VideoPacketInfo info)
    {
        info = default;
        if (!Av1Payload.TryParse(packet.Payload, out var av1)) return false;
        info = new VideoPacketInfo
        {
            StartsKeyFrame = av1.StartsKeyFrame,
            StartsFrame = av1.StartsFrame,
            EndsFrame = packet.Marker,
            SwitchUpTo = av1.StartsKeyFrame ? VideoPacketInfo.MaxTemporalId : (byte)0,
            TemporalId = av1.TemporalId,
            SpatialId = av1.SpatialId,
            Width = av1.Width,
            Height = av1.Height,
        };
        return true;
    }
}
