using System.Threading.Channels;
using Parley.Client.Meetings;
using Parley.Protocol;
using Parley.Server.Tests.Meetings;

namespace Parley.Client.Tests.Meetings;

/// <summary>Media connections of the test's, and how they were made.</summary>
internal sealed class FakeLegs
{
    private readonly Channel<FakeLeg> _made = Channel.CreateUnbounded<FakeLeg>();
    private int _count;
    private int _undisposed;

    /// <summary>What becomes of each as it is made.</summary>
    public Action<FakeLeg> Prepare { get; set; } = _ => { };

    /// <summary>As many as there were at one time.</summary>
    public int MostAtOnce { get; private set; }

    public int Undisposed => Volatile.Read(ref _undisposed);

    public IMediaLeg Create(MediaLegContext context)
    {
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _undisposed));
        var leg = new FakeLeg(Interlocked.Increment(ref _count), context, () => Interlocked.Decrement(ref _undisposed));
        Prepare(leg);
        _made.Writer.TryWrite(leg);
        return leg;
    }

    public Task<FakeLeg> NextAsync() => _made.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();
}

internal sealed class FakeLeg(int number, MediaLegContext context, Action onDisposed) : IMediaLeg
{
    private readonly Channel<IReadOnlyList<SlotView>> _views = Channel.CreateUnbounded<IReadOnlyList<SlotView>>();
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isOffered;

    public event Action<string>? Failed;

    public event Action? RestartWanted;

    public MediaLegContext Context => context;

    public IReadOnlyList<string> Slots => _isOffered ? ["3", "4", "5"] : [];

    public bool IsAlive { get; set; } = true;

    public Exception? FailsToOffer { get; set; }

    public Exception? FailsToAnswer { get; set; }

    /// <summary>Disposal waits for this.</summary>
    public Task Disposing { get; set; } = Task.CompletedTask;

    public volatile MediaState? Sending;

    public string? Answer { get; private set; }

    public volatile SlotShown? Shown;

    public volatile SendLayers? Layers;

    public Task WhenAnswered => _answered.Task.Soon();

    public void SetSending(bool mic, bool camera) => Sending = new MediaState(mic, camera);

    public string CreateOffer()
    {
        if (FailsToOffer is not null) throw FailsToOffer;
        if (_isOffered) throw new InvalidOperationException("twice");
        _isOffered = true;
        return $"offer {number}";
    }

    public void ApplyAnswer(string sdp)
    {
        if (FailsToAnswer is not null) throw FailsToAnswer;
        Answer = sdp;
        _answered.TrySetResult();
    }

    public void WantRestart() => RestartWanted?.Invoke();

    public string? CreateRestartOffer() => $"restart {number}";

    public void OnViewRequested(IReadOnlyList<SlotView> view) => _views.Writer.TryWrite(view);

    public void OnSlotShown(SlotShown shown) => Shown = shown;

    public void OnSendLayers(SendLayers layers) => Layers = layers;

    public void Fail(string why) => Failed?.Invoke(why);

    public Task<IReadOnlyList<SlotView>> NextViewAsync() => _views.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();

    public async ValueTask DisposeAsync()
    {
        await Disposing;
        onDisposed();
    }
}
