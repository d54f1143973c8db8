using Microsoft.Extensions.Logging;

namespace Parley.Client.Meetings;

/// <summary>What a session is made of, so that tests can make it of other things.</summary>
/// <param name="MeetingId">Which meeting.</param>
/// <param name="Options">As whom.</param>
/// <param name="Server">Where.</param>
/// <param name="Connect">Makes a hub connection that is not open yet.</param>
/// <param name="CreateLeg">Makes a media connection; null for a session without media.</param>
/// <param name="Explain">Says in a sentence why a connection did not come about.</param>
/// <param name="NextRandom">0…1, for jitter.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logs">Where to log.</param>
internal sealed record SessionContext(
    string MeetingId,
    JoinOptions Options,
    Uri Server,
    Func<IHubEvents, IHubLink> Connect,
    Func<MediaLegContext, IMediaLeg>? CreateLeg,
    Func<Exception, ParleyException> Explain,
    Func<double> NextRandom,
    TimeProvider Time,
    ILoggerFactory Logs)
{
    /// <summary>Makes a link to another participant; null for a session that has none.</summary>
    public Func<PeerLinkContext, IPeerLink>? CreateLink { get; init; }

    /// <summary>How files come and go; null for a session that has none.</summary>
    public ChatFiles? Files { get; init; }

    /// <summary>Ends what legs and links share, after the last of them.</summary>
    public Func<ValueTask>? EndMedia { get; init; }
}
