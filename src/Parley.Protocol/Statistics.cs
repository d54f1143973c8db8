namespace Parley.Protocol;

/// <summary>RTP that came from a participant, or from all of a meeting, since their transport, or the meeting's media, began.</summary>
/// <param name="Packets">That were authentic.</param>
/// <param name="Bytes">Of them, without UDP and IP headers.</param>
/// <param name="Lost">Lost on the way to the server, before repair.</param>
/// <param name="Repaired">Of them, those that came as retransmissions.</param>
/// <param name="Nacks">Packets the server asked for again.</param>
/// <param name="KeyframeRequests">Keyframes the server asked for.</param>
public sealed record ReceivedStatistics(long Packets, long Bytes, long Lost, long Repaired, long Nacks, long KeyframeRequests);

/// <summary>RTP that was sent to a participant, or to all of a meeting, in the same time.</summary>
/// <param name="Packets">Video, retransmissions and padding, and the mix.</param>
/// <param name="Bytes">Of them, without UDP and IP headers.</param>
/// <param name="Lost">Lost on the way to the participant as they report it, before repair.</param>
/// <param name="Nacks">Packets they asked for again.</param>
/// <param name="Retransmissions">Sent again for that.</param>
/// <param name="RetransmissionsRefused">Asked for and not sent again.</param>
/// <param name="KeyframeRequests">Keyframes they asked for.</param>
/// <param name="Padding">Packets to see what the path bears.</param>
/// <param name="Abandoned">Video packets that were not sent: there was no way, or they had waited until they were of no use.</param>
/// <param name="EncodingSwitches">How often a picture went on with another encoding of its source.</param>
/// <param name="TemporalSwitches">How often with other temporal layers.</param>
/// <param name="Pauses">How often a picture was paused.</param>
public sealed record SentStatistics(
    long Packets,
    long Bytes,
    long Lost,
    long Nacks,
    long Retransmissions,
    long RetransmissionsRefused,
    long KeyframeRequests,
    long Padding,
    long Abandoned,
    long EncodingSwitches,
    long TemporalSwitches,
    long Pauses);

/// <summary>RTP both ways; <see cref="Dropped"/> has what came and was dropped, by the reason, without those of which there was none.</summary>
public sealed record RtpStatistics(ReceivedStatistics Received, SentStatistics Sent, IReadOnlyDictionary<string, long> Dropped);

/// <summary>
/// How long the server had media packets, in milliseconds, from the system's receiving one until all it led to was sent or waited for its turn;
/// of the last whole 10 s.
/// </summary>
public sealed record DelayStatistics(double P50, double P99, double Max);

/// <summary>How the way down to a participant is now.</summary>
/// <param name="RoundTrip">In milliseconds; null while they have not reported.</param>
/// <param name="Estimate">What the path bears, in kbit/s; null when they tell nothing of it.</param>
/// <param name="Wanted">What the pictures they want would take, in kbit/s.</param>
/// <param name="Allocated">What those they get are given of it.</param>
/// <param name="Pictures">Slots that shall show somebody who sends.</param>
/// <param name="Reduced">Of them, those that get less than their size could use.</param>
/// <param name="Paused">Of them, those that get nothing.</param>
/// <param name="WaitMean">How long video waited for its turn, in milliseconds: the mean of the last whole 10 s.</param>
/// <param name="WaitMax">The longest of it.</param>
public sealed record PathStatistics(
    double? RoundTrip, double? Estimate, double Wanted, double Allocated, int Pictures, int Reduced, int Paused, double WaitMean, double WaitMax);

/// <summary>One participant's connection to the server, since when it is there, and what is counted of it.</summary>
public sealed record TransportStatistics(DateTimeOffset Since, RtpStatistics Rtp, PathStatistics Path);

/// <summary>One participant's figures; <see cref="Transport"/> is null without a connection to the server.</summary>
public sealed record ParticipantStatistics(string ParticipantId, string Name, TransportStatistics? Transport);

/// <summary>The answer of GET /api/meetings/{id}/statistics. What has left its meeting is in <see cref="Rtp"/> still.</summary>
public sealed record MeetingStatistics(
    string Id, DateTimeOffset At, DelayStatistics? Delay, RtpStatistics Rtp, IReadOnlyList<ParticipantStatistics> Participants);
