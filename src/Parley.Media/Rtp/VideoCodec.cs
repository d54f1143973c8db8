namespace Parley.Media.Rtp;

/// <summary>The video codecs whose payloads Parley can read.</summary>
public enum VideoCodec : byte
{
    /// <summary>RFC 7741.</summary>
    Vp8,

    /// <summary>RFC 6184, packetization-mode 1.</summary>
    H264,

    /// <summary>RFC 9628.</summary>
    Vp9,

    /// <summary>The AV1 RTP payload format of the Alliance for Open Media.</summary>
    Av1,
}
