using System.Diagnostics;

namespace Parley.Media.Srtp;

/// <summary>
/// Protects the RTP packets of one stream. For one thread at a time; the streams of a session may be on different threads,
/// since each has ciphers of its own and the session's keys are immutable.
/// </summary>
/// <remarks>
/// It remembers nothing of the packets, so an index may come again: the same packet gives the same bytes. A <i>different</i>
/// packet under an index and SSRC already used would give the keystream away (RFC 3711 §9.1, RFC 7714 §10.1): one SSRC
/// belongs to one stream, and whoever numbers its packets numbers each once.
/// </remarks>
public sealed class SrtpOutboundStream : IDisposable
{
    /// <summary>The most a packet grows by.</summary>
    public const int MaxOverhead = 16;

    private readonly ISrtpCipher _cipher;

    /// <summary>A stream under the keys of the direction we send.</summary>
    public SrtpOutboundStream(SrtpSessionKeys keys) => _cipher = keys.CreateRtpCipher();

    /// <summary>Asks for the memory that <see cref="Protect"/> will need: in each step, 0 to 2, for what the one before has brought the addresses of.</summary>
    internal void Prefetch(int step)
    {
        if (step == 0) CacheLines.Prefetch(_cipher, 1);
        else if (step == 1) _cipher.Prefetch();
    }

    /// <summary>Encrypts the payload in place and appends the tag. Header, CSRCs and extensions stay clear.</summary>
    /// <param name="buffer">The RTP packet, and after it at least <see cref="MaxOverhead"/> bytes of room.</param>
    /// <param name="rtpLength">The packet's length in the buffer.</param>
    /// <param name="index">The extended sequence number, 0 to 2^48 − 1; its low 16 bits are the header's.</param>
    /// <returns>The protected packet's length.</returns>
    /// <exception cref="ArgumentException">Not an RTP packet, no room for the tag, or the index is another packet's.</exception>
    public int Protect(Span<byte> buffer, int rtpLength, long index)
    {
        var packet = buffer[..rtpLength];
        if (!SrtpHeader.TryGetRtpHeaderLength(packet, out var headerLength))
        {
            throw new ArgumentException("Not an RTP packet.", nameof(buffer));
        }

        if (buffer.Length - rtpLength < _cipher.TagLength)
        {
            throw new ArgumentException("No room for the tag.", nameof(buffer));
        }

        // A wrong index would still be sent and nobody could decrypt it, so this is checked in release builds too.
        if ((ulong)index >= (ulong)PacketIndex.End || SrtpHeader.RtpSequence(packet) != (ushort)index)
        {
            throw new ArgumentException("The index does not belong to the packet.", nameof(index));
        }

        _cipher.Seal(
            packet, headerLength, SrtpHeader.RtpSsrc(packet), index, PacketIndex.RolloverCounter(index),
            buffer.Slice(rtpLength, _cipher.TagLength));
        Debug.Assert(_cipher.TagLength <= MaxOverhead, "the overhead is the longest tag");
        return rtpLength + _cipher.TagLength;
    }

    /// <inheritdoc/>
    public void Dispose() => _cipher.Dispose();
}
