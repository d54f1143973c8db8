using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Parley.Server.Tests.Meetings;

namespace Parley.Server.Tests.Signalling;

/// <summary>A client that writes and reads SignalR's JSON by hand: to see the order on the wire, to read nothing, to send rubbish.</summary>
internal sealed class WireClient : IDisposable
{
    private const char End = '\u001E';

    private readonly ClientWebSocket _socket = new();
    private readonly Queue<JsonElement> _messages = new();
    private readonly StringBuilder _rest = new();
    private readonly byte[] _buffer = new byte[64 * 1024];

    public static async Task<WireClient> ConnectAsync(TestServer server)
    {
        var client = new WireClient();
        using var handler = new SocketsHttpHandler
        {
            // A small window, so that a client that does not read is a burden soon.
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4096 };
                await socket.ConnectAsync(server.Address.Host, server.Address.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        var address = new UriBuilder(server.Address) { Scheme = "ws", Path = "/hub/meeting" }.Uri;
        await client._socket.ConnectAsync(address, invoker, TestContext.Current.CancellationToken).Soon();
        await client.SendAsync("""{"protocol":"json","version":1}""");
        Assert.Equal("{}", (await client.NextAsync()).GetRawText());
        return client;
    }

    public Task SendAsync(string message) => _socket.SendAsync(
        Encoding.UTF8.GetBytes(message + End), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken).Soon();

    public Task InvokeAsync(string id, string method, string arguments) =>
        SendAsync($$"""{"type":1,"invocationId":"{{id}}","target":"{{method}}","arguments":[{{arguments}}]}""");

    /// <summary>The next message but pings.</summary>
    public async Task<JsonElement> NextAsync()
    {
        while (true)
        {
            while (_messages.TryDequeue(out var message))
            {
                if (!message.TryGetProperty("type", out var type) || type.GetInt32() != 6) return message;
            }

            var received = await _socket.ReceiveAsync(_buffer, TestContext.Current.CancellationToken).Soon();
            Assert.NotEqual(WebSocketMessageType.Close, received.MessageType);
            _rest.Append(Encoding.UTF8.GetString(_buffer, 0, received.Count));
            var parts = _rest.ToString().Split(End);
            foreach (var part in parts[..^1]) _messages.Enqueue(JsonDocument.Parse(part).RootElement);
            _rest.Clear().Append(parts[^1]);
        }
    }

    /// <summary>The completion of this call; events before it are passed over.</summary>
    public async Task<JsonElement> ReplyAsync(string id)
    {
        while (true)
        {
            var message = await NextAsync();
            if (message.GetProperty("type").GetInt32() == 3 && message.GetProperty("invocationId").GetString() == id) return message;
        }
    }

    public void Dispose() => _socket.Dispose();
}
