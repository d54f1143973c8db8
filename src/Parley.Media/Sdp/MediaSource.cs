namespace Parley.Media.Sdp;

/// <summary>The one stream we send on an m= line.</summary>
/// <param name="Ssrc">Never 0, unique in the connection, the same in every description.</param>
/// <param name="Cname">The same for all of our streams in one connection (RFC 7022 §4.2).</param>
/// <param name="Msid">
/// A MediaStream of its own for each m= line, unless the line says otherwise. Browsers delay the streams of one MediaStream to
/// match each other; the mix and the slots come from many clocks and must not be tied together.
/// </param>
public sealed record MediaSource(uint Ssrc, string Cname, MediaStreamId Msid)
{
    /// <summary>The stream of its retransmissions; null when it has none.</summary>
    public uint? RtxSsrc { get; init; }
}
