using Parley.Client.Media;
using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>
/// A link to another participant as the signalling sees it (protocol.md §6). What is told to it returns at once and never throws;
/// its events come from any thread.
/// </summary>
internal interface IPeerLink : IAsyncDisposable
{
    /// <summary>Its name on the wire.</summary>
    string LinkId { get; }

    /// <summary>The other end.</summary>
    string PeerId { get; }

    /// <summary>Whether it may still carry media, so that it is worth to be named in a join.</summary>
    bool IsAlive { get; }

    /// <summary>The other end is to be told this.</summary>
    event Action<LinkSignal>? Signalled;

    /// <summary>The server is to be told this.</summary>
    event Action<LinkState>? Reported;

    /// <summary>From now on all is played from the link, or no longer.</summary>
    event Action<bool>? Played;

    /// <summary>Begins to connect.</summary>
    void Start();

    /// <summary>The other end has told this.</summary>
    void OnSignal(LinkSignal signal);

    /// <summary>Whether signals get through now.</summary>
    void OnSignalling(bool works);

    /// <summary>The server has told the mode.</summary>
    void OnMode(MeetingMode mode);

    /// <summary>The other end's devices.</summary>
    void OnPeer(MediaState media);

    /// <summary>The mix has the other end's voice again, from this RTP timestamp of it on.</summary>
    void OnInMix(uint rtpTimestamp);

    /// <summary>Which of the other end's pictures are wanted.</summary>
    void OnView(bool camera, bool screen);

    /// <summary>The server does not know it any more.</summary>
    void OnForgotten();

    /// <summary>The devices' state.</summary>
    void SetSending(bool mic, bool camera);

    /// <summary>A decoder stands still until the next keyframe.</summary>
    void RequestKeyframe(VideoSourceKind source);

    /// <summary>What the connection does right now; null when it cannot tell.</summary>
    MediaStatistics? GetStatistics();
}
