namespace Parley.Media.Sdp;

/// <summary>What an offer and its answer settled for one connection.</summary>
public sealed record SdpSession
{
    /// <summary>The other side's ICE user fragment.</summary>
    public required string RemoteIceUfrag { get; init; }

    /// <summary>The other side's ICE password: a secret.</summary>
    public required string RemoteIcePwd { get; init; }

    /// <summary>The other side only answers checks (RFC 8445 §2.5): we are controlling.</summary>
    public required bool RemoteIsLite { get; init; }

    /// <summary>What followed `a=candidate:` on the line that carries the transport, as written; at most <see cref="SdpLimits.Entries"/>.</summary>
    public required IReadOnlyList<string> RemoteCandidates { get; init; }

    /// <summary>The other side will trickle no more (RFC 8840 §8.2).</summary>
    public required bool EndOfCandidates { get; init; }

    /// <summary>What the other side's certificate must hash to.</summary>
    public required Fingerprint RemoteFingerprint { get; init; }

    /// <summary><see cref="DtlsSetup.Active"/>: we send the ClientHello. <see cref="DtlsSetup.Passive"/>: we wait for it.</summary>
    public required DtlsSetup OurRole { get; init; }

    /// <summary>One entry for each m= line, in order.</summary>
    public required IReadOnlyList<NegotiatedMedia> Media { get; init; }

    /// <summary>Without the password: it must not reach a log by accident.</summary>
    public override string ToString() => $"SdpSession({RemoteIceUfrag}, {OurRole}, {Media.Count} lines)";
}
