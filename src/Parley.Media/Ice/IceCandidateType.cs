namespace Parley.Media.Ice;

/// <summary>How a candidate's address was found (RFC 8445 §5.1.1).</summary>
public enum IceCandidateType
{
    /// <summary>An address of the machine itself.</summary>
    Host,

    /// <summary>How the other side saw a check; nobody signalled it.</summary>
    PeerReflexive,

    /// <summary>How a STUN server saw the base.</summary>
    ServerReflexive,

    /// <summary>An address on a TURN server.</summary>
    Relayed,
}

/// <summary>How reading a candidate ended.</summary>
public enum IceCandidateParseResult
{
    /// <summary>A candidate that can be checked.</summary>
    Ok,

    /// <summary>
    /// Well-formed, but of no use to us: TCP, a name instead of an address (mDNS <c>.local</c>), a zone, port 0, a component
    /// other than 1, or an unknown type. RFC 8839 §5.1 has us ignore it.
    /// </summary>
    Unsupported,

    /// <summary>Not of the grammar of RFC 8839 §5.1, or too long.</summary>
    Malformed,
}
