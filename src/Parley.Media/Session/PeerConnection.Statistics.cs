using Parley.Media.Forwarding;

namespace Parley.Media.Session;

/// <summary>What is counted of one connection; the same counts in its room and its engine.</summary>
public sealed partial class PeerConnection
{
    /// <summary>What was received, sent and dropped, and what else happened, since the connection was made.</summary>
    public RtpCounters Counters { get; } = new();

    /// <summary>How the way down is; network thread only.</summary>
    public PathStatistics ReadPath(TimeSpan now)
    {
        var (pictures, reduced, paused) = (0, 0, 0);
        for (var i = 0; i < _down.Count; i++)
        {
            if (_down[i] is not { Wished.HasBeenHeard: true } slot) continue;
            pictures++;
            if (slot.Told.Level == SlotLevel.Reduced) reduced++;
            else if (slot.Told.Level == SlotLevel.Paused) paused++;
        }

        var (mean, max) = _down.ReadWaits(now);
        return new PathStatistics(_measuredRoundTrip, _down.Target, _down.Wanted, _down.Allocated, pictures, reduced, paused, mean, max);
    }

    private void Count(Occurrence occurrence, long times = 1)
    {
        if (times == 0) return;
        Counters.OnOccurred(occurrence, times);
        _room.Counters.OnOccurred(occurrence, times);
        _engine.Counters.OnOccurred(occurrence, times);
    }

    private IRtpReceiver? Drop(DropReason reason)
    {
        Counters.OnDropped(reason);
        _room.Counters.OnDropped(reason);
        _engine.Counters.OnDropped(reason);
        return null;
    }
}
