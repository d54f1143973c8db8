using Parley.Media.Rtp;

namespace Parley.Scenarios.World;

/// <summary>What offer and answer have settled for everybody: payload types and header extensions.</summary>
internal static class RtpIds
{
    public const byte Opus = 111;
    public const byte Vp8 = 96;
    public const byte Rtx = 97;
    public const byte Mid = 4;
    public const byte Rid = 5;
    public const byte RepairedRid = 6;
    public const byte TransportSequence = 7;

    public static RtpExtensionMap Extensions(bool adapts)
    {
        var map = new RtpExtensionMap();
        map[RtpExtensionType.Mid] = Mid;
        if (!adapts) return map;
        map[RtpExtensionType.RtpStreamId] = Rid;
        map[RtpExtensionType.RepairedRtpStreamId] = RepairedRid;
        map[RtpExtensionType.TransportSequenceNumber] = TransportSequence;
        return map;
    }
}
