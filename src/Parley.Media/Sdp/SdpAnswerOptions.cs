namespace Parley.Media.Sdp;

/// <summary>Our side of an answer. Wrong values are our own mistake: <see cref="SdpAnswerer"/> throws for them.</summary>
public sealed record SdpAnswerOptions
{
    /// <summary>Our ICE user fragment, 4–256 ICE characters.</summary>
    public required string IceUfrag { get; init; }

    /// <summary>Our ICE password, 22–256 ICE characters.</summary>
    public required string IcePwd { get; init; }

    /// <summary>The hash of our certificate.</summary>
    public required Fingerprint Fingerprint { get; init; }

    /// <summary>Values that begin with `candidate:` (RFC 8839 §5.1). All there will be: the answer ends them.</summary>
    public required IReadOnlyList<string> Candidates { get; init; }

    /// <summary>Whether we are an ICE-lite agent.</summary>
    public bool IceLite { get; init; } = true;

    /// <summary>Codecs and header extensions.</summary>
    public SdpPolicy Policy { get; init; } = SdpPolicy.Default;

    /// <summary>Which audio and video lines to take (the index is the line's place, from 0); the others get port 0.</summary>
    public Func<MediaDescription, int, bool> Accept { get; init; } = (_, _) => true;

    /// <summary>
    /// The place of a video line that is in one MediaStream with the first line, null for none: browsers play a picture and a voice of one
    /// stream together, one picture only.
    /// </summary>
    public int? Together { get; init; }

    /// <summary>How many m= lines an offer may have, at most <see cref="SdpLimits.Media"/>.</summary>
    public int MaximumMedia { get; init; } = SdpLimits.Media;

    internal LocalTransport ToTransport()
    {
        var transport = new LocalTransport
        {
            IceUfrag = IceUfrag,
            IcePwd = IcePwd,
            IceOptions = ["ice2"], // RFC 8445 §10
            Fingerprint = Fingerprint,
            Setup = DtlsSetup.Passive,
            Candidates = Candidates,
            EndOfCandidates = true,
            IceLite = IceLite,
        };
        transport.Check();
        return transport;
    }
}
