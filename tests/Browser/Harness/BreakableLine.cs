using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Parley.Browser.Harness;

/// <summary>
/// A TCP relay before the server that can be cut and mended: pages and signalling go through it, media does not. (Chromium's
/// own offline mode leaves open WebSockets alone.)
/// </summary>
internal sealed class BreakableLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, byte> _open = new();
    private readonly Uri _server;
    private readonly Task _accepting;
    private volatile bool _cut;

    public BreakableLine(Uri server)
    {
        _server = server;
        _listener.Start();
        _accepting = Accept();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Resets what is open and every later attempt, until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        _cut = true;
        foreach (var client in _open.Keys) Reset(client);
    }

    public void Mend() => _cut = false;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Cut();
        await _accepting;
    }

    private async Task Accept()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = Relay(client);
        }
    }

    private async Task Relay(TcpClient client)
    {
        using var upstream = new TcpClient();
        _open[client] = 0;
        try
        {
            if (_cut)
            {
                Reset(client);
                return;
            }

            await upstream.ConnectAsync(_server.Host, _server.Port);
            await Task.WhenAny(client.GetStream().CopyToAsync(upstream.GetStream()), upstream.GetStream().CopyToAsync(client.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or closed by either side.
        }
        finally
        {
            _open.TryRemove(client, out _);
            client.Dispose();
        }
    }

    private static void Reset(TcpClient client)
    {
        // Zero linger sends RST: the browser knows at once.
        client.LingerState = new LingerOption(true, 0);
        client.Close();
    }
}
