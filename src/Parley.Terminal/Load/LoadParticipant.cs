using System.Diagnostics;
using Parley.Client;
using Parley.Client.Meetings;
using Parley.Media.Srtp;
using Parley.Protocol;

namespace Parley.Terminal.Load;

/// <summary>One generated participant: joins, shows those who have a camera, and remembers how it went.</summary>
internal sealed class LoadParticipant(LoadPlace place, LoadOptions options, LoadLoop loop) : ILoadCounts, IAsyncDisposable
{
    /// <summary>How long a join waits for its media connection before the next may begin: then that one may still come.</summary>
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MeetingSession? _session;
    private Task _watching = Task.CompletedTask;
    private volatile LoadLeg? _leg;
    private LoadTotals _retired;
    private List<ViewRequest> _view = [];
    private long _connectedAt;
    private long _heardAt;
    private long _seenAt;
    private volatile bool _isEnding;

    public LoadPlace Place => place;

    public LoadOptions Options => options;

    public LoadLoop Loop => loop;

    /// <summary>When the attempt to join began that got in; 0 before. Timestamps are Stopwatch's.</summary>
    public long StartedAt { get; private set; }

    /// <summary>When it got in; 0 when it did not.</summary>
    public long JoinedAt { get; private set; }

    /// <summary>When the first media packet came; 0 before.</summary>
    public long FirstMediaAt => (Volatile.Read(ref _heardAt), Volatile.Read(ref _seenAt)) switch
    {
        (0, var seen) => seen,
        (var heard, 0) => heard,
        var (heard, seen) => Math.Min(heard, seen),
    };

    /// <summary>Whether it has all kinds of media that there are for it.</summary>
    public bool HasMedia => Missing is null;

    /// <summary>Why it is not, or was not always, in its meeting; null when all is well.</summary>
    public ParleyException? Problem { get; private set; }

    /// <summary>Connections to the hub made anew.</summary>
    public int SignallingReconnects { get; private set; }

    /// <summary>Media connections made until the end, the first included.</summary>
    public int Legs { get; private set; }

    /// <summary>Why the last of them that failed did; null when none did.</summary>
    public string? LegProblem { get; private set; }

    /// <summary>How its media is protected; null before it is.</summary>
    public SrtpProfile? Profile { get; private set; }

    /// <summary>What all its media connections have counted; loop thread only.</summary>
    public LoadTotals Totals => _leg is { } leg ? _retired + leg.Totals : _retired;

    private string? Missing =>
        JoinedAt == 0 ? "has not joined"
        : Volatile.Read(ref _connectedAt) == 0 ? "got no media connection"
        : place.Hears && Volatile.Read(ref _heardAt) == 0 ? "heard nothing"
        : place.Sees > 0 && Volatile.Read(ref _seenAt) == 0 ? "saw nobody"
        : null;

    /// <summary>What is wrong with it in the end; null when nothing is.</summary>
    public ParleyException? Failure => Problem ?? (Missing is { } missing ? new ParleyException(ParleyError.Media, missing) : null);

    /// <summary>
    /// Joins and waits for the media connection, because servers take only so many handshakes at once from one address. A failure
    /// is remembered, not thrown.
    /// </summary>
    public async Task JoinAsync(ParleyServer server, string meetingId, RatePacer pacer, CancellationToken cancellation)
    {
        var join = new JoinOptions { Name = place.Name, Mic = place.Talks, Camera = place.HasCamera, PeerToPeer = false };
        try
        {
            _session = await pacer.RunAsync(
                ct =>
                {
                    StartedAt = Stopwatch.GetTimestamp();
                    return server.JoinAsync(meetingId, join, ct);
                },
                cancellation).ConfigureAwait(false);
            JoinedAt = Stopwatch.GetTimestamp();
            _watching = WatchAsync(_session);
            await Task.WhenAny(_connected.Task, Task.Delay(ConnectPatience, cancellation)).ConfigureAwait(false);
        }
        catch (ParleyException e)
        {
            Problem = e;
        }
    }

    /// <summary>The session makes a media connection.</summary>
    public LoadLeg CreateLeg(Limits limits, System.Net.IPAddress address, OpusLoop? speech)
    {
        // When a meeting is cancelled the media may end a moment before the session hears why.
        if (!_isEnding) Legs++;
        return _leg = new LoadLeg(this, limits, address, speech);
    }

    /// <summary>A media connection is over: its counts are kept. Loop thread only.</summary>
    public void Retire(LoadLeg leg)
    {
        _retired += leg.Totals;
        if (_leg == leg) _leg = null;
    }

    public void OnConnected(SrtpProfile? profile)
    {
        Profile = profile;
        Note(ref _connectedAt);
        _connected.TrySetResult();
    }

    public void OnAudio() => Note(ref _heardAt);

    public void OnVideo() => Note(ref _seenAt);

    /// <summary>From now on the end of the session is what is wanted.</summary>
    public void BeginEnd() => _isEnding = true;

    /// <summary>Leaves, if it is still in.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_session is not { } session) return;
        await session.DisposeAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
    }

    /// <summary>
    /// Whom to show: who is shown stays, free room is filled from those after oneself in the list, so that not all show the same.
    /// </summary>
    internal static List<ViewRequest> ViewOf(IReadOnlyList<Participant> participants, string ownId, IReadOnlyList<ViewRequest> before, int room)
    {
        var own = Math.Max(0, participants.ToList().FindIndex(participant => participant.Id == ownId));
        var wanted = participants.Skip(own + 1).Concat(participants.Take(own)).Where(other => other.Media.Cam && other.Id != ownId).Select(other => other.Id).ToList();
        var view = before.Where(request => wanted.Remove(request.ParticipantId)).ToList();
        view.AddRange(wanted.Take(room - view.Count).Select(id => new ViewRequest(id, VideoSourceKind.Camera, 640, 360)));
        return view;
    }

    /// <summary>The first time only.</summary>
    private static void Note(ref long moment)
    {
        if (moment == 0) Volatile.Write(ref moment, Stopwatch.GetTimestamp());
    }

    private async Task WatchAsync(MeetingSession session)
    {
        await ShowAsync(session).ConfigureAwait(false);
        await foreach (var happened in session.ReadEventsAsync().ConfigureAwait(false))
        {
            switch (happened)
            {
                case ParticipantJoined or ParticipantChanged or ParticipantGone or Reconnected when !_isEnding:
                    if (happened is Reconnected) SignallingReconnects++;
                    await ShowAsync(session).ConfigureAwait(false);
                    break;
                case MediaStateChanged { State: MediaConnectionState.Failed } failed when !_isEnding:
                    LegProblem = failed.Message;
                    break;
                case SessionEnded ended when !_isEnding:
                    Problem ??= new ParleyException(ParleyError.Lost, ended.Message);
                    break;
            }
        }
    }

    private async Task ShowAsync(MeetingSession session)
    {
        if (place.Sees == 0) return;
        var view = ViewOf(session.Participants, session.ParticipantId, _view, place.Sees);
        if (view.SequenceEqual(_view)) return;
        _view = view;
        try
        {
            await session.ShowAsync(view).ConfigureAwait(false);
        }
        catch (ParleyException e)
        {
            if (!_isEnding) Problem ??= e;
        }
    }
}
