namespace Parley.Media.Srtp;

/// <summary>
/// Unprotects the RTP packets of one direction, all SSRCs (RFC 3711 §3.3). For one thread at a time. State of an SSRC is
/// made and changed only by packets whose tag was right, so forged ones can neither fill the table nor move a window.
/// </summary>
public sealed class SrtpInbound : IDisposable
{
    /// <summary>How many SSRCs a direction may have unless told otherwise: three simulcast layers with RTX are seven.</summary>
    public const int DefaultMaxStreams = 64;

    private readonly ISrtpCipher _cipher;
    private readonly ReplayWindows _windows;

    /// <param name="keys">The keys of the direction we receive.</param>
    /// <param name="maxStreams">How many SSRCs to keep state for; at least 1.</param>
    public SrtpInbound(SrtpSessionKeys keys, int maxStreams = DefaultMaxStreams)
    {
        _windows = new ReplayWindows(maxStreams);
        _cipher = keys.CreateRtpCipher();
    }

    /// <summary>How many SSRCs have been heard authentically.</summary>
    public int StreamCount => _windows.Count;

    /// <summary>Checks a packet and decrypts it in place.</summary>
    /// <param name="packet">The datagram. When the tag is wrong its content is undefined afterwards.</param>
    /// <param name="length">The RTP packet's length at the front of <paramref name="packet"/>; 0 unless Ok.</param>
    /// <param name="index">The extended sequence number by the sender's count (ROC and SEQ); 0 unless Ok.</param>
    /// <returns>Ok, or why the packet must be dropped.</returns>
    public SrtpUnprotectResult TryUnprotect(Span<byte> packet, out int length, out long index)
    {
        length = 0;
        index = 0;
        var rtpLength = packet.Length - _cipher.TagLength;
        if (rtpLength < SrtpHeader.RtpFixedLength
            || !SrtpHeader.TryGetRtpHeaderLength(packet[..rtpLength], out var headerLength))
        {
            return SrtpUnprotectResult.Malformed;
        }

        var rtp = packet[..rtpLength];
        var ssrc = SrtpHeader.RtpSsrc(rtp);
        var window = _windows.Find(ssrc);
        if (window is null && _windows.IsFull)
        {
            return SrtpUnprotectResult.TooManyStreams;
        }

        var estimate = PacketIndex.Estimate(window?.Highest ?? -1, SrtpHeader.RtpSequence(rtp));
        if (estimate is < 0 or >= PacketIndex.End)
        {
            return SrtpUnprotectResult.TooOld;
        }

        // The window before the tag: a replay must not cost a decryption.
        var verdict = window?.Check(estimate) ?? ReplayVerdict.Fresh;
        if (verdict != ReplayVerdict.Fresh)
        {
            return verdict == ReplayVerdict.Replayed ? SrtpUnprotectResult.Replayed : SrtpUnprotectResult.TooOld;
        }

        if (!_cipher.TryOpen(rtp, headerLength, ssrc, estimate, PacketIndex.RolloverCounter(estimate), packet[rtpLength..]))
        {
            return SrtpUnprotectResult.AuthenticationFailed;
        }

        (window ?? _windows.Add(ssrc)).Commit(estimate);
        length = rtpLength;
        index = estimate;
        return SrtpUnprotectResult.Ok;
    }

    /// <inheritdoc/>
    public void Dispose() => _cipher.Dispose();
}
