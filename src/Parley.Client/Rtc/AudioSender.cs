using Parley.Client.Media;
using Parley.Media.Sdp;
using Parley.Media.Srtp;

namespace Parley.Client.Rtc;

/// <summary>The microphone's packets on one connection, every 20 ms. Media thread only.</summary>
internal sealed class AudioSender(RtcPeer peer, NegotiatedMedia line) : IDisposable
{
    /// <summary>The RTP clock of Opus, whatever it carries (RFC 7587 §4.1).</summary>
    public const int ClockRate = 48_000;

    /// <summary>20 ms of silence (RFC 6716 §3.1: one CELT frame), for who waits for a sign of sound.</summary>
    private static ReadOnlySpan<byte> SilentPacket => [0xF8, 0xFF, 0xFE];

    /// <summary>How often silence is sent where it is.</summary>
    private const int TicksPerSilence = 10;

    private readonly RtpSender _stream = new(peer, line, ClockRate, cache: false);
    private bool _silent = true;
    private int _quietTicks;

    /// <summary>The stream under it.</summary>
    public RtpSender Stream => _stream;

    /// <summary>What is sent.</summary>
    public MicrophoneFeed? Feed { get; set; }

    /// <summary>Whether the microphone is on.</summary>
    public bool Enabled { get; set; }

    /// <summary>Whether a packet of silence is sent now and then while there is nothing else: the other end waits for one.</summary>
    public bool TellsSilence { get; set; }

    /// <summary>Whether <see cref="Tick"/> has anything to do.</summary>
    public bool IsActive => Enabled && _stream.IsOpen && (Feed is not null || TellsSilence);

    /// <summary>From now on packets can leave.</summary>
    public void Open(SrtpSessionKeys keys) => _stream.Open(keys);

    /// <summary>The loss the peer reports.</summary>
    public void OnLossReported(int percent) => Feed?.OnLossReported(percent);

    /// <summary>Sends the 20 ms that begin at an absolute tick.</summary>
    public void Tick(TimeSpan tick, TimeSpan now)
    {
        if (!IsActive)
        {
            _silent = true;
            return;
        }

        Parley.Media.Rtp.AudioLevel? level = null;
        var packet = Feed is null ? default : Feed.Read(tick, out level);
        if (!packet.IsEmpty)
        {
            _stream.Send(packet, tick, _silent, level, now);
            (_silent, _quietTicks) = (false, 0);
            return;
        }

        _silent = true;
        if (TellsSilence && _quietTicks++ % TicksPerSilence == 0) _stream.Send(SilentPacket, tick, true, null, now);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
