namespace Parley.Media.Sdp;

/// <summary>The one stream the server sends on an m= line.</summary>
/// <param name="Ssrc">Never 0, unique in the connection, the same in every answer.</param>
/// <param name="Cname">The same for all of the server's streams in one connection (RFC 7022 §4.2).</param>
/// <param name="Msid">
/// A MediaStream of its own for each m= line. Browsers delay the streams of one MediaStream to match each other; the mix and
/// the slots come from many clocks and must not be tied together.
/// </param>
public sealed record MediaSource(uint Ssrc, string Cname, MediaStreamId Msid);
