using Parley.Media.Rtp;

namespace Parley.Media.Sdp;

/// <summary>What one m= line came to. Of a rejected line only the first five are set.</summary>
public sealed record NegotiatedMedia
{
    /// <summary>The line's name; empty when a rejected line has none.</summary>
    public required string Mid { get; init; }

    /// <summary>Its place in the description, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>What it carries.</summary>
    public required MediaKind Kind { get; init; }

    /// <summary>Which of our lines it is (<see cref="SdpLine.Mid"/>); null for a line of the other side that we did not want.</summary>
    public string? Line { get; init; }

    /// <summary>Nothing flows: one side set port 0.</summary>
    public required bool Rejected { get; init; }

    /// <summary>What flows, seen by us: what both sides want.</summary>
    public MediaDirection Direction { get; init; } = MediaDirection.Inactive;

    /// <summary>The other side sends media to us.</summary>
    public bool SendsToUs => Direction.Receives();

    /// <summary>The other side takes media from us; <see cref="LocalSource"/> is set.</summary>
    public bool ReceivesFromUs => Direction.Sends();

    /// <summary>
    /// The codecs both sides know, in our order of preference, with our parameters and the feedback both sides take; empty only when
    /// rejected. Their numbers are the offerer's, used in both directions.
    /// </summary>
    public IReadOnlyList<RtpCodec> Codecs { get; init; } = [];

    /// <summary>The first of the codecs: what a browser sends, as it goes by the answer's order. Null only when rejected.</summary>
    public RtpCodec? Codec => Codecs.Count > 0 ? Codecs[0] : null;

    /// <summary>The payload type of <see cref="Codec"/>, 0–127.</summary>
    public byte PayloadType => Codec?.PayloadType ?? 0;

    /// <summary>The payload types of retransmissions (RFC 4588 §8.6), by those of the codecs.</summary>
    public IReadOnlyDictionary<byte, byte> RtxPayloadTypes { get; init; } = new Dictionary<byte, byte>();

    /// <summary>The simulcast layers the other side sends, as we take them, lowest quality first; empty without simulcast.</summary>
    public IReadOnlyList<RtpRid> Layers { get; init; } = [];

    /// <summary>Header extensions by name (<see cref="RtpExtensionUris"/>), as the other side may use them towards us.</summary>
    public IReadOnlyDictionary<string, byte> ReceiveExtensionIds { get; init; } = Empty;

    /// <summary>Header extensions by name, as we may use them towards the other side.</summary>
    public IReadOnlyDictionary<string, byte> SendExtensionIds { get; init; } = Empty;

    /// <summary>
    /// The other side's streams as announced, without repair streams. Empty when it announces none (Chromium with rids):
    /// then the mid header extension says whose a packet is.
    /// </summary>
    public IReadOnlyList<uint> RemoteSsrcs { get; init; } = [];

    /// <summary>Which announced stream repairs which other (RFC 5576 §4.2, FID).</summary>
    public IReadOnlyList<(uint Ssrc, uint Rtx)> RepairSsrcs { get; init; } = [];

    /// <summary>The RTCP canonical name of the other side's streams, or null when it announces none.</summary>
    public string? RemoteCname { get; init; }

    /// <summary>The MediaStream the other side's track belongs to, or null when it names none.</summary>
    public MediaStreamId? RemoteMsid { get; init; }

    /// <summary>Our stream; null unless <see cref="ReceivesFromUs"/>.</summary>
    public MediaSource? LocalSource { get; init; }

    private static readonly IReadOnlyDictionary<string, byte> Empty = new Dictionary<string, byte>();
}
