namespace Parley.Protocol;

/// <summary>Two participants are to connect to each other (protocol.md §6); <see cref="Offers"/> says whether we make the offer.</summary>
public sealed record LinkStarted(string LinkId, string PeerId, bool Offers, IReadOnlyList<IceServer> IceServers);

/// <summary>What one end of a link tells the other: one of description, candidate and restart.</summary>
public sealed record LinkSignal(string? LinkId, LinkDescription? Description = null, LinkCandidate? Candidate = null, bool Restart = false);

/// <summary>RTCSessionDescriptionInit: <see cref="Type"/> is <c>offer</c> or <c>answer</c>.</summary>
public sealed record LinkDescription(string? Type, string? Sdp);

/// <summary>RTCIceCandidateInit (RFC 8838); an empty candidate ends those of its generation.</summary>
public sealed record LinkCandidate(string? Candidate, string? SdpMid = null, int? SdpMLineIndex = null, string? UsernameFragment = null);

/// <summary>How far a link is, as one of its ends sees it.</summary>
public enum LinkState
{
    /// <summary>What the other sends over it is decoded and played.</summary>
    Ready,

    /// <summary>The server's streams are played again.</summary>
    Released,

    /// <summary>It did not connect, or broke.</summary>
    Failed,
}

/// <summary>The argument of reportLink.</summary>
public sealed record LinkReport(string? LinkId, LinkState State);

/// <summary>Why a link is over.</summary>
public enum LinkEndReason
{
    /// <summary>Both play the server's streams again.</summary>
    Released,

    Failed,

    /// <summary>One of the two has left.</summary>
    Left,

    /// <summary>One of the two came back without it.</summary>
    Replaced,
}

/// <summary>A link is over; both close it.</summary>
public sealed record LinkEnded(string LinkId, LinkEndReason Reason);

/// <summary>The mix has this participant's voice again, from this RTP timestamp of one's own mix stream on.</summary>
public sealed record InMix(string ParticipantId, uint RtpTimestamp);
