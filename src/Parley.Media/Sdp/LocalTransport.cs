namespace Parley.Media.Sdp;

/// <summary>Our ICE and DTLS as a description says them.</summary>
internal sealed record LocalTransport
{
    public required string IceUfrag { get; init; }

    public required string IcePwd { get; init; }

    public required IReadOnlyList<string> IceOptions { get; init; }

    public required Fingerprint Fingerprint { get; init; }

    public required DtlsSetup Setup { get; init; }

    /// <summary>Values that begin with `candidate:`.</summary>
    public required IReadOnlyList<string> Candidates { get; init; }

    public required bool EndOfCandidates { get; init; }

    public bool IceLite { get; init; }

    /// <summary>RFC 8829 §5.2.1: the port before candidates are known, and ours always, as the candidates carry the real one.</summary>
    public const int DiscardPort = 9;

    /// <summary>A description on this transport; what stands here holds for all its lines.</summary>
    public SessionDescription Describe(SessionOrigin origin, IEnumerable<string> bundled, IEnumerable<MediaDescription> media) => new()
    {
        Origin = origin,
        IceLite = IceLite,
        Groups = [new MediaGroup("BUNDLE", [.. bundled])],
        IceUfrag = IceUfrag,
        IcePwd = IcePwd,
        IceOptions = IceOptions,
        Fingerprints = [Fingerprint],
        Setup = Setup,
        Media = [.. media],
    };

    public bool HasCredentials(LocalTransport other) => IceUfrag == other.IceUfrag && IcePwd == other.IcePwd;

    /// <summary>A line on this transport, to be filled in; the tagged one carries the candidates (RFC 9143 §7.1.3).</summary>
    public MediaDescription Describe(bool isTagged) => new()
    {
        Media = "",
        Port = DiscardPort,
        Protocol = RejectedLine.Protocol,
        Formats = [],
        IceUfrag = IceUfrag,
        IcePwd = IcePwd,
        IceOptions = IceOptions,
        Fingerprints = [Fingerprint],
        Setup = Setup,
        Candidates = isTagged ? Candidates : [],
        EndOfCandidates = isTagged && EndOfCandidates,
        RtcpMux = true,
    };

    /// <exception cref="ArgumentException">A value is not what RFC 8839 or RFC 8122 allow.</exception>
    public void Check()
    {
        if (!SdpGrammar.IsIce(IceUfrag, 4, 256)) throw new ArgumentException("Our ICE user fragment is 4 to 256 ICE characters.");
        if (!SdpGrammar.IsIce(IcePwd, 22, 256)) throw new ArgumentException("Our ICE password is 22 to 256 ICE characters.");
        if (!Fingerprint.TryParse(Fingerprint.ToString(), out _)) throw new ArgumentException("Our fingerprint is not one.");
        if (Candidates.Count > SdpLimits.Entries) throw new ArgumentException($"There are at most {SdpLimits.Entries} candidates of ours.");
        if (Candidates.Any(c => !c.StartsWith("candidate:", StringComparison.Ordinal) || c.AsSpan().ContainsAnyExceptInRange(' ', '~')))
        {
            throw new ArgumentException("Our candidates begin with candidate: and are one line.");
        }
    }
}
