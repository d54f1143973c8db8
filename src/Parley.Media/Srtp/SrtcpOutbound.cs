using System.Buffers.Binary;

namespace Parley.Media.Srtp;

/// <summary>
/// Protects the RTCP packets of one direction and counts their index (RFC 3711 §3.4, RFC 7714 §9). For one thread at a time.
/// </summary>
/// <remarks>
/// One count serves all SSRCs of the direction: each SSRC then sees a rising index with gaps, which is all a receiver asks.
/// Two objects on the same keys would both start at zero, so a direction has one.
/// </remarks>
public sealed class SrtcpOutbound : IDisposable
{
    /// <summary>The most a packet grows by: a tag, and the word with the E flag and index.</summary>
    public const int MaxOverhead = 16 + SrtcpTrailer.Length;

    private readonly ISrtpCipher _cipher;
    private readonly bool _tagBeforeTrailer;
    private uint _index;

    /// <summary>The direction we send.</summary>
    public SrtcpOutbound(SrtpSessionKeys keys)
        : this(keys, 0)
    {
    }

    internal SrtcpOutbound(SrtpSessionKeys keys, uint firstIndex)
    {
        _cipher = keys.CreateRtcpCipher();
        _tagBeforeTrailer = SrtcpTrailer.IsAfterTag(keys.Profile);
        _index = firstIndex;
    }

    /// <summary>Encrypts a compound or reduced-size RTCP packet in place; appends the index and the tag.</summary>
    /// <param name="buffer">The packet, and after it at least <see cref="MaxOverhead"/> bytes of room.</param>
    /// <param name="rtcpLength">The packet's length in the buffer, at least 8.</param>
    /// <returns>The protected packet's length.</returns>
    /// <exception cref="ArgumentException">Not an RTCP packet, or no room.</exception>
    /// <exception cref="InvalidOperationException">2^31 packets were sent: the session must end (RFC 3711 §9.2).</exception>
    public int Protect(Span<byte> buffer, int rtcpLength)
    {
        var packet = buffer[..rtcpLength];
        if (!SrtpHeader.IsRtcp(packet))
        {
            throw new ArgumentException("Not an RTCP packet.", nameof(buffer));
        }

        var overhead = _cipher.TagLength + SrtcpTrailer.Length;
        if (buffer.Length - rtcpLength < overhead)
        {
            throw new ArgumentException("No room for index and tag.", nameof(buffer));
        }

        if (_index > SrtcpTrailer.MaxIndex)
        {
            throw new InvalidOperationException("The SRTCP index is used up.");
        }

        var index = _index++;
        var trailer = SrtcpTrailer.EncryptedFlag | index;
        var (tagAt, trailerAt) = _tagBeforeTrailer ? (0, _cipher.TagLength) : (SrtcpTrailer.Length, 0);
        _cipher.Seal(
            packet, SrtpHeader.RtcpClearLength, SrtpHeader.RtcpSsrc(packet), index, trailer,
            buffer.Slice(rtcpLength + tagAt, _cipher.TagLength));
        BinaryPrimitives.WriteUInt32BigEndian(buffer[(rtcpLength + trailerAt)..], trailer);
        return rtcpLength + overhead;
    }

    /// <inheritdoc/>
    public void Dispose() => _cipher.Dispose();
}

/// <summary>The word at the end of SRTCP: E flag and 31-bit index (RFC 3711 §3.4).</summary>
internal static class SrtcpTrailer
{
    public const int Length = sizeof(uint);

    /// <summary>Set when the packet is encrypted.</summary>
    public const uint EncryptedFlag = 1U << 31;

    public const uint MaxIndex = EncryptedFlag - 1;

    /// <summary>With AES-GCM the tag belongs to the ciphertext and comes first (RFC 7714 §9.2), else last (RFC 3711 §3.4).</summary>
    public static bool IsAfterTag(SrtpProfile profile) => profile == SrtpProfile.AeadAes128Gcm;
}
