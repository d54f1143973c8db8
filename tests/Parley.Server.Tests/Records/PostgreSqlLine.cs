using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Parley.Server.Tests.Records;

/// <summary>TCP to the server of the tests, through here: a restart of the server, as its clients see it, whenever a test wants one.</summary>
internal sealed class PostgreSqlLine : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly Lock _lock = new();
    private readonly List<Socket> _open = [];
    private readonly Task _accepting;
    private int _refusing;

    public PostgreSqlLine(PostgreSqlDatabase database)
    {
        _server = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>With the password, as an operator's is.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server.ConnectionString)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
    }.ConnectionString;

    /// <summary>Ends every connection, and the next so many as soon as they are made.</summary>
    public void Cut(int refusing)
    {
        lock (_lock)
        {
            _refusing = refusing;
            foreach (var socket in _open) socket.Dispose();
            _open.Clear();
        }
    }

    public void Dispose()
    {
        _listener.Stop();
        Cut(0);
        _accepting.Wait(TestContext.Current.CancellationToken);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) Take(await _listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private void Take(Socket client)
    {
        lock (_lock)
        {
            if (_refusing > 0)
            {
                _refusing--;
                client.Dispose();
                return;
            }

            var isFolder = _server.Host!.StartsWith('/');
            var server = isFolder ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp);
            server.Connect(isFolder ? new UnixDomainSocketEndPoint($"{_server.Host}/.s.PGSQL.{_server.Port}") : new DnsEndPoint(_server.Host, _server.Port));
            _open.AddRange([client, server]);
            _ = CarryAsync(client, server);
            _ = CarryAsync(server, client);
        }
    }

    private static async Task CarryAsync(Socket from, Socket to)
    {
        try
        {
            await using var reader = new NetworkStream(from);
            await using var writer = new NetworkStream(to);
            await reader.CopyToAsync(writer);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Cut.
        }
        finally
        {
            from.Dispose();
            to.Dispose();
        }
    }
}
