using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Parley.Media;
using Parley.Media.Turn;

namespace Parley.Server.TurnHost;

/// <summary>Takes TCP connections, with TLS when it has a certificate, and runs them.</summary>
internal sealed class TurnListener : IDisposable
{
    private const int Backlog = 256;

    /// <summary>What the system keeps for a client that does not read: half a second of one's video, and not minutes.</summary>
    private const int SendBufferBytes = 256 * 1024;

    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromMilliseconds(100);

    private static int s_connections;

    private readonly Socket _socket;
    private readonly TurnWorker _worker;
    private readonly ConnectionLimits _limits;
    private readonly SslStreamCertificateContext? _certificate;
    private readonly Action<Exception> _onFault;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end = new();

    /// <param name="port">0 takes a free one.</param>
    /// <param name="worker">Who understands what comes.</param>
    /// <param name="limits">Shared with other listeners.</param>
    /// <param name="certificate">Null: plain TCP.</param>
    /// <param name="time">For pauses.</param>
    /// <param name="onFault">Told of faults of our own.</param>
    /// <exception cref="SocketException">The port cannot be bound.</exception>
    public TurnListener(
        int port,
        TurnWorker worker,
        ConnectionLimits limits,
        SslStreamCertificateContext? certificate,
        TimeProvider time,
        Action<Exception> onFault)
    {
        (_worker, _limits, _certificate, _time, _onFault) = (worker, limits, certificate, time, onFault);
        var dual = Socket.OSSupportsIPv6;
        _socket = new Socket(dual ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (dual) _socket.DualMode = true;

            // A port that is only in TIME_WAIT can be had; on Windows the option would mean one that somebody else has.
            if (!OperatingSystem.IsWindows()) _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            _socket.Bind(new IPEndPoint(dual ? IPAddress.IPv6Any : IPAddress.Any, port));
            _socket.Listen(Backlog);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
    }

    /// <summary>The port bound.</summary>
    public int Port { get; }

    /// <summary>Begins to take connections.</summary>
    public void Start() => _ = AcceptAsync();

    /// <summary>Takes none any more; those there are stay.</summary>
    public void Dispose()
    {
        _end.Cancel();
        _socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(_end.Token);
                _ = ServeAsync(socket);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // Gone before we looked, or no descriptor is left: not again at once.
                await Task.Delay(PauseAfterFault, _time);
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            if (socket.RemoteEndPoint is not IPEndPoint remote || socket.LocalEndPoint is not IPEndPoint local)
            {
                socket.Dispose();
                return;
            }

            var client = TransportAddress.From(remote);
            if (!_limits.TryAdd(client))
            {
                socket.Dispose();
                return;
            }

            try
            {
                await ServeAsync(socket, client, local.Address);
            }
            finally
            {
                _limits.Remove(client);
            }
        }
        catch (Exception e) when (
            e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or AuthenticationException)
        {
            // The client was gone before it began, or spoke no TLS.
            socket.Dispose();
        }
        catch (Exception fault)
        {
            socket.Dispose();
            _onFault(fault);
        }
    }

    private async Task ServeAsync(Socket socket, TransportAddress client, IPAddress local)
    {
        socket.NoDelay = true;
        socket.SendBufferSize = SendBufferBytes;
        var connection = new TurnConnection(
            new TurnFlow(client, Interlocked.Increment(ref s_connections)), socket, local, _worker);
        _worker.Add(connection);
        try
        {
            await using var plain = new NetworkStream(socket, ownsSocket: true);
            if (_certificate is null)
            {
                await connection.RunAsync(plain);
                return;
            }

            // The worker ends a handshake that takes too long like any connection that leads to nothing.
            await using var secure = new SslStream(plain);
            await secure.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificateContext = _certificate }, connection.Ended);
            await connection.RunAsync(secure);
        }
        finally
        {
            connection.Abort();
            _worker.Remove(connection);
        }
    }
}
