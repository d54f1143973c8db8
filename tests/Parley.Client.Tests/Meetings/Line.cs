using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Parley.Client.Tests.Meetings;

/// <summary>A way to a server that can be cut: connections break, and new ones are refused at once while it is down.</summary>
internal sealed class Line : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _open = [];
    private readonly Uri _server;
    private readonly Task _accepting;
    private bool _isDown;

    public Line(Uri server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}");

    public void Cut()
    {
        lock (_lock)
        {
            _isDown = true;
            Drop();
        }
    }

    public void Mend()
    {
        lock (_lock) _isDown = false;
    }

    /// <summary>Breaks what is open, and takes new connections.</summary>
    public void Break()
    {
        lock (_lock) Drop();
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        _listener.Stop();
        await _accepting;
    }

    private void Drop()
    {
        // A reset rather than a farewell: the other side learns of it at once.
        foreach (var socket in _open) socket.Close(0);

        _open.Clear();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket near;
            try
            {
                near = await _listener.AcceptSocketAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = CarryAsync(near);
        }
    }

    private async Task CarryAsync(Socket near)
    {
        var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        lock (_lock)
        {
            if (_isDown)
            {
                near.Dispose();
                far.Dispose();
                return;
            }

            _open.AddRange([near, far]);
        }

        try
        {
            await far.ConnectAsync(_server.Host, _server.Port);
            await using var here = new NetworkStream(near);
            await using var there = new NetworkStream(far);
            await await Task.WhenAny(here.CopyToAsync(there), there.CopyToAsync(here));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Broken, by the test or by the server.
        }

        lock (_lock)
        {
            _open.Remove(near);
            _open.Remove(far);
        }

        near.Dispose();
        far.Dispose();
    }
}
