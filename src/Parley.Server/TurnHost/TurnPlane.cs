using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using Parley.Media;
using Parley.Media.Turn;
using Parley.Protocol;
using Parley.Server.Api;
using Parley.Server.Meetings;
using Parley.Server.MediaHost;

namespace Parley.Server.TurnHost;

/// <summary>The only owner of TURN's sockets and thread: one worker with its UDP port and relay ports, the TCP and the TLS listener.</summary>
internal sealed partial class TurnPlane : IIceServers, IHostedService, IDisposable
{
    /// <summary>Port 0 wants a number that is free for UDP and TCP.</summary>
    private const int FreePortAttempts = 50;

    private readonly ParleyOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<IReadOnlyList<int>> _mediaPorts;
    private readonly ILogger<TurnPlane> _log;
    private readonly TurnSecret _secret;
    private readonly MediaClock _clock;
    private readonly ConnectionLimits _limits;
    private TurnWorker? _worker;
    private TurnListener? _tcp;
    private TurnListener? _tls;
    private TurnMetrics? _metrics;

    /// <param name="options">All settings.</param>
    /// <param name="time">For everything.</param>
    /// <param name="log">For starts and faults.</param>
    /// <param name="provider">May have a <see cref="MediaPlane"/>, whose ports are always peers; it starts before us.</param>
    public TurnPlane(IOptions<ParleyOptions> options, TimeProvider time, ILogger<TurnPlane> log, IServiceProvider provider)
        : this(options.Value, time, log, () => [.. provider.GetService<MediaPlane>()?.Workers.Select(worker => worker.Port) ?? []])
    {
    }

    internal TurnPlane(ParleyOptions options, TimeProvider time, ILogger<TurnPlane> log, Func<IReadOnlyList<int>> mediaPorts)
    {
        _options = options;
        _time = time;
        _log = log;
        _mediaPorts = mediaPorts;
        _clock = new MediaClock(time);
        _limits = new ConnectionLimits(options.Turn.Connections, options.Turn.ConnectionsPerAddress);
        _secret = options.Turn.Secret.Length > 0
            ? new TurnSecret(Encoding.UTF8.GetBytes(options.Turn.Secret))
            : TurnSecret.Create(RandomSource.System);
    }

    /// <summary>The UDP and TCP port; 0 while it does not run.</summary>
    public int Port => _worker?.Port ?? 0;

    /// <summary>The TLS port; 0 without one.</summary>
    public int TlsPort => _tls?.Port ?? 0;

    /// <summary>What the engine has done and refused.</summary>
    public TurnCounters? Counters => _worker?.Server.Counters;

    /// <summary>Allocations at this moment.</summary>
    public int Allocations => _worker?.Server.Allocations ?? 0;

    /// <summary>Open TCP and TLS connections.</summary>
    public int Connections => _limits.Count;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_options.Turn.Enabled) return Task.CompletedTask;
        var certificate = TurnCertificate.Load(_options, _time);
        var advertised = AdvertisedAddresses.Resolve([.. _options.Media.Addresses]);
        var local = AdvertisedAddresses.Resolve([]);
        var media = new OwnMedia(advertised, local, _mediaPorts());
        var addresses = new RelayAddresses(advertised);
        var limits = Limits(media, [.. advertised, .. local]);
        try
        {
            Listen(limits, addresses, media);
            if (certificate is not null) _tls = ListenTls(certificate);
        }
        catch
        {
            Dispose();
            throw;
        }

        _metrics = new TurnMetrics(_worker!.Server, () => Connections);
        _worker.Start();
        _tcp!.Start();
        _tls?.Start();
        LogStarted(Port, _tls is null ? "off" : TlsPort.ToString(CultureInfo.InvariantCulture));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics?.Dispose();
        _tcp?.Dispose();
        _tls?.Dispose();
        _worker?.Dispose();
        (_metrics, _tcp, _tls, _worker) = (null, null, null, null);
    }

    /// <inheritdoc/>
    public IReadOnlyList<IceServer> For(string user, string host, TimeSpan? lifetime = null)
    {
        if (Port is not (> 0 and var port)) return [];
        var name = InUrl(host);
        var credentials = _secret.Issue(
            user, _clock.Origin + _clock.Now, lifetime ?? TimeSpan.FromMinutes(_options.Turn.CredentialMinutes));
        var urls = new List<string> { $"turn:{name}:{port}?transport=udp", $"turn:{name}:{port}?transport=tcp" };
        if (TlsPort is > 0 and var tls) urls.Add($"turns:{name}:{tls}?transport=tcp");
        return [.. StunOnly(host), new IceServer(urls, credentials.Username, credentials.Password)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<IceServer> StunOnly(string host) =>
        Port is > 0 and var port ? [new IceServer([$"stun:{InUrl(host)}:{port}"])] : [];

    /// <summary>RFC 7065 §3.1: an IPv6 address stands in brackets.</summary>
    private static string InUrl(string host) =>
        IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 && host[0] != '['
            ? $"[{host}]"
            : host;

    private TurnServerOptions Limits(OwnMedia media, IReadOnlyList<IPAddress> own) => new()
    {
        Allocations = _options.Turn.Allocations,
        AllocationsPerUser = _options.Turn.AllocationsPerUser,
        AllocationsPerAddress = _options.Turn.AllocationsPerAddress,
        BytesPerSecond = _options.Turn.KilobytesPerSecond * 1000,
        AllowPrivatePeers = _options.Turn.AllowPrivatePeers,
        MediaAddresses = media.Addresses,
        OwnAddresses = [.. own.Select(address => TransportAddress.From(new IPEndPoint(address, 0)))],
    };

    private void Listen(TurnServerOptions limits, RelayAddresses addresses, OwnMedia media)
    {
        var asked = _options.Turn.Port;
        for (var attempt = 1; ; attempt++)
        {
            var protocol = "UDP";
            try
            {
                _worker = new TurnWorker(_options.Turn, limits, _secret, addresses, media, _clock, LogFault);
                protocol = "TCP";
                _tcp = new TurnListener(_worker.Port, _worker, _limits, null, _time, LogFault);
                return;
            }
            catch (SocketException refused)
            {
                _worker?.Dispose();
                _worker = null;
                if (asked == 0 && attempt < FreePortAttempts) continue;
                throw new StartException(
                    $"Parley:Turn:Port {asked} ({protocol}) cannot be used: {refused.Message}. "
                    + "Stop what uses it, choose another with --Parley:Turn:Port=…, or do without with --Parley:Turn:Enabled=false");
            }
        }
    }

    private TurnListener ListenTls(SslStreamCertificateContext certificate)
    {
        try
        {
            return new TurnListener(_options.Turn.TlsPort, _worker!, _limits, certificate, _time, LogFault);
        }
        catch (SocketException refused)
        {
            throw new StartException(
                $"Parley:Turn:TlsPort {_options.Turn.TlsPort} (TCP) cannot be used: {refused.Message}. "
                + "Stop what uses it, or choose another with --Parley:Turn:TlsPort=…");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "STUN and TURN on UDP and TCP port {Port}, TLS {TlsPort}")]
    private partial void LogStarted(int port, string tlsPort);

    [LoggerMessage(Level = LogLevel.Error, Message = "The TURN server met a fault of our own and went on")]
    private partial void LogFault(Exception fault);
}
