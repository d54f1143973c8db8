using System.Diagnostics;
using Parley.Client;

namespace Parley.Terminal.Load;

/// <summary>Puts a report together, and says what it means for the exit code.</summary>
internal static class LoadReports
{
    /// <summary>Failed participants that are named in an error; JSON has them all.</summary>
    private const int NamedFailures = 3;

    /// <summary>What only the run knows.</summary>
    internal sealed record Rest(bool Interrupted, int RateRefusals, long? ServerPeakMemory, int MeetingsLeft);

    public static LoadReport Of(LoadOptions options, Uri server, IReadOnlyList<LoadParticipant> participants, LoadFigures? figures, Rest rest)
    {
        var joined = participants.Where(participant => participant.JoinedAt != 0).ToList();
        var joinSeconds = joined.Count == 0
            ? 0
            : Stopwatch.GetElapsedTime(joined.Min(participant => participant.StartedAt), joined.Max(participant => participant.JoinedAt)).TotalSeconds;
        var times = TimesToMedia(joined);
        var listeners = joined.Count(participant => participant.Place.Hears);
        var totals = figures?.Totals ?? default;
        return new LoadReport
        {
            Server = server.GetLeftPart(UriPartial.Authority),
            Interrupted = rest.Interrupted,
            Participants = options.Participants,
            Meetings = options.Meetings,
            TalkersPerMeeting = options.Talkers,
            CamerasPerMeeting = options.CamerasOn,
            ViewSlots = options.View,
            VideoBitrateKbps = options.VideoBitrate,
            FramesPerSecond = options.FramesPerSecond,
            Seed = options.Seed,
            Joined = joined.Count,
            WithMedia = participants.Count(participant => participant.HasMedia),
            Failures = [.. Failed(participants).Select(failed => new LoadFailure(failed.Place.Name, failed.Failure!.Message))],
            JoinSeconds = joinSeconds,
            JoinsPerSecond = LoadFigures.Ratio(joined.Count, joinSeconds),
            RateRefusals = rest.RateRefusals,
            TimeToMediaP50Ms = Quantile(times, 0.5),
            TimeToMediaP99Ms = Quantile(times, 0.99),
            TimeToMediaMaxMs = Quantile(times, 1),
            MeasuredSeconds = figures?.Seconds ?? 0,
            PacketsReceived = totals.PacketsReceived,
            PacketsReceivedPerSecond = figures?.PacketsReceivedPerSecond ?? 0,
            MegabitsReceivedPerSecond = figures?.MegabitsReceivedPerSecond ?? 0,
            PacketsSent = totals.PacketsSent,
            PacketsSentPerSecond = figures?.PacketsSentPerSecond ?? 0,
            MegabitsSentPerSecond = figures?.MegabitsSentPerSecond ?? 0,
            VideoPacketsReceived = totals.VideoReceived,
            VideoPacketsLost = figures?.VideoLost ?? 0,
            VideoLossPercent = figures?.VideoLossPercent ?? 0,
            VideoPacketsReordered = totals.VideoReordered,
            AudioPacketsReceived = totals.AudioReceived,
            AudioPacketsLost = figures?.AudioLost ?? 0,
            AudioLossPercent = figures?.AudioLossPercent ?? 0,
            AudioPacketsPerListenerPerSecond = figures is null || listeners == 0 ? null : LoadFigures.Ratio(totals.AudioReceived, figures.Seconds * listeners),
            DuplicatePackets = totals.Duplicates,
            UnusablePackets = totals.Unusable,
            MisdeliveredFrames = figures?.Misdelivered ?? 0,
            DelayP50Ms = Delay(figures, delays => delays.Quantile(0.5)),
            DelayP99Ms = Delay(figures, delays => delays.Quantile(0.99)),
            DelayMaxMs = Delay(figures, delays => delays.Max),
            DelaySamples = figures?.Delays.Count ?? 0,
            OwnCpuSeconds = figures?.OwnCpuSeconds ?? 0,
            OwnCpuPercent = figures?.OwnCpuPercent ?? 0,
            OwnCpuMicrosecondsPerPacket = figures?.OwnCpuMicrosecondsPerPacket ?? 0,
            OwnMemoryMegabytes = Environment.WorkingSet / 1e6,
            OwnSocketDrops = figures?.OwnDrops,
            SendErrors = totals.SendErrors,
            SendsSkipped = figures?.Skipped ?? 0,
            SignallingReconnects = participants.Sum(participant => participant.SignallingReconnects),
            MediaReconnects = participants.Sum(participant => Math.Max(0, participant.Legs - 1)),
            MediaReconnectReason = participants.Select(participant => participant.LegProblem).FirstOrDefault(problem => problem is not null),
            ServerCpuPercent = figures?.ServerCpuPercent,
            ServerMemoryMegabytes = figures?.ServerMemoryBytes / 1e6,
            ServerMemoryPeakMegabytes = figures?.ServerMemoryBytes is null ? null : rest.ServerPeakMemory / 1e6,
            MeetingsLeft = rest.MeetingsLeft,
        };
    }

    /// <summary>What makes the exit code another than 0: a run that measured the generator, or participants that failed.</summary>
    public static ParleyException? ProblemOf(LoadReport report, IReadOnlyList<LoadParticipant> participants)
    {
        if (report.OwnSocketDrops > 0)
        {
            return new ParleyException(
                ParleyError.Media,
                FormattableString.Invariant($"THIS RUN SAYS NOTHING OF THE SERVER: the generator's own sockets dropped {report.OwnSocketDrops:N0} datagrams, because it had too little CPU. ")
                + "Use fewer participants, less video, or another machine than the server's.");
        }

        var failed = Failed(participants).ToList();
        if (failed.Count == 0) return null;
        var kind = failed.GroupBy(participant => participant.Failure!.Error).MaxBy(group => group.Count())!.Key;
        var named = string.Join("; ", failed.Take(NamedFailures).Select(participant => $"{participant.Place.Name}: {participant.Failure!.Message.TrimEnd('.')}"));
        var more = failed.Count > NamedFailures ? $"; and {failed.Count - NamedFailures} more, see --json" : "";
        return new ParleyException(kind, $"{failed.Count} of {participants.Count} participants failed ({named}{more}).");
    }

    private static IEnumerable<LoadParticipant> Failed(IReadOnlyList<LoadParticipant> participants) =>
        participants.Where(participant => participant.Failure is not null);

    /// <summary>Milliseconds, sorted. For whom there was nobody to hear or see at first, from when there was.</summary>
    private static double[] TimesToMedia(IReadOnlyList<LoadParticipant> joined)
    {
        var senders = joined.Where(participant => participant.Place.Talks || participant.Place.HasCamera).ToLookup(participant => participant.Place.Meeting);
        var times = new List<double>();
        foreach (var participant in joined)
        {
            var others = senders[participant.Place.Meeting].Where(other => other != participant).Select(other => other.StartedAt).ToList();
            if (participant.FirstMediaAt == 0 || others.Count == 0) continue;
            times.Add(Stopwatch.GetElapsedTime(Math.Max(participant.StartedAt, others.Min()), participant.FirstMediaAt).TotalMilliseconds);
        }

        times.Sort();
        return [.. times];
    }

    private static double? Quantile(double[] sorted, double quantile) =>
        sorted.Length == 0 ? null : sorted[Math.Clamp((int)Math.Ceiling(quantile * sorted.Length) - 1, 0, sorted.Length - 1)];

    private static double? Delay(LoadFigures? figures, Func<DelayHistogram, long> read) =>
        figures is null || figures.Delays.Count == 0 ? null : read(figures.Delays) / 1e3;
}
