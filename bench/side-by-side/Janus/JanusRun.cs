using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Parley.Media.Srtp;
using Parley.Terminal.Load;

namespace Parley.SideBySide.Janus;

/// <summary>The same load as <see cref="LoadRun"/> puts on Parley, on a Janus.</summary>
internal sealed class JanusRun(LoadOptions options, Uri server, IPAddress address)
{
    /// <summary>As many as with Parley.</summary>
    private const int JoinsAtOnce = 8;

    private static readonly TimeSpan SettlePatience = TimeSpan.FromSeconds(15);

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="JanusException">There is no Janus, or it takes no rooms.</exception>
    public async Task<LoadOutcome> RunAsync(CancellationToken cancellation)
    {
        using var process = new WatchedProcess(options.ServerProcess!.Value);
        using var loop = new LoadLoop(options, (uint)RandomNumberGenerator.GetInt32(int.MaxValue));
        var speech = options.Talkers > 0 ? OpusLoop.Create(options.Speech) : null;
        JanusParticipant[] participants = [.. LoadPlan.Of(options).Select(place => new JanusParticipant(place, options, loop, address, speech))];
        foreach (var participant in participants) loop.Add(participant);
        var session = await JanusSession.ConnectAsync(server, cancellation).ConfigureAwait(false);
        try
        {
            await (options.CamerasOn > 0
                ? JoinAsync(new VideoRoom(session), participants, cancellation)
                : JoinAsync(new AudioBridge(session), participants, cancellation)).ConfigureAwait(false);
            loop.BeginSending();
            await SettleAsync(participants, cancellation).ConfigureAwait(false);
            await LoadRun.WarmUpAsync(process, cancellation).ConfigureAwait(false);
            var begin = await LoadReading.TakeAsync([loop], process, resetDelays: true).ConfigureAwait(false);
            await Task.Delay(TimeSpan.FromSeconds(options.Seconds), cancellation).ConfigureAwait(false);
            var end = await LoadReading.TakeAsync([loop], process, resetDelays: false).ConfigureAwait(false);
            if (loop.Fault is { } ours) throw new InvalidOperationException("A generated participant ended by a fault: " + ours.Message, ours);
            return new LoadOutcome(
                LoadFigures.Between(begin, end),
                participants.Count(participant => participant.HasMedia),
                participants.Select(participant => participant.Profile).FirstOrDefault(profile => profile is not null),
                participants.Select(participant => participant.Problem).FirstOrDefault(problem => problem is not null));
        }
        finally
        {
            foreach (var participant in participants) await participant.DisposeAsync().ConfigureAwait(false);
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task JoinAsync(VideoRoom rooms, JanusParticipant[] participants, CancellationToken cancellation)
    {
        for (var room = 1; room <= options.Meetings; room++) await rooms.CreateAsync(room, cancellation).ConfigureAwait(false);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = JoinsAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(
            participants.Where(participant => participant.Place.HasCamera), parallel,
            async (participant, ct) => await participant.PublishAsync(rooms, ct).ConfigureAwait(false)).ConfigureAwait(false);
        if (participants.FirstOrDefault(participant => participant.Problem is not null) is { } failed) throw new JanusException(failed.Problem!);

        // All at once and after all have published, so that Janus has nothing to renegotiate.
        var feeds = participants.Where(participant => participant.Feed != 0).ToLookup(participant => participant.Place.Meeting);
        await Parallel.ForEachAsync(
            participants.Where(participant => participant.Place.Sees > 0), parallel,
            async (participant, ct) => await participant.SubscribeAsync(rooms, FeedsOf(participant), ct).ConfigureAwait(false)).ConfigureAwait(false);

        long[] FeedsOf(JanusParticipant participant) =>
            [.. feeds[participant.Place.Meeting].Where(other => other != participant).Take(participant.Place.Sees).Select(other => other.Feed)];
    }

    private async Task JoinAsync(AudioBridge rooms, JanusParticipant[] participants, CancellationToken cancellation)
    {
        for (var room = 1; room <= options.Meetings; room++) await rooms.CreateAsync(room, cancellation).ConfigureAwait(false);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = JoinsAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(participants, parallel, async (participant, ct) => await participant.JoinAsync(rooms, ct).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static async Task SettleAsync(JanusParticipant[] participants, CancellationToken cancellation)
    {
        var from = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(from) < SettlePatience && participants.Any(participant => participant.Problem is null && !participant.HasMedia))
        {
            await Task.Delay(100, cancellation).ConfigureAwait(false);
        }
    }
}
