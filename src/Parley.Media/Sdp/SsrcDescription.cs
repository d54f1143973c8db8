namespace Parley.Media.Sdp;

/// <summary>One announced stream (a=ssrc, RFC 5576 §4.1).</summary>
/// <param name="Ssrc">Its synchronization source.</param>
/// <param name="Cname">Its RTCP canonical name, or null.</param>
/// <param name="Msid">Stream and track as written, or null; the older form of a=msid.</param>
public sealed record SsrcDescription(uint Ssrc, string? Cname, string? Msid);
