using System.Text.Json;
using Parley.Media;
using Parley.Media.Session;
using Parley.Protocol;

namespace Parley.Server.MediaHost;

/// <summary>What the engine counts, as the protocol tells it.</summary>
internal static class StatisticsOf
{
    private static readonly (DropReason Reason, string Name)[] Drops =
        [.. Enum.GetValues<DropReason>().Select(reason => (reason, JsonNamingPolicy.CamelCase.ConvertName(reason.ToString())))];

    public static RtpStatistics Rtp(RtpCounters counters) => new(
        new ReceivedStatistics(
            counters.Received,
            counters.ReceivedBytes,
            counters.Count(Occurrence.Lost),
            counters.Count(Occurrence.Repaired),
            counters.Count(Occurrence.NackSent),
            counters.Count(Occurrence.KeyframeRequestSent)),
        new SentStatistics(
            counters.Sent,
            counters.SentBytes,
            counters.Count(Occurrence.ReportedLost),
            counters.Count(Occurrence.NackReceived),
            counters.Count(Occurrence.Retransmitted),
            counters.Count(Occurrence.RetransmissionRefused),
            counters.Count(Occurrence.KeyframeRequestReceived),
            counters.Count(Occurrence.Padding),
            counters.Count(Occurrence.Abandoned),
            counters.Count(Occurrence.EncodingSwitch),
            counters.Count(Occurrence.TemporalSwitch),
            counters.Count(Occurrence.Paused)),
        Drops.Where(drop => counters.Dropped(drop.Reason) > 0).ToDictionary(drop => drop.Name, drop => counters.Dropped(drop.Reason)));

    public static Protocol.PathStatistics Path(in Media.Session.PathStatistics path) => new(
        path.RoundTrip?.TotalMilliseconds,
        path.Estimate / 1e3,
        path.Wanted / 1e3,
        path.Allocated / 1e3,
        path.Pictures,
        path.Reduced,
        path.Paused,
        path.WaitMean.TotalMilliseconds,
        path.WaitMax.TotalMilliseconds);

    /// <summary>Null when there was nothing.</summary>
    public static DelayStatistics? Delay(DelayHistogram delays) => delays.Count == 0
        ? null
        : new DelayStatistics(delays.Quantile(0.5).TotalMilliseconds, delays.Quantile(0.99).TotalMilliseconds, delays.Max.TotalMilliseconds);
}
