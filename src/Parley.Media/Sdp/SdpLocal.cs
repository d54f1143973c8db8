using Parley.Media.Ice;

namespace Parley.Media.Sdp;

/// <summary>Our side of an offer or answer. Wrong values are our own mistake: <see cref="SdpEndpoint"/> throws for them.</summary>
public sealed record SdpLocal
{
    /// <summary>Our ICE credentials. Other ones than before restart ICE (RFC 8839 §4.4.1.1.1).</summary>
    public required IceCredentials Ice { get; init; }

    /// <summary>The hash of our certificate; the same for the whole connection.</summary>
    public required Fingerprint Fingerprint { get; init; }

    /// <summary>What follows `a=candidate:` (RFC 8839 §5.1), of any type; those known so far, the others are trickled.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>Gathering is complete: no candidate will be trickled (RFC 8840 §8.2).</summary>
    public bool EndOfCandidates { get; init; }

    /// <summary>
    /// All lines we want. A later offer has new ones after the old ones, in this order; an old one that is missing here is taken out of
    /// use, and its place may later be given to a new one. An answer gives each offered line the one of ours that has had its place, else
    /// the one with its mid and kind, else the next of its kind.
    /// </summary>
    public required IReadOnlyList<SdpLine> Lines { get; init; }

    internal LocalTransport ToTransport(DtlsSetup setup)
    {
        if (Lines.Count is 0 or > SdpLimits.Media) throw new ArgumentException($"There are 1 to {SdpLimits.Media} lines of ours.");
        foreach (var line in Lines) line.Check();
        if (Lines.DistinctBy(line => line.Mid).Count() != Lines.Count) throw new ArgumentException("Two lines of ours have the same mid.");
        var transport = new LocalTransport
        {
            IceUfrag = Ice.Ufrag,
            IcePwd = Ice.Password,
            IceOptions = ["trickle", "ice2"], // RFC 8840 §4.1.1; RFC 8445 §10
            Fingerprint = Fingerprint,
            Setup = setup,
            Candidates = [.. Candidates.Select(candidate => "candidate:" + candidate)],
            EndOfCandidates = EndOfCandidates,
        };
        transport.Check();
        return transport;
    }
}
