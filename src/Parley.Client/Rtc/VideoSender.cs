using Parley.Media.Rtcp;
using Parley.Media.Sdp;
using Parley.Media.Srtp;
using Parley.Media.Video;

namespace Parley.Client.Rtc;

/// <summary>A camera or screen on its way out: packetizes, sends, repeats what was lost. Media thread only.</summary>
internal sealed class VideoSender : IDisposable
{
    /// <summary>The RTP clock of all video (RFC 7741 §4.1).</summary>
    public const int ClockRate = 90_000;

    /// <summary>A keyframe at most this often, however many ask: each costs several times a frame.</summary>
    private static readonly TimeSpan KeyframeInterval = TimeSpan.FromMilliseconds(300);

    private readonly RtpSender _stream;
    private readonly byte[] _payload;
    private TimeSpan _lastKeyframeRequest = TimeSpan.MinValue;
    private TimeSpan _captureOffset;
    private ushort _pictureId;

    /// <param name="peer">Whose it is.</param>
    /// <param name="line">Its m-line, which sends.</param>
    /// <param name="maxPayload">The most bytes of a packet's payload.</param>
    public VideoSender(RtcPeer peer, NegotiatedMedia line, int maxPayload)
    {
        _payload = new byte[maxPayload];
        Mid = line.Mid;
        _stream = new RtpSender(peer, line, ClockRate, cache: true);
        _pictureId = (ushort)(peer.Random.NextUInt32() & 0x7FFF);
    }

    /// <summary>The m-line.</summary>
    public string Mid { get; }

    /// <summary>The stream under it.</summary>
    public RtpSender Stream => _stream;

    /// <summary>Whether the camera is on.</summary>
    public bool Enabled { get; set; }

    /// <summary>From now on packets can leave.</summary>
    public void Open(SrtpSessionKeys keys) => _stream.Open(keys);

    /// <summary>Sends one encoded picture.</summary>
    /// <param name="frame">VP8 (RFC 6386).</param>
    /// <param name="captureTime">When it was taken, on the source's clock.</param>
    /// <param name="now">The present.</param>
    public void Send(ReadOnlySpan<byte> frame, TimeSpan captureTime, TimeSpan now)
    {
        if (!Enabled || !_stream.IsOpen) return;
        _captureOffset = captureTime - now;
        _pictureId = (ushort)((_pictureId + 1) & 0x7FFF);
        var packets = new Vp8Packetizer(frame, _pictureId, _payload.Length);
        while (packets.TryNext(_payload, out var length, out var last)) _stream.Send(_payload.AsSpan(0, length), captureTime, last, null, now);
    }

    /// <summary>What a sender report says: the source's clock is not ours, so its last picture ties them.</summary>
    public SenderInfo Report(NtpTime time, TimeSpan now) => _stream.Report(time, now + _captureOffset);

    /// <summary>Whether the peer's wish for a keyframe should reach the source: not more often than serves.</summary>
    public bool TakeKeyframeRequest(TimeSpan now)
    {
        if (!Enabled || (_lastKeyframeRequest != TimeSpan.MinValue && now - _lastKeyframeRequest < KeyframeInterval)) return false;
        _lastKeyframeRequest = now;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
