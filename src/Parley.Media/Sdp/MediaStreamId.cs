namespace Parley.Media.Sdp;

/// <summary>The MediaStream and track an m= line carries (a=msid, RFC 8830 §2).</summary>
/// <param name="Stream">The stream's id; `-` for none.</param>
/// <param name="Track">The track's id, or null.</param>
public sealed record MediaStreamId(string Stream, string? Track);
