using Microsoft.Extensions.Logging;
using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>What a media leg needs to know to be made.</summary>
/// <param name="Server">The signalling server's address.</param>
/// <param name="MeetingId">Which meeting.</param>
/// <param name="ParticipantId">One's own place; another one after a place was lost.</param>
/// <param name="Limits">How many slots to offer.</param>
/// <param name="Options">Sources, sinks, ICE servers.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logs">Where to log.</param>
internal sealed record MediaLegContext(
    Uri Server, string MeetingId, string ParticipantId, Limits Limits, JoinOptions Options, TimeProvider Time, ILoggerFactory Logs)
{
    /// <summary>The server's relays, for when its own addresses cannot be reached (protocol.md §5).</summary>
    public IReadOnlyList<IceServer> Relays { get; init; } = [];
}
