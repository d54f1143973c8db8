using System.Buffers.Binary;

namespace Parley.Media.Rtcp;

/// <summary>A generic NACK (RFC 4585 §6.2.1): enumerates the lost sequence numbers, in packet order.</summary>
public readonly ref struct GenericNack
{
    private readonly ReadOnlySpan<byte> _entries;

    private GenericNack(uint senderSsrc, uint mediaSsrc, ReadOnlySpan<byte> entries)
    {
        SenderSsrc = senderSsrc;
        MediaSsrc = mediaSsrc;
        _entries = entries;
    }

    /// <summary>Who asks.</summary>
    public uint SenderSsrc { get; }

    /// <summary>Whose packets were lost.</summary>
    public uint MediaSsrc { get; }

    /// <summary>False when it is another packet or carries no entry.</summary>
    public static bool TryParse(scoped in RtcpPacket packet, out GenericNack nack)
    {
        nack = default;
        if (!packet.IsFeedback(RtcpPacketType.TransportFeedback, RtcpFeedbackFormat.GenericNack, 12))
        {
            return false;
        }

        nack = new GenericNack(
            BinaryPrimitives.ReadUInt32BigEndian(packet.Body), BinaryPrimitives.ReadUInt32BigEndian(packet.Body[4..]), packet.Body[8..]);
        return true;
    }

    /// <summary>Walks the lost sequence numbers: at most 17 for every four bytes, not checked for repeats.</summary>
    public Enumerator GetEnumerator() => new(_entries);

    /// <summary>The walk over PIDs and BLP bits.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private ushort _pid;
        private uint _bits;

        internal Enumerator(ReadOnlySpan<byte> entries)
        {
            _rest = entries;
        }

        /// <summary>The sequence number the last <see cref="MoveNext"/> found.</summary>
        public ushort Current { get; private set; }

        /// <summary>Steps to the next lost sequence number.</summary>
        public bool MoveNext()
        {
            if (_bits == 0)
            {
                if (_rest.Length < 4)
                {
                    return false;
                }

                // Bit 0 is the PID itself; bit i of the BLP, one higher here, is PID + i + 1.
                _pid = BinaryPrimitives.ReadUInt16BigEndian(_rest);
                _bits = 1u | (uint)BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]) << 1;
                _rest = _rest[4..];
            }

            Current = (ushort)(_pid + System.Numerics.BitOperations.TrailingZeroCount(_bits));
            _bits &= _bits - 1;
            return true;
        }
    }
}
