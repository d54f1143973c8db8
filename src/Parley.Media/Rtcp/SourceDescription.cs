using System.Buffers.Binary;

namespace Parley.Media.Rtcp;

/// <summary>SDES item types (RFC 3550 §6.5) of use here.</summary>
public static class SourceDescriptionItemType
{
    /// <summary>The canonical end-point identifier (§6.5.1).</summary>
    public const byte Cname = 1;
}

/// <summary>One SDES item: its source, type and text.</summary>
public readonly ref struct SourceDescriptionItem
{
    internal SourceDescriptionItem(uint ssrc, byte type, ReadOnlySpan<byte> text)
    {
        Ssrc = ssrc;
        Type = type;
        Text = text;
    }

    /// <summary>The SSRC or CSRC of the item's chunk.</summary>
    public uint Ssrc { get; }

    /// <summary>The item type, 1–255.</summary>
    public byte Type { get; }

    /// <summary>0–255 bytes of UTF-8, as sent: unchecked.</summary>
    public ReadOnlySpan<byte> Text { get; }
}

/// <summary>An SDES packet (RFC 3550 §6.5): enumerates the items of all its chunks.</summary>
public readonly ref struct SourceDescription
{
    private readonly ReadOnlySpan<byte> _body;
    private readonly int _chunks;

    private SourceDescription(ReadOnlySpan<byte> body, int chunks)
    {
        _body = body;
        _chunks = chunks;
    }

    /// <summary>False when it is another type. A malformed chunk ends the walk; items before it were good.</summary>
    public static bool TryParse(scoped in RtcpPacket packet, out SourceDescription description)
    {
        description = packet.Type == RtcpPacketType.SourceDescription ? new SourceDescription(packet.Body, packet.Count) : default;
        return packet.Type == RtcpPacketType.SourceDescription;
    }

    /// <summary>The CNAME of a source; false when it is not here.</summary>
    public bool TryGetCname(uint ssrc, out ReadOnlySpan<byte> cname)
    {
        foreach (var item in this)
        {
            if (item.Ssrc == ssrc && item.Type == SourceDescriptionItemType.Cname)
            {
                cname = item.Text;
                return true;
            }
        }

        cname = default;
        return false;
    }

    /// <summary>Walks the items.</summary>
    public Enumerator GetEnumerator() => new(_body, _chunks);

    /// <summary>The walk over chunks and items.</summary>
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> _body;
        private int _chunksLeft;
        private int _position;
        private uint _ssrc;
        private bool _inChunk;

        internal Enumerator(ReadOnlySpan<byte> body, int chunks)
        {
            _body = body;
            _chunksLeft = chunks;
        }

        /// <summary>The item the last <see cref="MoveNext"/> found.</summary>
        public SourceDescriptionItem Current { get; private set; }

        /// <summary>Steps to the next item, over the ends of chunks.</summary>
        public bool MoveNext()
        {
            while (true)
            {
                if (!_inChunk)
                {
                    if (_chunksLeft == 0 || _body.Length - _position < 4)
                    {
                        return false;
                    }

                    _ssrc = BinaryPrimitives.ReadUInt32BigEndian(_body[_position..]);
                    _position += 4;
                    _chunksLeft--;
                    _inChunk = true;
                }

                if (_position >= _body.Length)
                {
                    return false;
                }

                var type = _body[_position];
                if (type == 0)
                {
                    // RFC 3550 §6.5: zeros end the chunk and fill it to 32 bits; the body starts on such a boundary.
                    _position = (_position + 4) & ~3;
                    _inChunk = false;
                    continue;
                }

                if (_body.Length - _position < 2 || _body[_position + 1] > _body.Length - _position - 2)
                {
                    _position = _body.Length;
                    return false;
                }

                var length = _body[_position + 1];
                Current = new SourceDescriptionItem(_ssrc, type, _body.Slice(_position + 2, length));
                _position += 2 + length;
                return true;
            }
        }
    }
}
