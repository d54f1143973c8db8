using System.Net.Sockets;
using Parley.Media;
using Parley.Media.Ice;

namespace Parley.Server.MediaHost;

/// <summary>
/// Our address on the other side of a NAT, as a STUN server tells it to the media socket. It is learnt after the start and may change;
/// a server that does not answer is a warning and no reason not to run.
/// </summary>
internal sealed partial class PublicAddress : IDisposable
{
    private static readonly TimeSpan LookUpAgain = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookUpSooner = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly StunServerAddress _server;
    private readonly MediaWorker _worker;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private object? _current;
    private bool _warned;
    private bool _disposed;

    public PublicAddress(StunServerAddress server, MediaWorker worker, TimeProvider time, ILogger log) =>
        (_server, _worker, _time, _log) = (server, worker, time, log);

    /// <summary>What the server said last; null before.</summary>
    public TransportAddress? Current => (TransportAddress?)Volatile.Read(ref _current);

    /// <summary>Begins to ask.</summary>
    public void Start() => _ = AskAsync(_stop.Token);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _stop.Cancel();
        _stop.Dispose();
    }

    /// <summary>Looks the server's name up, and now and then again: who runs one may move it.</summary>
    private async Task AskAsync(CancellationToken stopping)
    {
        TransportAddress? asked = null;
        try
        {
            while (true)
            {
                var pause = LookUpAgain;
                try
                {
                    var server = await _server.ResolveAsync(stopping);
                    if (server != asked) _worker.Post(() => _worker.Ask(new MappedAddress(server, RandomSource.System), OnNews));
                    asked = server;
                }
                catch (SocketException unknown)
                {
                    LogUnknown(_server, unknown.Message);
                    pause = LookUpSooner;
                }

                await Task.Delay(pause, _time, stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // The plane stops.
        }
    }

    /// <summary>Media thread: an answer, or none. Written to the log when it is news.</summary>
    private void OnNews(MappedAddress asked)
    {
        if (asked.IsSilent)
        {
            if (!_warned) LogSilent(_server);
            _warned = true;
            return;
        }

        _warned = false;
        if (asked.Current is not { } mapped || mapped == Current) return;
        Volatile.Write(ref _current, mapped);
        LogMapped(_server, _worker.Port, mapped);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Server} sees media port {Port} as {Mapped}; new answers name it")]
    private partial void LogMapped(StunServerAddress server, int port, TransportAddress mapped);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The STUN server {Server} does not answer; its address or this network's firewall may be wrong")]
    private partial void LogSilent(StunServerAddress server);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The STUN server {Server} is not found: {Reason}")]
    private partial void LogUnknown(StunServerAddress server, string reason);
}
