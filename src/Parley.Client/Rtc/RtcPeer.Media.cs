using System.Diagnostics.CodeAnalysis;
using Parley.Client.Audio;
using Parley.Media.Rtp;
using Parley.Media.Sdp;
using Parley.Media.Srtp;

namespace Parley.Client.Rtc;

/// <summary>The media of one connection: streams by m-line and by SSRC, packets in and out, the tick of audio.</summary>
internal sealed partial class RtcPeer
{
    /// <summary>Different SSRCs a peer may begin: an honest one begins a handful.</summary>
    private const int MaxBinds = 64;

    private readonly byte[] _sendBuffer = new byte[1_500];
    private readonly Dictionary<uint, RtpReceiver> _bySsrc = [];
    private readonly List<RtpReceiver> _receivers = [];
    private readonly List<VideoSender> _cameras = [];
    private readonly RtpExtensionMap _receiveExtensions = new();
    private SrtpSessionKeys? _outboundKeys;
    private SrtpInbound? _srtpIn;
    private SrtcpInbound? _srtcpIn;
    private SrtcpOutbound? _srtcpOut;
    private TimeSpan _nextTick = TimeSpan.MaxValue;
    private ushort _transportSequence;
    private int _binds;

    /// <summary>What has been counted.</summary>
    public RtcCounters Counters { get; } = new();

    /// <summary>The microphone; null when the session has no audio to send.</summary>
    public AudioSender? Microphone { get; private set; }

    /// <summary>The heard audio; null when the session has none to receive.</summary>
    public AudioReceiver? Heard { get; private set; }

    /// <summary>What may be sent as video, by m-line.</summary>
    public IReadOnlyList<VideoSender> Cameras => _cameras;

    /// <summary>What may be received.</summary>
    public IReadOnlyList<RtpReceiver> Receivers => _receivers;

    /// <summary>Whether the handshake has given keys.</summary>
    [MemberNotNullWhen(true, nameof(_srtpIn), nameof(_srtcpIn), nameof(_srtcpOut), nameof(_outboundKeys))]
    public bool HasKeys => _srtpIn is not null;

    /// <summary>The one buffer packets are made in.</summary>
    internal Span<byte> SendBuffer => _sendBuffer;

    private TimeSpan MediaDeadline
    {
        get
        {
            if (!HasKeys) return TimeSpan.MaxValue;
            var next = Min(Min(_nextReport, _transportCc.NextDeadline), _nextTick);
            foreach (var receiver in _receivers) next = Min(next, receiver.NextDeadline);
            return next;
        }
    }

    /// <summary>The camera or screen of an m-line.</summary>
    public VideoSender? FindCamera(string mid) => _cameras.Find(camera => camera.Mid == mid);

    /// <summary>Says that audio may now have something to do each 20 ms: a source, a sink or the microphone changed.</summary>
    public void ArmAudio(TimeSpan now)
    {
        if (_nextTick == TimeSpan.MaxValue && HasAudioWork) _nextTick = NextTickAfter(now);
    }

    internal ushort NextTransportSequence() => _transportSequence++;

    /// <summary>Sends what is protected, or a handshake's datagram, over the selected path; without one it is dropped.</summary>
    internal void SendProtected(ReadOnlySpan<byte> datagram)
    {
        if (Ice.Selected is not { } pair) return;
        Counters.PacketsSent++;
        Counters.BytesSent += datagram.Length;
        SendFrom(pair.Local, pair.Remote, datagram);
    }

    private bool HasAudioWork => Microphone is { IsActive: true } || Heard is { IsActive: true };

    private void ApplyMedia(SdpSession session)
    {
        foreach (var line in session.Media)
        {
            if (line.Rejected) continue;
            foreach (var (uri, id) in line.ReceiveExtensionIds)
            {
                if (RtpExtensionUris.TryGetType(uri, out var type)) _receiveExtensions[type] = id;
            }

            if (line.Kind == MediaKind.Audio) ApplyAudio(line);
            else ApplyVideo(line);
        }

        if (HasKeys) OpenStreams();
    }

    private void ApplyAudio(NegotiatedMedia line)
    {
        if (line.ReceivesFromUs && Microphone is null) Microphone = new AudioSender(this, line);
        if (!line.SendsToUs) return;
        if (Heard is null) _receivers.Add(Heard = new AudioReceiver(line.Mid, _options.Tap));
        BindAll(Heard, line);
    }

    private void ApplyVideo(NegotiatedMedia line)
    {
        if (line.ReceivesFromUs && FindCamera(line.Mid) is null) _cameras.Add(new VideoSender(this, line, _options.MaxVideoPayload));
        if (!line.SendsToUs) return;
        var receiver = _receivers.Find(known => known.Mid == line.Mid);
        if (receiver is null) _receivers.Add(receiver = new VideoReceiver(line.Mid, _events, _options.Tap));
        BindAll(receiver, line);
    }

    private void BindAll(RtpReceiver receiver, NegotiatedMedia line)
    {
        receiver.PayloadType = line.PayloadType;
        foreach (var ssrc in line.RemoteSsrcs) _bySsrc[ssrc] = receiver;
    }

    private void OpenMedia(SrtpSessionKeys inbound, SrtpSessionKeys outbound)
    {
        _outboundKeys = outbound;
        _srtpIn = new SrtpInbound(inbound);
        _srtcpIn = new SrtcpInbound(inbound);
        _srtcpOut = new SrtcpOutbound(outbound);
        OpenStreams();
    }

    private void OpenStreams()
    {
        Microphone?.Open(_outboundKeys!);
        foreach (var camera in _cameras) camera.Open(_outboundKeys!);
        ArmAudio(_now);
    }

    private void HandleMedia(Span<byte> datagram, TimeSpan now)
    {
        Counters.PacketsReceived++;
        Counters.BytesReceived += datagram.Length;
        if (RtpHeader.IsRtcp(datagram)) HandleRtcp(datagram, now);
        else HandleRtp(datagram, now);
    }

    private void HandleRtp(Span<byte> datagram, TimeSpan now)
    {
        if (!TryOpen(datagram, out var packet, out var index))
        {
            Counters.Dropped++;
            return;
        }

        if (packet.TryGetTransportSequenceNumber(_receiveExtensions, out var sequence))
        {
            _transportCc.OnPacket(sequence, now);
            _feedbackSsrc = packet.Ssrc;
        }

        if (!_bySsrc.TryGetValue(packet.Ssrc, out var receiver) && (receiver = FindByMid(in packet)) is null)
        {
            Counters.Dropped++;
            return;
        }

        if (packet.PayloadType != receiver.PayloadType)
        {
            Counters.Dropped++;
            return;
        }

        receiver.Bind(packet.Ssrc);
        if (_options.HeadersOnly) index = receiver.Unwrap(packet.SequenceNumber);
        receiver.OnPacket(in packet, index, now);
        if (receiver is VideoReceiver video) SendKeyframeRequest(video);
        else ArmAudio(now);
    }

    private bool TryOpen(Span<byte> datagram, out RtpPacket packet, out long index)
    {
        packet = default;
        index = -1;
        if (_options.HeadersOnly)
        {
            // How long the padding is stands in what is encrypted.
            datagram[0] &= 0xDF;
            return RtpPacket.TryParse(datagram, out packet);
        }

        var unprotected = _srtpIn!.TryUnprotect(datagram, out var length, out index);
        if (unprotected == SrtpUnprotectResult.Replayed) Counters.Replayed++;
        return unprotected == SrtpUnprotectResult.Ok && RtpPacket.TryParse(datagram[..length], out packet);
    }

    /// <summary>The m-line of an SSRC that the SDP did not announce (RFC 9143 §9.2).</summary>
    private RtpReceiver? FindByMid(in RtpPacket packet)
    {
        if (_binds >= MaxBinds || !packet.TryGetMid(_receiveExtensions, out var mid)) return null;
        foreach (var receiver in _receivers)
        {
            if (!System.Text.Ascii.Equals(mid, receiver.Mid)) continue;
            _binds++;
            return _bySsrc[packet.Ssrc] = receiver;
        }

        return null;
    }

    private void HandleMediaTimeout(TimeSpan now)
    {
        if (!HasKeys) return;
        if (now >= _nextTick) Tick(now);
        if (now >= _nextReport)
        {
            _nextReport = now + ReportInterval;
            SendReports(now);
        }

        if (now >= _transportCc.NextDeadline) SendTransportFeedback(now);
        foreach (var receiver in _receivers)
        {
            if (receiver is VideoReceiver video && now >= video.NextDeadline) HandleVideoTimeout(video, now);
        }
    }

    private void Tick(TimeSpan now)
    {
        // A thread that was held up makes up for a few ticks, and lets go of the rest: nobody waits for old sound.
        if (now - _nextTick > MaxTickDebt) _nextTick = NextTickAfter(now - MaxTickDebt);
        while (now >= _nextTick)
        {
            Microphone?.Tick(_nextTick, now);
            Heard?.Tick(_nextTick);
            _nextTick += AudioFormat.FrameDuration;
        }

        if (!HasAudioWork) _nextTick = TimeSpan.MaxValue;
    }

    private static readonly TimeSpan MaxTickDebt = TimeSpan.FromMilliseconds(200);

    private static TimeSpan NextTickAfter(TimeSpan now) =>
        new((now.Ticks / AudioFormat.FrameDuration.Ticks + 1) * AudioFormat.FrameDuration.Ticks);

    private void DisposeMedia()
    {
        Microphone?.Dispose();
        foreach (var camera in _cameras) camera.Dispose();
        foreach (var receiver in _receivers) receiver.Dispose();
        _srtpIn?.Dispose();
        _srtcpIn?.Dispose();
        _srtcpOut?.Dispose();
    }
}
