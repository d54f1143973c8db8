using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Parley.Protocol;
using Parley.Server.Tests.Meetings;

namespace Parley.Server.Tests.Signalling;

/// <summary>A client as the C# one will be: SignalR's own, with everything it was sent in order.</summary>
internal sealed class TestClient : IAsyncDisposable
{
    private readonly HubConnection _connection;
    private readonly Channel<(string Name, object? Argument)> _events = Channel.CreateUnbounded<(string, object?)>();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TestClient(HubConnection connection)
    {
        _connection = connection;
        _connection.Closed += _ =>
        {
            _closed.TrySetResult();
            return Task.CompletedTask;
        };
        Record<Participant>(MeetingEvents.ParticipantJoined);
        Record<Participant>(MeetingEvents.ParticipantChanged);
        Record<ParticipantLeft>(MeetingEvents.ParticipantLeft);
        Record<ChatMessage>(MeetingEvents.ChatAdded);
        Record<ChatReacted>(MeetingEvents.ChatReacted);
        Record<ChatDeleted>(MeetingEvents.ChatDeleted);
        Record<Reacted>(MeetingEvents.Reacted);
        Record<SpeakersChanged>(MeetingEvents.SpeakersChanged);
        Record<SlotShown>(MeetingEvents.SlotShown);
        Record<SlotQuality>(MeetingEvents.SlotQuality);
        Record<SendLayers>(MeetingEvents.SendLayers);
        Record<MediaConnectionChanged>(MeetingEvents.MediaState);
        Record<LinkStarted>(MeetingEvents.LinkStarted);
        Record<LinkSignal>(MeetingEvents.LinkSignal);
        Record<MeetingSettings>(MeetingEvents.SettingsChanged);
        Record<LobbyChanged>(MeetingEvents.LobbyChanged);
        Record<SwitchedOff>(MeetingEvents.SwitchedOff);
        Record<AskedToUnmute>(MeetingEvents.AskedToUnmute);
        Record<Removed>(MeetingEvents.Removed);
        Record<Admitted>(MeetingEvents.Admitted);
        Record<TurnedAway>(MeetingEvents.TurnedAway);
        Record<MeetingEnded>(MeetingEvents.MeetingEnded);
        _connection.On(MeetingEvents.Superseded, () => _events.Writer.TryWrite((MeetingEvents.Superseded, null)));
    }

    /// <summary>Done when the server has closed the connection.</summary>
    public Task WhenClosed => _closed.Task.Soon();

    public static Task<TestClient> ConnectAsync(TestServer server, HttpTransportType transport = HttpTransportType.WebSockets) =>
        ConnectAsync(server.Address, transport);

    public static async Task<TestClient> ConnectAsync(Uri server, HttpTransportType transport = HttpTransportType.WebSockets)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(server, "/hub/meeting"), transport)
            .AddJsonProtocol(json => ProtocolJson.Configure(json.PayloadSerializerOptions))
            .Build();
        var client = new TestClient(connection);
        await connection.StartAsync(TestContext.Current.CancellationToken).Soon();
        return client;
    }

    public Task<Reply<Joined>> JoinAsync(string? meetingId, string? name, string? token = null, string? secret = null, bool peerToPeer = false, string? passcode = null) =>
        CallAsync<Joined>("join", new JoinRequest(meetingId, name, token, secret, new MediaState(false, false), new Abilities(peerToPeer), Passcode: passcode));

    public Task<Reply<ChatMessage>> SayAsync(string text, string? clientId = null, string? to = null) =>
        CallAsync<ChatMessage>("sendChat", new SendChat(clientId ?? Guid.NewGuid().ToString(), text, to));

    public Task<Reply<T>> CallAsync<T>(string method, params object?[] arguments) =>
        _connection.InvokeCoreAsync<Reply<T>>(method, arguments, TestContext.Current.CancellationToken).Soon();

    /// <summary>The next event of this name; others before it are passed over.</summary>
    public async Task<T> UntilAsync<T>(string name)
    {
        while (true)
        {
            var (next, argument) = await _events.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();
            if (next == name) return (T)argument!;
        }
    }

    /// <summary>What has come until now and was not read.</summary>
    public IReadOnlyList<string> Unread()
    {
        var names = new List<string>();
        while (_events.Reader.TryRead(out var next)) names.Add(next.Name);
        return names;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private void Record<T>(string name) => _connection.On<T>(name, argument => _events.Writer.TryWrite((name, argument)));
}
