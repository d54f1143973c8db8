using System.Buffers.Binary;

namespace Parley.Media.Srtp;

/// <summary>
/// Unprotects the RTCP packets of one direction, all SSRCs (RFC 3711 §3.4, RFC 7714 §9). For one thread at a time. As with
/// <see cref="SrtpInbound"/>, only authentic packets change its state.
/// </summary>
public sealed class SrtcpInbound : IDisposable
{
    private readonly ISrtpCipher _cipher;
    private readonly ReplayWindows _windows;
    private readonly bool _tagBeforeTrailer;

    /// <param name="keys">The keys of the direction we receive.</param>
    /// <param name="maxStreams">How many sender SSRCs to keep state for; at least 1.</param>
    public SrtcpInbound(SrtpSessionKeys keys, int maxStreams = SrtpInbound.DefaultMaxStreams)
    {
        _windows = new ReplayWindows(maxStreams);
        _cipher = keys.CreateRtcpCipher();
        _tagBeforeTrailer = SrtcpTrailer.IsAfterTag(keys.Profile);
    }

    /// <summary>How many sender SSRCs have been heard authentically.</summary>
    public int StreamCount => _windows.Count;

    /// <summary>Checks a packet and decrypts it in place, if its E flag says it is encrypted.</summary>
    /// <param name="packet">The datagram. When the tag is wrong its content is undefined afterwards.</param>
    /// <param name="length">The RTCP packet's length at the front of <paramref name="packet"/>; 0 unless Ok.</param>
    /// <returns>Ok, or why the packet must be dropped.</returns>
    public SrtpUnprotectResult TryUnprotect(Span<byte> packet, out int length)
    {
        length = 0;
        var rtcpLength = packet.Length - _cipher.TagLength - SrtcpTrailer.Length;
        if (rtcpLength < SrtpHeader.RtcpClearLength || !SrtpHeader.IsRtcp(packet))
        {
            return SrtpUnprotectResult.Malformed;
        }

        var (tagAt, trailerAt) = _tagBeforeTrailer ? (0, _cipher.TagLength) : (SrtcpTrailer.Length, 0);
        var rtcp = packet[..rtcpLength];
        var tag = packet.Slice(rtcpLength + tagAt, _cipher.TagLength);
        var trailer = BinaryPrimitives.ReadUInt32BigEndian(packet[(rtcpLength + trailerAt)..]);
        var index = trailer & SrtcpTrailer.MaxIndex;
        var ssrc = SrtpHeader.RtcpSsrc(rtcp);
        var window = _windows.Find(ssrc);
        if (window is null && _windows.IsFull)
        {
            return SrtpUnprotectResult.TooManyStreams;
        }

        var verdict = window?.Check(index) ?? ReplayVerdict.Fresh;
        if (verdict != ReplayVerdict.Fresh)
        {
            return verdict == ReplayVerdict.Replayed ? SrtpUnprotectResult.Replayed : SrtpUnprotectResult.TooOld;
        }

        // An unencrypted packet is all header: nothing to decrypt, everything authenticated (RFC 7714 §9.3).
        var encrypted = (trailer & SrtcpTrailer.EncryptedFlag) != 0;
        if (!_cipher.TryOpen(rtcp, encrypted ? SrtpHeader.RtcpClearLength : rtcpLength, ssrc, index, trailer, tag))
        {
            return SrtpUnprotectResult.AuthenticationFailed;
        }

        (window ?? _windows.Add(ssrc)).Commit(index);
        length = rtcpLength;
        return SrtpUnprotectResult.Ok;
    }

    /// <inheritdoc/>
    public void Dispose() => _cipher.Dispose();
}
