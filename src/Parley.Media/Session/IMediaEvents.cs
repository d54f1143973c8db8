using Parley.Media.Forwarding;
using Parley.Media.Ice;

namespace Parley.Media.Session;

/// <summary>
/// What the engine tells its host. Called on the thread that drives the engine (or, where said, the mixer's), in the
/// middle of a packet: an implementation only posts.
/// </summary>
public interface IMediaEvents
{
    /// <summary>A connection's way to its peer changed.</summary>
    void OnConnectionState(PeerConnection connection, IceState state, IceStateReason reason);

    /// <summary>
    /// From now on the slot's stream is this participant's camera or screen; <paramref name="source"/> is null when the
    /// slot is paused.
    /// </summary>
    void OnSlotShown(PeerConnection viewer, string mid, PeerConnection? source, VideoKind kind);

    /// <summary>How what a slot shows compares from now on with what its size could use, and why.</summary>
    void OnSlotQuality(PeerConnection viewer, string mid, SlotLevel level, SlotLimit limit);

    /// <summary>From now on anybody can use only this many layers of a participant's video, from the lowest on; 0 when nobody watches.</summary>
    void OnLayersWanted(PeerConnection sender, VideoKind kind, int layers);

    /// <summary>Mixer thread: who speaks now, and who does most.</summary>
    void OnSpeakers(Room room, IReadOnlyList<PeerConnection> speaking, PeerConnection? dominant);

    /// <summary>
    /// Mixer thread: the voice asked for by <see cref="RoomAudio.TellWhenMixed"/> is in the mix that this listener is sent, from this RTP
    /// timestamp on.
    /// </summary>
    void OnInMix(PeerConnection voice, PeerConnection listener, uint rtpTimestamp);
}

/// <summary>The two videos a participant can send.</summary>
public enum VideoKind
{
    /// <summary>m-line 1.</summary>
    Camera,

    /// <summary>m-line 2.</summary>
    Screen,
}
