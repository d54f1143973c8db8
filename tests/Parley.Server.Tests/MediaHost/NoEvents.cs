using Parley.Media.Forwarding;
using Parley.Media.Ice;
using Parley.Media.Session;

namespace Parley.Server.Tests.MediaHost;

internal sealed class NoEvents : IMediaEvents
{
    public void OnConnectionState(PeerConnection connection, IceState state, IceStateReason reason)
    {
    }

    public void OnSlotShown(PeerConnection viewer, string mid, PeerConnection? source, VideoKind kind)
    {
    }

    public void OnSlotQuality(PeerConnection viewer, string mid, SlotLevel level, SlotLimit limit)
    {
    }

    public void OnLayersWanted(PeerConnection sender, VideoKind kind, int layers)
    {
    }

    public void OnSpeakers(Room room, IReadOnlyList<PeerConnection> speaking, PeerConnection? dominant)
    {
    }

    public void OnInMix(PeerConnection voice, PeerConnection listener, uint rtpTimestamp)
    {
    }
}
