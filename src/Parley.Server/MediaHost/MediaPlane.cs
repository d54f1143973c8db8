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
using Parley.Server.Api;
using Parley.Server.Meetings;
using Parley.Sockets;

namespace Parley.Server.MediaHost;

/// <summary>
/// The only owner of sockets and media threads: one worker with its ports, the mixer threads, the DTLS handshakes. Meetings
/// reach it through <see cref="IMediaPlane"/>; it reaches them only by posting to their events.
/// </summary>
internal sealed partial class MediaPlane : IMediaPlane, IHostedService, IMediaEvents, IDisposable
{
    /// <summary>Longer than any process runs: the fingerprint in the SDP is what is believed, and nobody renews it under a meeting.</summary>
    private static readonly TimeSpan CertificateValidity = TimeSpan.FromDays(3650);

    private readonly MediaOptions _options;
    private readonly ILogger<MediaPlane> _log;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logs;
    private readonly MixerThread[] _mixers;
    private MediaWorker? _worker;
    private MediaMetrics? _metrics;
    private DtlsIdentity? _identity;
    private DtlsHandshakes? _handshakes;
    private bool _disposed;
    private Fingerprint? _fingerprint;
    private IReadOnlyList<IPAddress> _addresses = [];
    private PublicAddress? _public;

    public MediaPlane(IOptions<ParleyOptions> options, TimeProvider time, ILoggerFactory logs)
    {
        _options = options.Value.Media;
        _time = time;
        _logs = logs;
        _log = logs.CreateLogger<MediaPlane>();
        Clock = new MediaClock(time);
        _mixers = [.. Enumerable.Range(1, Math.Max(1, Environment.ProcessorCount / 2)).Select(n => new MixerThread(n, Clock, LogFault))];
    }

    /// <summary>The engine's time.</summary>
    public MediaClock Clock { get; }

    /// <summary>The port media flows over; 0 before the start.</summary>
    public int Port => _worker?.Port ?? 0;

    /// <summary>The TCP port of media; null for none, and before the start.</summary>
    public int? TcpPort => _worker?.Tcp?.Port;

    /// <summary>What the engine has received and dropped.</summary>
    public MediaCounters? Counters => _worker?.Engine.Counters;

    internal MediaWorker Worker => _worker ?? throw new InvalidOperationException("The media plane has not been started.");

    internal bool IsRunning => _worker is not null;

    /// <summary>Runs something on the media thread, soon and in order; nothing once the plane has stopped.</summary>
    internal void Post(Action action) => _worker?.Post(action);

    internal DtlsHandshakes Handshakes => _handshakes!;

    /// <summary>What answers name now.</summary>
    internal IReadOnlyList<IceCandidate> Candidates => AdvertisedCandidates.Of(_addresses, Port, TcpPort, _public?.Current);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        LoadOpus();
        _worker = OpenPorts();
        _identity = DtlsIdentity.Create(_time.GetUtcNow(), CertificateValidity);
        _fingerprint = Fingerprint.TryParse(_identity.Fingerprint.ToSdpValue(), out var own) ? own : throw new InvalidOperationException("Our own fingerprint.");
        _handshakes = new DtlsHandshakes(_identity, time: _time, logger: _logs.CreateLogger<DtlsHandshakes>());
        _addresses = AdvertisedAddresses.Resolve([.. _options.Addresses]);
        _metrics = new MediaMetrics(_worker.Engine.Counters, () => _worker?.Sent.Failures ?? 0, _worker.Tcp);
        _worker.Start();
        foreach (var mixer in _mixers) mixer.Start();
        LogStarted(_worker.Port, TcpPort, _addresses);
        if (StunServerAddress.Parse(_options.StunServer) is not { } stun) return Task.CompletedTask;
        _public = new PublicAddress(stun, _worker, _time, _log);
        _public.Start();
        return Task.CompletedTask;
    }

    private MediaWorker OpenPorts()
    {
        UdpPort udp;
        try
        {
            udp = UdpPort.Open(_options.Port, onSegmentingEnded: LogNoSegmenting);
        }
        catch (SocketException refused)
        {
            throw new StartException(
                $"Parley:Media:Port {_options.Port} (UDP) cannot be used: {refused.Message}. "
                + "Stop what uses it, or choose another with --Parley:Media:Port=…");
        }

        try
        {
            var tcp = _options.EffectiveTcpPort is { } port ? new MediaHost.TcpPort(port, new TcpLimits(), Clock, udp.Wake) : null;
            return new MediaWorker(udp, tcp, Clock, this, LogFault);
        }
        catch (SocketException refused)
        {
            udp.Dispose();
            throw new StartException(
                $"Parley:Media:TcpPort {_options.EffectiveTcpPort} (TCP) cannot be used: {refused.Message}. "
                + "Stop what uses it, choose another with --Parley:Media:TcpPort=…, or do without with --Parley:Media:Tcp=false");
        }
    }

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
        _public?.Dispose();
        _handshakes?.Dispose();

        // The worker first: it still closes rooms, and they go from their mixers.
        _worker?.Dispose();
        foreach (var mixer in _mixers) mixer.Dispose();
        _worker = null;
        _identity?.Dispose();
        _identity = null;
    }

    /// <inheritdoc/>
    public IMeetingMedia Open(string meetingId, IMeetingMediaEvents events)
    {
        var mixer = _mixers.MinBy(thread => thread.Rooms)!;
        return new MeetingMedia(this, mixer, events);
    }

    /// <summary>What the next connection's answers are made from.</summary>
    internal PeerNegotiation Negotiate(IceCredentials local) =>
        new(RandomSource.System, local, _fingerprint!, Candidates, _options.Slots, _options.Policy);

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

    [LoggerMessage(Level = LogLevel.Information, Message = "Media on UDP port {Port} and TCP port {TcpPort}, advertised as {Addresses}")]
    private partial void LogStarted(int port, int? tcpPort, IReadOnlyList<IPAddress> addresses);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The system refuses to send many datagrams as one (UDP GSO: {Reason}); each goes alone from now on")]
    private partial void LogNoSegmenting(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A media thread met a fault of our own and went on")]
    private partial void LogFault(Exception fault);
}
