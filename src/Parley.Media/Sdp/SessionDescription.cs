using System.Diagnostics.CodeAnalysis;

namespace Parley.Media.Sdp;

/// <summary>
/// A session description (RFC 8866) as far as WebRTC uses it (RFC 8829, JSEP). What is not modelled is dropped by the
/// parser: writing a parsed description and parsing it again gives the same model.
/// </summary>
public sealed record SessionDescription
{
    /// <summary>The o= line.</summary>
    public required SessionOrigin Origin { get; init; }

    /// <summary>The s= line; `-` when there is none.</summary>
    public string Name { get; init; } = "-";

    /// <summary>The writer is an ICE-lite agent (RFC 8839 §5.3).</summary>
    public bool IceLite { get; init; }

    /// <summary>Groups of sections.</summary>
    public IReadOnlyList<MediaGroup> Groups { get; init; } = [];

    /// <summary>Default for all sections.</summary>
    public string? IceUfrag { get; init; }

    /// <inheritdoc cref="IceUfrag"/>
    public string? IcePwd { get; init; }

    /// <inheritdoc cref="IceUfrag"/>
    public IReadOnlyList<string> IceOptions { get; init; } = [];

    /// <inheritdoc cref="IceUfrag"/>
    public IReadOnlyList<Fingerprint> Fingerprints { get; init; } = [];

    /// <inheritdoc cref="IceUfrag"/>
    public DtlsSetup? Setup { get; init; }

    /// <inheritdoc cref="IceUfrag"/>
    public MediaDirection? Direction { get; init; }

    /// <inheritdoc cref="IceUfrag"/>
    public bool ExtmapAllowMixed { get; init; }

    /// <summary>No more candidates will come, for any section (RFC 8840 §8.2).</summary>
    public bool EndOfCandidates { get; init; }

    /// <summary>The m= sections, at most <see cref="SdpLimits.Media"/>.</summary>
    public IReadOnlyList<MediaDescription> Media { get; init; } = [];

    /// <summary>Reads a description within <see cref="SdpLimits"/>. Lines may end in CRLF or LF. Never throws.</summary>
    public static bool TryParse(
        string sdp,
        [NotNullWhen(true)] out SessionDescription? description,
        [NotNullWhen(false)] out SdpError? error)
    {
        var parser = new SdpParser();
        description = parser.Parse(sdp);
        error = description is null ? parser.Error : null;
        return description is not null;
    }

    /// <summary>The description as text, lines ending in CRLF.</summary>
    public override string ToString() => SdpWriter.Write(this);
}
