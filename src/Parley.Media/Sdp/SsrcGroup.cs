namespace Parley.Media.Sdp;

/// <summary>Streams that belong together (a=ssrc-group, RFC 5576 §4.2): `FID` is a stream and its retransmissions.</summary>
public sealed record SsrcGroup(string Semantics, IReadOnlyList<uint> Ssrcs);
