using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>
/// What meetings ask of the media plane: the whole seam between control and media. Control decides, media obeys. The engine knows
/// participants by the ids given here and knows no names or roles.
/// </summary>
public interface IMediaPlane
{
    /// <summary>Opens the media side of one meeting. Events come on media threads: the receiver only posts them to its mailbox.</summary>
    IMeetingMedia Open(string meetingId, IMeetingMediaEvents events);
}

/// <summary>The media side of one meeting. Every call returns at once; none throws for what a network peer did.</summary>
public interface IMeetingMedia
{
    /// <summary>
    /// Answers a participant's offer, making their transport at the first one. A re-offer on a living transport keeps it: with the
    /// same ICE credentials as it is, with new ones of the same session and certificate as an ICE restart, over which media, slots and
    /// view live on. New credentials of anyone else (a page loaded again), or when DTLS has ended, replace it.
    /// </summary>
    Task<OfferOutcome> AnswerAsync(string participantId, string sdpOffer, MediaState media);

    /// <summary>From now on drops what a participant may not send.</summary>
    void SetMedia(string participantId, MediaState media);

    /// <summary>Replaces the participant's whole view. Returns why not, or null. Unknown source participants are paused slots.</summary>
    string? SetView(string participantId, IReadOnlyList<SlotView> view);

    /// <summary>RTP received from and sent to the meeting's participants so far; may be read at any time.</summary>
    MediaCounts Counts { get; }

    /// <summary>All that is counted of the meeting's media, and of each participant's connection, at one moment.</summary>
    Task<MediaSnapshot> ReadAsync();

    /// <summary>Reports, by <see cref="IMeetingMediaEvents.OnInMix"/>, when a packet of this voice that comes from now on is in what this listener is sent.</summary>
    void TellWhenMixed(string voiceId, string listenerId);

    /// <summary>From now on one participant hears another louder or softer in the mix, also over the connections they may have next.</summary>
    /// <param name="listenerId">Who hears.</param>
    /// <param name="voiceId">Whom.</param>
    /// <param name="volume">0 (silent) … 1 (as they are) … 2 (6 dB louder).</param>
    void SetVolume(string listenerId, string voiceId, double volume);

    /// <summary>Everybody hears the tone that says that somebody joined.</summary>
    void PlayJoinTone();

    /// <summary>Ends a participant's transport; those who saw them see nobody in those slots.</summary>
    void Remove(string participantId);

    /// <summary>Ends all transports of the meeting.</summary>
    void Close();
}

/// <summary>What is counted of a meeting's media.</summary>
/// <param name="At">When.</param>
/// <param name="Delay">How long packets were here; null when none came lately.</param>
/// <param name="Rtp">All of the meeting's, also of who has left.</param>
/// <param name="Transports">By participant id, of those who have a connection.</param>
public sealed record MediaSnapshot(DateTimeOffset At, DelayStatistics? Delay, RtpStatistics Rtp, IReadOnlyDictionary<string, TransportStatistics> Transports);

/// <summary>Called on media threads; must not block.</summary>
public interface IMeetingMediaEvents
{
    void OnMediaState(string participantId, MediaConnectionState state, string? message);

    void OnSpeakers(IReadOnlyList<string> speaking, string? dominant);

    void OnInMix(string voiceId, string listenerId, uint rtpTimestamp);

    void OnSlotShown(string viewerId, string mid, string? sourceId, VideoSourceKind source);

    /// <summary>A slot's stream is from now on as good as its size can use, less, or paused.</summary>
    void OnSlotQuality(string viewerId, SlotQuality quality);

    /// <summary>This many layers of a participant's source can be used.</summary>
    void OnLayersWanted(string participantId, SendLayers layers);
}

/// <summary>An answer, or why there is none (a sentence for people).</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Error">Why there is none.</param>
/// <param name="IsNew">The participant has a transport that was not there before, with slots that show nobody yet.</param>
public readonly record struct OfferOutcome(string? Answer, string? Error, bool IsNew = false);
