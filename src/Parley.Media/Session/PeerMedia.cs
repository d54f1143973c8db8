using Parley.Media.Ice;
using Parley.Media.Rtp;

namespace Parley.Media.Session;

/// <summary>What offer and answer settled for one connection, as the engine needs it.</summary>
/// <param name="Remote">The client's ICE credentials.</param>
/// <param name="Extensions">The ids of RTP header extensions, the same on all bundled m-lines (RFC 8843 §9.2).</param>
/// <param name="Audio">m-line 0: the microphone up and the mix down.</param>
/// <param name="Videos">m-lines 1 and 2: camera and screen.</param>
/// <param name="Slots">m-lines 3…: what the client sees.</param>
public sealed record PeerMedia(
    IceCredentials Remote,
    RtpExtensionMap Extensions,
    AudioLine? Audio,
    IReadOnlyList<VideoLine> Videos,
    IReadOnlyList<SlotLine> Slots);

/// <summary>The audio m-line.</summary>
/// <param name="Mid">Its identification tag.</param>
/// <param name="PayloadType">The payload type of Opus, both ways.</param>
/// <param name="Ssrcs">The SSRCs the client announced; may be empty, then the MID extension tells.</param>
/// <param name="SendSsrc">The SSRC of the mix.</param>
public sealed record AudioLine(string Mid, byte PayloadType, IReadOnlyList<uint> Ssrcs, uint SendSsrc);

/// <summary>An m-line the client sends video on.</summary>
/// <param name="Mid">Its identification tag.</param>
/// <param name="Kind">Camera or screen.</param>
/// <param name="Formats">What the client may send, in our order of preference; never empty.</param>
/// <param name="Rids">Its simulcast layers, lowest quality first; empty without simulcast.</param>
/// <param name="Ssrcs">The SSRCs the client announced, without those of retransmissions; may be empty, then the MID extension tells.</param>
/// <param name="RepairSsrcs">Which announced SSRC carries the retransmissions of which other (RFC 5576 §4.2, FID).</param>
public sealed record VideoLine(
    string Mid,
    VideoKind Kind,
    IReadOnlyList<VideoFormat> Formats,
    IReadOnlyList<string> Rids,
    IReadOnlyList<uint> Ssrcs,
    IReadOnlyList<(uint Ssrc, uint Rtx)> RepairSsrcs);

/// <summary>An m-line the client receives video on.</summary>
/// <param name="Mid">Its identification tag.</param>
/// <param name="Formats">What the client can receive there, in our order of preference; never empty.</param>
/// <param name="Ssrc">The SSRC we send with.</param>
/// <param name="RtxSsrc">The SSRC of our retransmissions; null when no format has a payload type for them.</param>
/// <param name="TransportCc">Whether packets carry transport-wide sequence numbers and the client reports on them.</param>
/// <param name="Nack">Whether the client asks for what is lost.</param>
public sealed record SlotLine(
    string Mid,
    IReadOnlyList<VideoFormat> Formats,
    uint Ssrc,
    uint? RtxSsrc,
    bool TransportCc,
    bool Nack);

/// <summary>What a slot shall show.</summary>
/// <param name="Mid">The slot's m-line.</param>
/// <param name="Source">Whose picture; null pauses the slot.</param>
/// <param name="Kind">Which of their pictures.</param>
/// <param name="Width">How wide the tile is, in its own pixels; 0 when the client does not say.</param>
/// <param name="Height">How high it is.</param>
/// <param name="Pinned">The person chose this tile themself: it is given up late.</param>
public readonly record struct SlotWish(string Mid, PeerConnection? Source, VideoKind Kind, int Width = 0, int Height = 0, bool Pinned = false);
