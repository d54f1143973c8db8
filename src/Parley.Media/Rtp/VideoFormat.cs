namespace Parley.Media.Rtp;

/// <summary>A video codec as both sides settled it on a line.</summary>
/// <param name="Codec">Which.</param>
/// <param name="PayloadType">Its number, both ways.</param>
/// <param name="RtxPayloadType">The number of its retransmissions (RFC 4588 §8.6); null when they are no stream of their own.</param>
public sealed record VideoFormat(VideoCodec Codec, byte PayloadType, byte? RtxPayloadType);
