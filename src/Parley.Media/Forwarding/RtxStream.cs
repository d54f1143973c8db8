using Parley.Media.Srtp;

namespace Parley.Media.Forwarding;

/// <summary>The stream of a slot's retransmissions (RFC 4588): numbers of its own, so each is another packet to SRTP.</summary>
internal sealed class RtxStream(uint ssrc, SrtpSessionKeys keys, RandomSource random) : IDisposable
{
    private readonly SrtpOutboundStream _srtp = new(keys);
    private long _sequence = random.NextUInt32() & 0x7FFF;

    /// <summary>What its packets have as SSRC.</summary>
    public uint Ssrc => ssrc;

    /// <summary>The number of the packet that is written next.</summary>
    public ushort Next => (ushort)(_sequence + 1);

    /// <summary>Protects the packet that was written as the next; its length.</summary>
    public int Protect(Span<byte> buffer, int length) => _srtp.Protect(buffer, length, ++_sequence);

    /// <inheritdoc/>
    public void Dispose() => _srtp.Dispose();
}
