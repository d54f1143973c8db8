using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Parley.Client.Meetings;
using Parley.Protocol;
using Parley.Server.Tests.Meetings;

namespace Parley.Client.Tests.Meetings;

/// <summary>A server of the test's: says what it is told to say, and keeps what it is asked.</summary>
internal sealed class FakeHub
{
    private readonly Channel<FakeLink> _links = Channel.CreateUnbounded<FakeLink>();
    private int _chat;

    public ManualTime Time { get; } = new();

    public List<Participant> Participants { get; set; } = [Person("me"), Person("bob")];

    public List<ChatMessage> Chat { get; set; } = [];

    public bool Resumes { get; set; } = true;

    public string OwnId { get; set; } = "me";

    public Limits Limits { get; set; } = new(60, 120, 5000, 50, 3);

    public ModeState Mode { get; set; } = new(MeetingMode.Server, ModePin.Auto, ModeReason.Started, DateTimeOffset.UnixEpoch);

    public MeetingSettings Settings { get; set; } = new(Rights.All, false, false, false);

    public IReadOnlyList<Protocol.IceServer> IceServers { get; set; } = [];

    /// <summary>What opening does; null lets in.</summary>
    public Func<Task>? Opening { get; set; }

    /// <summary>What a call is answered with instead of the usual; null for the usual.</summary>
    public Func<FakeLink, string, object?[], Task<object>?>? Answer { get; set; }

    public static Participant Person(string id, bool mic = false) =>
        new(id, id, Role.Participant, new MediaState(mic, false), Presence.Connected, DateTimeOffset.UnixEpoch);

    public static ChatMessage Line(string id, string by = "bob", string? text = null) => new(id, by, by, text ?? id, DateTimeOffset.UnixEpoch);

    public SessionContext Context(JoinOptions? options = null, Func<MediaLegContext, IMediaLeg>? legs = null, Func<PeerLinkContext, IPeerLink>? links = null) => new(
        "quiet-harbour-k7m3q", options ?? new JoinOptions { Name = "me" }, new Uri("http://test"), Connect, legs,
        e => e as ParleyException ?? new ParleyException(ParleyError.Unreachable, e.Message), () => 0.5, Time, NullLoggerFactory.Instance)
    {
        CreateLink = links,
    };

    public Task<MeetingSession> JoinAsync(
        JoinOptions? options = null, Func<MediaLegContext, IMediaLeg>? legs = null, Func<PeerLinkContext, IPeerLink>? links = null) =>
        MeetingSession.JoinAsync(Context(options, legs, links), TestContext.Current.CancellationToken).Soon();

    /// <summary>The next connection that is made.</summary>
    public Task<FakeLink> NextLinkAsync() => _links.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();

    public Joined Joined() => new(
        OwnId, "token", Resumes, new MeetingSnapshot("quiet-harbour-k7m3q", "Weekly", "Ada", DateTimeOffset.UnixEpoch, null, Settings, [.. Participants], [.. Chat], Mode), Limits, IceServers);

    /// <summary>Breaks a connection and waits for the next attempt's timer, without letting it go off.</summary>
    public async Task<ManualTimer> LoseAsync(FakeLink link)
    {
        link.Events.OnClosed();
        return await NextRetryAsync();
    }

    /// <summary>The timer of the next attempt; those of patience are passed over.</summary>
    public Task<ManualTimer> NextRetryAsync() => Time.NextAsync(due => due < TimeSpan.FromSeconds(10) && due != TimeSpan.FromSeconds(2));

    internal Task<object> ReplyTo(FakeLink link, string method, object?[] arguments) => Answer?.Invoke(link, method, arguments) ?? Task.FromResult<object>(method switch
    {
        "join" => new Reply<Joined>(Joined(), null),
        "sendChat" => new Reply<ChatMessage>(Line($"said{Interlocked.Increment(ref _chat)}", OwnId, ((SendChat)arguments[0]!).Text), null),
        "offer" => new Reply<SessionDescriptionMessage>(new SessionDescriptionMessage("answer to " + ((SessionDescriptionMessage)arguments[0]!).Sdp), null),
        _ => new Reply<bool>(true, null),
    });

    private FakeLink Connect(IHubEvents events)
    {
        var link = new FakeLink(this, events);
        _links.Writer.TryWrite(link);
        return link;
    }
}

internal sealed class FakeLink(FakeHub hub, IHubEvents events) : IHubLink
{
    private readonly Channel<(string Method, object?[] Arguments)> _calls = Channel.CreateUnbounded<(string, object?[])>();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IHubEvents Events => events;

    public Task WhenDisposed => _closed.Task.Soon();

    /// <summary>All calls so far, by name.</summary>
    public ConcurrentQueue<string> Called { get; } = [];

    public Task OpenAsync(CancellationToken cancellation) => hub.Opening?.Invoke().WaitAsync(cancellation) ?? Task.CompletedTask;

    public async Task<Reply<T>> CallAsync<T>(string method, object?[] arguments, CancellationToken cancellation)
    {
        Called.Enqueue(method);
        _calls.Writer.TryWrite((method, arguments));
        return (Reply<T>)await hub.ReplyTo(this, method, arguments).WaitAsync(cancellation);
    }

    public void Tell(string name, object? argument = null) => events.OnEvent(new HubEvent(name, argument));

    /// <summary>The next call of this method; others before it are passed over.</summary>
    public async Task<object?[]> CallOfAsync(string method)
    {
        while (true)
        {
            var (name, arguments) = await _calls.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();
            if (name == method) return arguments;
        }
    }

    public ValueTask DisposeAsync()
    {
        _closed.TrySetResult();
        return ValueTask.CompletedTask;
    }
}
