namespace Parley.Media.Sdp;

/// <summary>
/// One m= section (RFC 8866 §5.14). Transport attributes written for the whole session are already filled in here.
/// Attributes that WebRTC does not use are not kept.
/// </summary>
public sealed record MediaDescription
{
    /// <summary>The line of the description it starts at, from 1; 0 when it was not parsed. Not part of what is written.</summary>
    public int Line { get; init; }

    /// <summary>The media type as written: `audio`, `video`, `application`, …</summary>
    public required string Media { get; init; }

    /// <summary>The media type.</summary>
    public MediaKind Kind => Media switch { "audio" => MediaKind.Audio, "video" => MediaKind.Video, _ => MediaKind.Other };

    /// <summary>0–65535. 0 means rejected, unless <see cref="BundleOnly"/>.</summary>
    public required int Port { get; init; }

    /// <summary>For example `UDP/TLS/RTP/SAVPF`.</summary>
    public required string Protocol { get; init; }

    /// <summary>Payload types in order of preference, or names for other protocols than RTP. Never empty.</summary>
    public required IReadOnlyList<string> Formats { get; init; }

    /// <summary>The section's name (RFC 5888 §4), at most <see cref="SdpLimits.MidLength"/> characters.</summary>
    public string? Mid { get; init; }

    /// <summary>Seen by the writer; `sendrecv` when not written.</summary>
    public MediaDirection Direction { get; init; }

    /// <summary>RFC 8839 §5.4: 4–256 characters.</summary>
    public string? IceUfrag { get; init; }

    /// <summary>RFC 8839 §5.4: 22–256 characters.</summary>
    public string? IcePwd { get; init; }

    /// <summary>RFC 8839 §5.6, for example `trickle`.</summary>
    public IReadOnlyList<string> IceOptions { get; init; } = [];

    /// <summary>Values that begin with `candidate:` (RFC 8839 §5.1), as written.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>No more candidates will come (RFC 8840 §8.2).</summary>
    public bool EndOfCandidates { get; init; }

    /// <summary>Hashes of the writer's certificate.</summary>
    public IReadOnlyList<Fingerprint> Fingerprints { get; init; } = [];

    /// <summary>Who starts DTLS; null when not written.</summary>
    public DtlsSetup? Setup { get; init; }

    /// <summary>RTP and RTCP on one port (RFC 5761).</summary>
    public bool RtcpMux { get; init; }

    /// <summary>RTCP packets need not be compound (RFC 5506).</summary>
    public bool RtcpRsize { get; init; }

    /// <summary>The section exists only inside its BUNDLE group (RFC 9143 §6).</summary>
    public bool BundleOnly { get; init; }

    /// <summary>One-byte and two-byte header extensions may mix (RFC 8285 §6).</summary>
    public bool ExtmapAllowMixed { get; init; }

    /// <summary>The payload types that have an rtpmap, in the order of <see cref="Formats"/>.</summary>
    public IReadOnlyList<RtpCodec> Codecs { get; init; } = [];

    /// <summary>Header extensions; ids are unique in the section.</summary>
    public IReadOnlyList<RtpExtension> Extensions { get; init; } = [];

    /// <summary>Restricted streams; ids are unique in the section.</summary>
    public IReadOnlyList<RtpRid> Rids { get; init; } = [];

    /// <summary>Simulcast layers, or null.</summary>
    public Simulcast? Simulcast { get; init; }

    /// <summary>Announced streams.</summary>
    public IReadOnlyList<SsrcDescription> Ssrcs { get; init; } = [];

    /// <summary>Groups of announced streams.</summary>
    public IReadOnlyList<SsrcGroup> SsrcGroups { get; init; } = [];

    /// <summary>MediaStreams this section belongs to.</summary>
    public IReadOnlyList<MediaStreamId> Msids { get; init; } = [];
}
