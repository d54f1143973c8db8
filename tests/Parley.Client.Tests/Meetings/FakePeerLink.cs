using System.Threading.Channels;
using Parley.Client.Media;
using Parley.Client.Meetings;
using Parley.Protocol;
using Parley.Server.Tests.Meetings;

namespace Parley.Client.Tests.Meetings;

/// <summary>Links of the test's, in the order they were made.</summary>
internal sealed class FakePeerLinks
{
    private readonly Channel<FakePeerLink> _made = Channel.CreateUnbounded<FakePeerLink>();

    public IPeerLink Create(PeerLinkContext context)
    {
        var link = new FakePeerLink(context);
        _made.Writer.TryWrite(link);
        return link;
    }

    /// <summary>The next link, once it is started: before that nobody listens to what it says.</summary>
    public async Task<FakePeerLink> NextAsync()
    {
        var link = await _made.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();
        await link.WhenStarted;
        return link;
    }
}

/// <summary>Notes what it is told, in words.</summary>
internal sealed class FakePeerLink(PeerLinkContext context) : IPeerLink
{
    private readonly Channel<string> _told = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public event Action<LinkSignal>? Signalled;

    public event Action<LinkState>? Reported;

    public event Action<bool>? Played;

    public PeerLinkContext Context => context;

    public string LinkId => context.Started.LinkId;

    public string PeerId => context.Started.PeerId;

    public bool IsAlive { get; set; } = true;

    public Task WhenStarted => _started.Task.Soon();

    public Task WhenDisposed => _disposed.Task.Soon();

    public bool IsDisposed => _disposed.Task.IsCompleted;

    public void Signal(LinkSignal signal) => Signalled?.Invoke(signal);

    public void Report(LinkState state) => Reported?.Invoke(state);

    public void Play(bool played) => Played?.Invoke(played);

    /// <summary>Reads on until it is told this.</summary>
    public async Task IsToldAsync(string what)
    {
        while (await _told.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon() != what)
        {
        }
    }

    public void Start()
    {
        Note("start");
        _started.TrySetResult();
    }

    public void OnSignal(LinkSignal signal) => Note(signal switch
    {
        { Description: { } description } => $"{description.Type} {description.Sdp}",
        { Candidate: { } candidate } => $"candidate {candidate.Candidate}",
        _ => "restart",
    });

    public void OnSignalling(bool works) => Note(works ? "signalling" : "no signalling");

    public void OnMode(MeetingMode mode) => Note($"{mode}");

    public void OnPeer(MediaState media) => Note($"peer mic {media.Mic}");

    public void OnInMix(uint rtpTimestamp) => Note($"in mix {rtpTimestamp}");

    public void OnView(bool camera, bool screen) => Note($"view {camera} {screen}");

    public void OnForgotten() => Note("forgotten");

    public void SetSending(bool mic, bool camera) => Note($"sending {mic} {camera}");

    public void RequestKeyframe(VideoSourceKind source) => Note($"keyframe {source}");

    public MediaStatistics? GetStatistics() => null;

    public ValueTask DisposeAsync()
    {
        _disposed.TrySetResult();
        return ValueTask.CompletedTask;
    }

    private void Note(string what) => _told.Writer.TryWrite(what);
}
