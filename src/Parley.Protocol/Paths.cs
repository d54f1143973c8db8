namespace Parley.Protocol;

/// <summary>One end of a selected candidate pair; addresses are null where they are not told.</summary>
/// <param name="Address">An IP address or an mDNS name.</param>
/// <param name="Port">0–65535.</param>
/// <param name="Type"><c>host</c>, <c>srflx</c>, <c>prflx</c> or <c>relay</c>.</param>
/// <param name="Protocol"><c>udp</c> or <c>tcp</c>.</param>
public sealed record PathEnd(string? Address, int Port, string? Type, string? Protocol);

/// <summary>
/// What a client's media takes: the selected pair, the round trip in milliseconds, the share of packets lost (0–1), and rates in
/// kbit/s. <see cref="LinkId"/> says that it is the link's, null the server's.
/// </summary>
public sealed record PathReport(
    string? LinkId,
    PathEnd? Local,
    PathEnd? Remote,
    string? RelayProtocol = null,
    double? RoundTrip = null,
    double? Loss = null,
    double? Sending = null,
    double? Receiving = null,
    string? AudioCodec = null,
    string? VideoCodec = null);

/// <summary>RTP packets and their bytes that the server received from a meeting's participants and sent to them.</summary>
public sealed record MediaCounts(long PacketsReceived, long BytesReceived, long PacketsForwarded, long BytesForwarded);

/// <summary>How one participant is connected.</summary>
public sealed record ParticipantPath(string ParticipantId, string Name, MediaConnectionState? ServerLeg, PathReport? Report);

/// <summary>The answer of GET /api/meetings/{id}/path.</summary>
public sealed record MeetingPath(string Id, ModeState Mode, MediaCounts Media, IReadOnlyList<ParticipantPath> Participants);
