using Parley.Media.Rtp;

namespace Parley.Media.Sdp;

/// <summary>What one m= line came to. Of a rejected line only the first four are set.</summary>
public sealed record NegotiatedMedia
{
    /// <summary>The line's name; empty when a rejected line has none.</summary>
    public required string Mid { get; init; }

    /// <summary>Its place in the description, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>What it carries.</summary>
    public required MediaKind Kind { get; init; }

    /// <summary>Nothing flows: the client or we set port 0.</summary>
    public required bool Rejected { get; init; }

    /// <summary>The client sends media to us.</summary>
    public bool SendsToUs { get; init; }

    /// <summary>The client takes media from us; <see cref="LocalSource"/> is set.</summary>
    public bool ReceivesFromUs { get; init; }

    /// <summary>0–127, the client's number, used in both directions.</summary>
    public byte PayloadType { get; init; }

    /// <summary>The codec as answered; null only when rejected.</summary>
    public RtpCodec? Codec { get; init; }

    /// <summary>Header extensions by name (<see cref="RtpExtensionUris"/>), as the client may use them towards us.</summary>
    public IReadOnlyDictionary<string, byte> ReceiveExtensionIds { get; init; } = Empty;

    /// <summary>Header extensions by name, as we may use them towards the client.</summary>
    public IReadOnlyDictionary<string, byte> SendExtensionIds { get; init; } = Empty;

    /// <summary>
    /// The client's streams as announced, without repair streams. Empty when it announces none (Chromium with rids):
    /// then the mid header extension says whose a packet is.
    /// </summary>
    public IReadOnlyList<uint> RemoteSsrcs { get; init; } = [];

    /// <summary>Our stream; null unless <see cref="ReceivesFromUs"/>.</summary>
    public MediaSource? LocalSource { get; init; }

    private static readonly IReadOnlyDictionary<string, byte> Empty = new Dictionary<string, byte>();
}
