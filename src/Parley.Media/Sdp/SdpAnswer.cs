namespace Parley.Media.Sdp;

/// <summary>An answer and what it settles.</summary>
public sealed record SdpAnswer
{
    /// <summary>The text for the client's setRemoteDescription.</summary>
    public required string Sdp { get; init; }

    /// <summary>One entry for each m= line, in order.</summary>
    public required IReadOnlyList<NegotiatedMedia> Media { get; init; }

    /// <summary>The client's ICE user fragment.</summary>
    public required string RemoteIceUfrag { get; init; }

    /// <summary>The client's ICE password: a secret.</summary>
    public required string RemoteIcePwd { get; init; }

    /// <summary>What the client's certificate must hash to.</summary>
    public required Fingerprint RemoteFingerprint { get; init; }

    /// <summary>As offered: actpass or active. The client starts DTLS in both cases.</summary>
    public required DtlsSetup RemoteSetup { get; init; }
}
