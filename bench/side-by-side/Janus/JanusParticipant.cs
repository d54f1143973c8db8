using System.Net;
using Parley.Client;
using Parley.Media.Srtp;
using Parley.Terminal.Load;

namespace Parley.SideBySide.Janus;

/// <summary>
/// A generated participant of a VideoRoom: a connection for the camera, if any, and one for those who are shown. Or of an AudioBridge's room:
/// one connection for sound.
/// </summary>
internal sealed class JanusParticipant(LoadPlace place, LoadOptions options, LoadLoop loop, IPAddress address, OpusLoop? speech) : ILoadCounts, IAsyncDisposable
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(15);

    private readonly List<JanusLeg> _legs = [];
    private volatile bool _hasMedia;

    public LoadPlace Place => place;

    /// <summary>The feed of its camera; 0 without.</summary>
    public long Feed { get; private set; }

    /// <summary>Why it is not there; null when all is well.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether it sees or hears somebody, if it is to.</summary>
    public bool HasMedia => Problem is null && (_hasMedia || !IsServed);

    /// <summary>How what it is sent is protected; of what it sends Janus is the DTLS client and we choose.</summary>
    public SrtpProfile? Profile => !IsServed ? null : _legs.LastOrDefault()?.Profile;

    private bool IsServed => place.Sees > 0 || place.Hears;

    /// <inheritdoc/>
    public LoadTotals Totals => _legs.Aggregate(default(LoadTotals), (sum, leg) => sum + leg.Totals);

    /// <summary>Publishes its camera.</summary>
    public Task PublishAsync(VideoRoom rooms, CancellationToken cancellation) => TryAsync(async () =>
    {
        var (handle, feed) = await rooms.JoinAsync(place.Meeting + 1, place.Name, cancellation).ConfigureAwait(false);
        var leg = await NewLegAsync(sends: true).ConfigureAwait(false);
        leg.ApplyAnswer(await rooms.PublishAsync(handle, leg.OfferCamera(address), cancellation).ConfigureAwait(false));
        await leg.Connected.WaitAsync(ConnectPatience, cancellation).ConfigureAwait(false);
        Feed = feed;
    });

    /// <summary>Subscribes to as many cameras as it shows.</summary>
    public Task SubscribeAsync(VideoRoom rooms, IReadOnlyList<long> feeds, CancellationToken cancellation) => TryAsync(async () =>
    {
        var (handle, offer) = await rooms.SubscribeAsync(place.Meeting + 1, feeds, cancellation).ConfigureAwait(false);
        var leg = await NewLegAsync(sends: false).ConfigureAwait(false);
        await rooms.StartAsync(handle, leg.Answer(address, offer, feeds.Count), cancellation).ConfigureAwait(false);
        await leg.Connected.WaitAsync(ConnectPatience, cancellation).ConfigureAwait(false);
    });

    /// <summary>Comes into a room of sound.</summary>
    public Task JoinAsync(AudioBridge rooms, CancellationToken cancellation) => TryAsync(async () =>
    {
        var handle = await rooms.JoinAsync(place.Meeting + 1, place.Name, cancellation).ConfigureAwait(false);
        var leg = await NewLegAsync(sends: true).ConfigureAwait(false);
        leg.ApplyAnswer(await rooms.ConfigureAsync(handle, leg.OfferSound(address), cancellation).ConfigureAwait(false));
        await leg.Connected.WaitAsync(ConnectPatience, cancellation).ConfigureAwait(false);
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var leg in _legs) await leg.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<JanusLeg> NewLegAsync(bool sends)
    {
        var leg = new JanusLeg(loop, place, options, sends, speech, () => _hasMedia = true);
        var added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // The loop's thread counts them.
        loop.Host.Loop.Post(() =>
        {
            _legs.Add(leg);
            added.SetResult();
        });
        await added.Task.ConfigureAwait(false);
        return leg;
    }

    private async Task TryAsync(Func<Task> step)
    {
        if (Problem is not null) return;
        try
        {
            await step().ConfigureAwait(false);
        }
        catch (Exception e) when (e is JanusException or ParleyException or TimeoutException)
        {
            Problem = e.Message;
        }
    }
}
