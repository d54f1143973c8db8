using Parley.Client.Media;
using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>
/// The media connection as the signalling sees it. Its owner makes it anew when it has failed, once the last one's disposal is
/// done. Calls come one at a time and must not wait for the network, DisposeAsync included;
/// <see cref="Failed"/> may come from any thread. What a call throws makes the leg a failed one; a <see cref="ParleyException"/> of
/// kind <see cref="ParleyError.Media"/> means that another attempt would end the same way.
/// </summary>
internal interface IMediaLeg : IAsyncDisposable
{
    /// <summary>The mids of the slots, in order, known from <see cref="CreateOffer"/> on; whom they show is decided by setView.</summary>
    IReadOnlyList<string> Slots { get; }

    /// <summary>Whether the transport works, so that a new signalling connection need not make a new one.</summary>
    bool IsAlive { get; }

    /// <summary>The camera's source could not be started: a sentence for people. From any thread.</summary>
    event Action<string>? CameraFailed
    {
        add
        {
        }

        remove
        {
        }
    }

    /// <summary>The path is no longer good: <see cref="CreateRestartOffer"/> would find another. From any thread.</summary>
    event Action? RestartWanted
    {
        add
        {
        }

        remove
        {
        }
    }

    /// <summary>Raised once, when consent expired, the handshake failed or the connection never came about.</summary>
    event Action<string>? Failed;

    /// <summary>Makes the offer to send to the server; called once, after <see cref="SetSending"/>.</summary>
    string CreateOffer();

    /// <summary>
    /// Makes an offer with new ICE credentials, for <see cref="ApplyAnswer"/> to settle: everything else of the leg goes on (RFC 8445
    /// §9). Null when that is not possible any more.
    /// </summary>
    string? CreateRestartOffer() => null;

    /// <summary>Takes the server's answer and begins to connect.</summary>
    /// <exception cref="ParleyException">The answer cannot be used.</exception>
    void ApplyAnswer(string sdp);

    /// <summary>Says what may be sent now: the devices' state.</summary>
    void SetSending(bool mic, bool camera);

    /// <summary>The view has been asked for: which participant in which slot, before the server switches.</summary>
    void OnViewRequested(IReadOnlyList<SlotView> view);

    /// <summary>The server has switched a slot.</summary>
    void OnSlotShown(SlotShown shown);

    /// <summary>The server can use only so many encodings of what is sent here; none when nobody watches. All until it is said.</summary>
    void OnSendLayers(SendLayers layers)
    {
    }

    /// <summary>A decoder stands still until the next keyframe of someone's. Any thread; does not block.</summary>
    void RequestKeyframe(string participantId, VideoSourceKind source)
    {
    }

    /// <summary>What the connection does right now; null when it cannot tell.</summary>
    MediaStatistics? GetStatistics() => null;
}
