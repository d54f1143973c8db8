using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>SignalR: JSON over one WebSocket, without the negotiation round trip.</summary>
internal sealed class HubLink : IHubLink
{
    private const string Path = "/hub/meeting";

    /// <summary>Both sides ping every 5 s; 15 s of silence is a lost connection (protocol.md §4).</summary>
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(15);

    /// <summary>How long a closing handshake may take; whoever is that slow is cut off.</summary>
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(1);

    private readonly HubConnection _connection;
    private readonly BoundedHubProtocol _protocol = new();
    private readonly HttpMessageInvoker _http;

    public HubLink(Uri server, CertificateCheck certificates, ILoggerFactory logs, IHubEvents events)
    {
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            // By itself a WebSocket would follow a redirect, and take the secrets of a join elsewhere.
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = { RemoteCertificateValidationCallback = certificates.Validate },
        });
        var builder = new HubConnectionBuilder();
        builder.WithUrl(new Uri(server, Path), http =>
        {
            http.Transports = HttpTransportType.WebSockets;
            http.SkipNegotiation = true;
            http.CloseTimeout = ClosePatience;
            http.WebSocketFactory = OpenSocketAsync;
        });
        builder.WithKeepAliveInterval(PingEvery).WithServerTimeout(LostAfter);
        builder.Services.AddSingleton<IHubProtocol>(_protocol);
        builder.Services.AddSingleton(logs);
        _connection = builder.Build();
        _connection.Closed += _ =>
        {
            events.OnClosed();
            return Task.CompletedTask;
        };
        Pass<Participant>(MeetingEvents.ParticipantJoined, events);
        Pass<Participant>(MeetingEvents.ParticipantChanged, events);
        Pass<ParticipantLeft>(MeetingEvents.ParticipantLeft, events);
        Pass<ChatMessage>(MeetingEvents.ChatAdded, events);
        Pass<ChatReacted>(MeetingEvents.ChatReacted, events);
        Pass<ChatDeleted>(MeetingEvents.ChatDeleted, events);
        Pass<Reacted>(MeetingEvents.Reacted, events);
        Pass<Protocol.SpeakersChanged>(MeetingEvents.SpeakersChanged, events);
        Pass<SlotShown>(MeetingEvents.SlotShown, events);
        Pass<SlotQuality>(MeetingEvents.SlotQuality, events);
        Pass<SendLayers>(MeetingEvents.SendLayers, events);
        Pass<MediaConnectionChanged>(MeetingEvents.MediaState, events);
        Pass<ModeState>(MeetingEvents.ModeChanged, events);
        Pass<LinkStarted>(MeetingEvents.LinkStarted, events);
        Pass<LinkSignal>(MeetingEvents.LinkSignal, events);
        Pass<LinkEnded>(MeetingEvents.LinkEnded, events);
        Pass<InMix>(MeetingEvents.InMix, events);
        Pass<MeetingSettings>(MeetingEvents.SettingsChanged, events);
        Pass<LobbyChanged>(MeetingEvents.LobbyChanged, events);
        Pass<SwitchedOff>(MeetingEvents.SwitchedOff, events);
        Pass<AskedToUnmute>(MeetingEvents.AskedToUnmute, events);
        Pass<Removed>(MeetingEvents.Removed, events);
        Pass<Admitted>(MeetingEvents.Admitted, events);
        Pass<TurnedAway>(MeetingEvents.TurnedAway, events);
        Pass<MeetingEnded>(MeetingEvents.MeetingEnded, events);
        _connection.On(MeetingEvents.Superseded, () => events.OnEvent(new HubEvent(MeetingEvents.Superseded, null)));
    }

    public Task OpenAsync(CancellationToken cancellation) => _connection.StartAsync(cancellation);

    public async Task<Reply<T>> CallAsync<T>(string method, object?[] arguments, CancellationToken cancellation)
    {
        try
        {
            return await _connection.InvokeCoreAsync<Reply<T>>(method, arguments, cancellation).ConfigureAwait(false)
                ?? new Reply<T>(default, NotUnderstood);
        }
        catch (HubException) when (!_protocol.IsClosing)
        {
            return new Reply<T>(default, NotUnderstood);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It is gone either way, and SignalR has logged why.
        }

        _http.Dispose();
    }

    private async ValueTask<WebSocket> OpenSocketAsync(WebSocketConnectionContext where, CancellationToken cancellation)
    {
        var socket = new ClientWebSocket();
        try
        {
            await socket.ConnectAsync(where.Uri, _http, cancellation).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static ProtocolError NotUnderstood { get; } =
        new(ErrorCodes.RequestInvalid, "The server did not understand this call: it may be of another version.");

    private void Pass<T>(string name, IHubEvents events) where T : class =>
        _connection.On<T>(name, argument => events.OnEvent(new HubEvent(name, argument)));
}
