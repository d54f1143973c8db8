using Parley.Client.Rtc;
using Parley.Media;
using Parley.Media.Ice;
using Parley.Protocol;

namespace Parley.Client.Media;

/// <summary>Reads what a connection does. Media thread only.</summary>
internal static class ConnectionStatistics
{
    public static MediaStatistics Read(RtcPeer peer, MeetingMode way)
    {
        var pair = peer.Ice.Selected;
        var counters = peer.Counters;
        return new MediaStatistics
        {
            State = StateOf(peer.State),
            Way = way,
            LocalAddress = pair?.LocalCandidate.Address.ToString(),
            RemoteAddress = pair?.Remote.ToString(),
            Local = pair is null ? null : EndOf(pair.LocalCandidate.Address, pair.LocalCandidate.Type),
            Remote = pair is null ? null : EndOf(pair.Remote, pair.RemoteCandidate.Type),
            IsRelayed = pair is { LocalCandidate.Type: IceCandidateType.Relayed } or { RemoteCandidate.Type: IceCandidateType.Relayed },
            RoundTrip = peer.RoundTrip,
            PacketsReceived = counters.PacketsReceived,
            BytesReceived = counters.BytesReceived,
            PacketsSent = counters.PacketsSent,
            BytesSent = counters.BytesSent,
            PacketsLost = peer.Receivers.Sum(receiver => Math.Max(0, receiver.PacketsLost)),
            Nacks = counters.Nacks,
            KeyframeRequests = counters.KeyframeRequests,
            AudioFrames = peer.Heard?.Decoded ?? 0,
            AudioConcealed = peer.Heard?.Concealed ?? 0,
            VideoFrames = peer.Receivers.OfType<VideoReceiver>().Sum(receiver => receiver.Frames),
        };
    }

    public static MediaConnectionState StateOf(RtcPeerState state) => state switch
    {
        RtcPeerState.Connected => MediaConnectionState.Connected,
        RtcPeerState.Disconnected => MediaConnectionState.Disconnected,
        RtcPeerState.Failed or RtcPeerState.Closed => MediaConnectionState.Failed,
        _ => MediaConnectionState.Connecting,
    };

    private static PathEnd EndOf(TransportAddress address, IceCandidateType type)
    {
        var end = address.ToEndPoint();
        return new PathEnd(end.Address.ToString(), end.Port, Name(type), "udp");
    }

    private static string Name(IceCandidateType type) => type switch
    {
        IceCandidateType.Host => "host",
        IceCandidateType.ServerReflexive => "srflx",
        IceCandidateType.PeerReflexive => "prflx",
        _ => "relay",
    };
}
