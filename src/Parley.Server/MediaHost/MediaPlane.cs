using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Parley.Media;
using Parley.Media.Dtls;
using Parley.Media.Forwarding;
using Parley.Media.Ice;
using Parley.Media.Mixing;
using Parley.Media.Sdp;
using Parley.Media.Session;
using Parley.Media.Srtp;
using Parley.Server.Api;
using Parley.Server.Meetings;
using Parley.Sockets;

namespace Parley.Server.MediaHost;

/// <summary>
/// The only owner of sockets and media threads: the workers with their ports, the mixer threads, the DTLS handshakes. A meeting lives on one
/// worker. Meetings reach it through <see cref="IMediaPlane"/>; it reaches them only by posting to their events.
/// </summary>
internal sealed partial class MediaPlane : IMediaPlane, IHostedService, IMediaEvents, IDisposable
{
    /// <summary>Longer than any process runs: the fingerprint in the SDP is what is believed, and nobody renews it under a meeting.</summary>
    private static readonly TimeSpan CertificateValidity = TimeSpan.FromDays(3650);

    /// <summary>How busy a worker may be before its meetings count for less than that.</summary>
    private const double MuchToDo = 0.5;

    private readonly MediaOptions _options;
    private readonly ILogger<MediaPlane> _log;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logs;
    private MixerThread[] _mixers = [];
    private MediaWorker[] _workers = [];
    private MediaMetrics? _metrics;
    private MixerMetrics? _mixerMetrics;
    private DtlsIdentity? _identity;
    private DtlsHandshakes? _handshakes;
    private bool _disposed;
    private Fingerprint? _fingerprint;
    private IReadOnlyList<IPAddress> _addresses = [];

    public MediaPlane(IOptions<ParleyOptions> options, TimeProvider time, ILoggerFactory logs)
    {
        _options = options.Value.Media;
        _time = time;
        _logs = logs;
        _log = logs.CreateLogger<MediaPlane>();
        Clock = new MediaClock(time);
    }

    /// <summary>The engine's time.</summary>
    public MediaClock Clock { get; }

    /// <summary>Those that carry media; none before the start and after the end.</summary>
    public IReadOnlyList<MediaWorker> Workers => Volatile.Read(ref _workers);

    internal DtlsHandshakes Handshakes => _handshakes!;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        LoadOpus();
        var workers = OpenWorkers();
        _mixers = [.. workers.Select((worker, i) => new MixerThread(i + 1, worker.OpenBatch(), Clock, LogFault))];
        Volatile.Write(ref _workers, workers);
        _identity = DtlsIdentity.Create(_time.GetUtcNow(), CertificateValidity);
        _fingerprint = Fingerprint.TryParse(_identity.Fingerprint.ToSdpValue(), out var own) ? own : throw new InvalidOperationException("Our own fingerprint.");
        _handshakes = new DtlsHandshakes(_identity, time: _time, logger: _logs.CreateLogger<DtlsHandshakes>());
        _addresses = AdvertisedAddresses.Resolve([.. _options.Addresses]);
        _metrics = new MediaMetrics(workers);
        _mixerMetrics = new MixerMetrics(_mixers);
        foreach (var worker in workers) worker.Start();
        foreach (var mixer in _mixers) mixer.Start();
        var udpPorts = string.Join(", ", workers.Select(worker => worker.Port));
        var tcpPorts = string.Join(", ", workers.Select(worker => worker.Tcp?.Port).OfType<int>());
        LogStarted(udpPorts, tcpPorts, _addresses);
        LogCiphers(SrtpCiphers.Gcm, SrtpCiphers.CounterMode);
        foreach (var worker in workers) worker.Outside?.Start();
        return Task.CompletedTask;
    }

    private MediaWorker[] OpenWorkers()
    {
        var workers = new List<MediaWorker>();
        try
        {
            while (workers.Count < _options.EffectiveWorkers) workers.Add(OpenWorker(workers.Count));
            return [.. workers];
        }
        catch
        {
            foreach (var worker in workers) worker.Dispose();
            throw;
        }
    }

    /// <param name="index">Counts the ports up, where they are given.</param>
    private MediaWorker OpenWorker(int index)
    {
        var udpPort = _options.Port == 0 ? 0 : _options.Port + index;
        var tcpPort = _options.EffectiveTcpPort is > 0 and var first ? first + index : _options.EffectiveTcpPort;
        UdpPort udp;
        try
        {
            udp = UdpPort.Open(udpPort, onSegmentingEnded: LogNoSegmenting);
        }
        catch (SocketException refused)
        {
            throw new StartException(
                $"Parley:Media:Port {udpPort} (UDP) cannot be used: {refused.Message}. "
                + $"Stop what uses it, or choose another with --Parley:Media:Port=…{OneForEach(_options.Port)}");
        }

        try
        {
            var tcp = tcpPort is { } port ? new TcpPort(port, new TcpLimits(), Clock, udp.Wake) : null;
            var worker = new MediaWorker(udp, tcp, Clock, this, LogFault);
            worker.Engine.Mixing = new AudioMixerOptions { MostVoices = _options.Voices, LevelsVoices = _options.LevelVoices };
            if (StunServerAddress.Parse(_options.StunServer) is { } stun) worker.Outside = new PublicAddress(stun, worker, _time, _log);
            return worker;
        }
        catch (SocketException refused)
        {
            udp.Dispose();
            throw new StartException(
                $"Parley:Media:TcpPort {tcpPort} (TCP) cannot be used: {refused.Message}. "
                + "Stop what uses it, choose another with --Parley:Media:TcpPort=…, or do without with --Parley:Media:Tcp=false"
                + OneForEach(_options.EffectiveTcpPort ?? 0));
        }
    }

    /// <summary>Why a port is taken that nobody has named.</summary>
    private string OneForEach(int first) => first == 0 || _options.EffectiveWorkers == 1
        ? ""
        : $". Each of the {_options.EffectiveWorkers} workers takes a port, from {first} on; --Parley:Media:Workers=… says how many there are";

    private static void LoadOpus()
    {
        try
        {
            _ = OpusLibrary.Instance;
        }
        catch (DllNotFoundException missing)
        {
            throw new StartException(missing.Message);
        }
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
        // Once from the host's stop and once from the container.
        if (_disposed) return;
        _disposed = true;
        _metrics?.Dispose();
        _mixerMetrics?.Dispose();
        _handshakes?.Dispose();

        // The mixers first, which send by the workers' ports. The rooms that the workers still close have no mixer any more.
        foreach (var mixer in _mixers) mixer.Dispose();
        foreach (var worker in Workers) worker.Dispose();
        Volatile.Write(ref _workers, []);
        _identity?.Dispose();
        _identity = null;
    }

    /// <inheritdoc/>
    public IMeetingMedia Open(string meetingId, IMeetingMediaEvents events)
    {
        // Who has much to do already is not given more, however few those are who give it that; otherwise connections tell what is to come.
        var (index, worker) = Workers.Index().MinBy(one => (one.Item.Busy.Value > MuchToDo ? one.Item.Busy.Value : 0, one.Item.Connections, one.Item.Meetings));
        if (worker is null) throw new InvalidOperationException("The media plane has not been started.");
        return new MeetingMedia(this, worker, _mixers[index], events);
    }

    /// <summary>What answers of a worker's meetings name now.</summary>
    internal IReadOnlyList<IceCandidate> CandidatesOf(MediaWorker worker) =>
        AdvertisedCandidates.Of(_addresses, worker.Port, worker.Tcp?.Port, worker.Outside?.Current);

    /// <summary>What the next connection's answers are made from.</summary>
    internal PeerNegotiation Negotiate(IceCredentials local, MediaWorker worker) =>
        new(RandomSource.System, local, _fingerprint!, CandidatesOf(worker), _options.Slots, _options.Policy);

    void IMediaEvents.OnConnectionState(PeerConnection connection, IceState state, IceStateReason reason) =>
        (connection.Tag as MediaPeer)?.OnIceState(state);

    void IMediaEvents.OnSlotShown(PeerConnection viewer, string mid, PeerConnection? source, VideoKind kind)
    {
        if (viewer.Tag is MediaPeer peer) peer.OnSlotShown(mid, source?.Tag as MediaPeer, kind);
    }

    void IMediaEvents.OnSlotQuality(PeerConnection viewer, string mid, SlotLevel level, SlotLimit limit)
    {
        if (viewer.Tag is MediaPeer peer) peer.OnSlotQuality(mid, level, limit);
    }

    void IMediaEvents.OnLayersWanted(PeerConnection sender, VideoKind kind, int layers)
    {
        if (sender.Tag is MediaPeer peer) peer.OnLayersWanted(kind, layers);
    }

    void IMediaEvents.OnSpeakers(Room room, IReadOnlyList<PeerConnection> speaking, PeerConnection? dominant)
    {
        var ids = speaking.Select(connection => (connection.Tag as MediaPeer)?.ParticipantId).OfType<string>().ToList();
        (room.Tag as MeetingMedia)?.Events.OnSpeakers(ids, (dominant?.Tag as MediaPeer)?.ParticipantId);
    }

    void IMediaEvents.OnInMix(PeerConnection voice, PeerConnection listener, uint rtpTimestamp)
    {
        if (voice.Tag is MediaPeer speaker && listener.Tag is MediaPeer peer)
            (voice.Room.Tag as MeetingMedia)?.Events.OnInMix(speaker.ParticipantId, peer.ParticipantId, rtpTimestamp);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Media on UDP port {UdpPorts} and TCP port {TcpPorts}, advertised as {Addresses}")]
    private partial void LogStarted(string udpPorts, string tcpPorts, IReadOnlyList<IPAddress> addresses);

    [LoggerMessage(Level = LogLevel.Information, Message = "SRTP is encrypted by {Gcm} (AES-GCM) and {CounterMode} (AES-CM)")]
    private partial void LogCiphers(string gcm, string counterMode);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The system refuses to send many datagrams as one (UDP GSO: {Reason}); each goes alone from now on")]
    private partial void LogNoSegmenting(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A media thread met a fault of our own and went on")]
    private partial void LogFault(Exception fault);
}
