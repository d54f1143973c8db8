using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Parley.SideBySide.Janus;

/// <summary>One session over one WebSocket (subprotocol janus-protocol), with many handles. Calls may be made from many threads.</summary>
internal sealed class JanusSession : IAsyncDisposable
{
    private const int LongestMessage = 4 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Janus ends a session it has not heard of for a minute.</summary>
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JanusMessage>> _waiting = new();
    private Task _receiving = Task.CompletedTask;
    private Task _keepingAlive = Task.CompletedTask;
    private long _id;
    private int _transactions;

    private JanusSession()
    {
    }

    /// <summary>Connects and makes the session.</summary>
    /// <exception cref="JanusException">There is no Janus.</exception>
    public static async Task<JanusSession> ConnectAsync(Uri address, CancellationToken cancellation)
    {
        var session = new JanusSession();
        try
        {
            session._socket.Options.AddSubProtocol("janus-protocol");
            await session._socket.ConnectAsync(address, cancellation).ConfigureAwait(false);
            session._receiving = session.ReceiveAsync();
            session._id = (await session.RequestAsync(new JsonObject { ["janus"] = "create" }, cancellation).ConfigureAwait(false)).Id;
            session._keepingAlive = session.KeepAliveAsync();
            return session;
        }
        catch (Exception e) when (e is WebSocketException or JanusException)
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw new JanusException($"There is no Janus at {address}: {e.Message}", e);
        }
    }

    /// <summary>Attaches to a plugin.</summary>
    /// <returns>The handle.</returns>
    public async Task<long> AttachAsync(string plugin, CancellationToken cancellation) =>
        (await RequestAsync(new JsonObject { ["janus"] = "attach", ["session_id"] = _id, ["plugin"] = plugin }, cancellation).ConfigureAwait(false)).Id;

    /// <summary>Asks a plugin something and waits for what it says, beyond the ack.</summary>
    /// <param name="handle">As attached.</param>
    /// <param name="body">The plugin's request.</param>
    /// <param name="sdp">Our offer or answer; null for none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="JanusException">It said no, or nothing.</exception>
    public Task<JanusMessage> AskAsync(long handle, JsonObject body, (string Type, string Sdp)? sdp, CancellationToken cancellation)
    {
        var request = new JsonObject { ["janus"] = "message", ["session_id"] = _id, ["handle_id"] = handle, ["body"] = body };
        if (sdp is var (type, text)) request["jsep"] = new JsonObject { ["type"] = type, ["sdp"] = text };
        return RequestAsync(request, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_id != 0 && _socket.State == WebSocketState.Open)
        {
            try
            {
                await RequestAsync(new JsonObject { ["janus"] = "destroy", ["session_id"] = _id }, CancellationToken.None).ConfigureAwait(false);
            }
            catch (JanusException)
            {
                // Then it is gone already.
            }
        }

        await _ending.CancelAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
        await _keepingAlive.ConfigureAwait(false);
        _socket.Dispose();
        _sending.Dispose();
        _ending.Dispose();
    }

    private async Task<JanusMessage> RequestAsync(JsonObject request, CancellationToken cancellation)
    {
        var transaction = Interlocked.Increment(ref _transactions).ToString(CultureInfo.InvariantCulture);
        request["transaction"] = transaction;
        var answered = new TaskCompletionSource<JanusMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[transaction] = answered;
        try
        {
            await SendAsync(request, cancellation).ConfigureAwait(false);
            var answer = await answered.Task.WaitAsync(Patience, cancellation).ConfigureAwait(false);
            return answer.Error is { } error ? throw new JanusException($"Janus refused {Named(request)}: {error}.") : answer;
        }
        catch (Exception e) when (e is TimeoutException or WebSocketException or ObjectDisposedException)
        {
            throw new JanusException($"Janus did not answer {Named(request)}: {e.Message}", e);
        }
        finally
        {
            _waiting.TryRemove(transaction, out _);
        }
    }

    private static string Named(JsonObject request) => (request["body"]?["request"] ?? request["janus"])!.ToString();

    private async Task SendAsync(JsonObject request, CancellationToken cancellation)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(request);
        await _sending.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await _socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task KeepAliveAsync()
    {
        using var timer = new PeriodicTimer(KeepAliveInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token).ConfigureAwait(false))
            {
                // It is answered by an ack, which nobody waits for.
                await SendAsync(new JsonObject { ["janus"] = "keepalive", ["session_id"] = _id, ["transaction"] = "keepalive" }, _ending.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // It ends, or who receives tells why.
        }
    }

    private async Task ReceiveAsync()
    {
        var why = "the connection was closed";
        var buffer = new byte[64 << 10];
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
                var received = await _socket.ReceiveAsync(buffer.AsMemory(length), _ending.Token).ConfigureAwait(false);
                if (received.MessageType == WebSocketMessageType.Close) break;
                length += received.Count;
                if (length > LongestMessage) throw new WebSocketException("a message was too long");
                if (!received.EndOfMessage) continue;
                if (JanusMessage.TryParse(buffer.AsSpan(0, length), out var message)) OnMessage(message);
                length = 0;
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            why = e.Message;
        }

        foreach (var left in _waiting.Values) left.TrySetException(new JanusException($"Janus is gone: {why}."));
    }

    private void OnMessage(JanusMessage message)
    {
        if (!message.IsAck && message.Transaction is { } transaction && _waiting.TryGetValue(transaction, out var waiting)) waiting.TrySetResult(message);
    }
}
