using System.Buffers.Binary;

namespace Parley.Media.Rtp;

/// <summary>One RTP packet (RFC 3550 §5.1) as a view of the caller's bytes: nothing is copied or allocated.</summary>
public readonly ref struct RtpPacket
{
    private readonly ReadOnlySpan<byte> _packet;
    private readonly int _extensionOffset;
    private readonly int _extensionLength;

    private RtpPacket(ReadOnlySpan<byte> packet, int extensionOffset, int extensionLength, int headerLength, int paddingLength)
    {
        _packet = packet;
        _extensionOffset = extensionOffset;
        _extensionLength = extensionLength;
        HeaderLength = headerLength;
        PaddingLength = paddingLength;
    }

    /// <summary>
    /// Reads a packet. False when the version is not 2, when CSRCs, extension or padding reach past the end, or when the
    /// padding count is zero; extension elements are judged only when they are looked at.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> packet, out RtpPacket rtp)
    {
        rtp = default;
        if (packet.Length < RtpHeader.MinimumLength || packet[0] >> 6 != RtpHeader.Version)
        {
            return false;
        }

        var headerLength = RtpHeader.MinimumLength + (packet[0] & 0x0F) * 4;
        var extensionOffset = 0;
        var extensionLength = 0;
        if ((packet[0] & 0x10) != 0)
        {
            extensionOffset = headerLength + 4;
            if (packet.Length < extensionOffset)
            {
                return false;
            }

            extensionLength = BinaryPrimitives.ReadUInt16BigEndian(packet[(headerLength + 2)..]) * 4;
            headerLength = extensionOffset + extensionLength;
        }

        if (packet.Length < headerLength)
        {
            return false;
        }

        var paddingLength = 0;
        if ((packet[0] & 0x20) != 0)
        {
            // RFC 3550 §5.1: the last byte counts the padding, itself included.
            paddingLength = packet[^1];
            if (paddingLength == 0 || paddingLength > packet.Length - headerLength)
            {
                return false;
            }
        }

        rtp = new RtpPacket(packet, extensionOffset, extensionLength, headerLength, paddingLength);
        return true;
    }

    /// <summary>The marker bit; for video the last packet of a frame (RFC 7741 §4.1).</summary>
    public bool Marker => (_packet[1] & 0x80) != 0;

    /// <summary>The payload type, 0–127.</summary>
    public byte PayloadType => (byte)(_packet[1] & 0x7F);

    /// <summary>The sequence number; compare with <see cref="SequenceNumbers"/>.</summary>
    public ushort SequenceNumber => BinaryPrimitives.ReadUInt16BigEndian(_packet[2..]);

    /// <summary>The timestamp, in units of the payload's clock.</summary>
    public uint Timestamp => BinaryPrimitives.ReadUInt32BigEndian(_packet[4..]);

    /// <summary>The synchronization source.</summary>
    public uint Ssrc => BinaryPrimitives.ReadUInt32BigEndian(_packet[8..]);

    /// <summary>How many contributing sources there are, 0–15.</summary>
    public int CsrcCount => _packet[0] & 0x0F;

    /// <summary>The contributing source at <paramref name="index"/>, 0 to <see cref="CsrcCount"/> − 1.</summary>
    public uint GetCsrc(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)CsrcCount, nameof(index));
        return BinaryPrimitives.ReadUInt32BigEndian(_packet[(RtpHeader.MinimumLength + index * 4)..]);
    }

    /// <summary>Whether the X bit is set.</summary>
    public bool HasExtension => _extensionOffset != 0;

    /// <summary>The 16 bits "defined by profile": 0xBEDE or 0x1000–0x100F for RFC 8285 elements; 0 without an extension.</summary>
    public ushort ExtensionProfile => HasExtension ? BinaryPrimitives.ReadUInt16BigEndian(_packet[(_extensionOffset - 4)..]) : (ushort)0;

    /// <summary>The extension's bytes after its four-byte header; empty without one.</summary>
    public ReadOnlySpan<byte> ExtensionBody => _packet.Slice(_extensionOffset, _extensionLength);

    /// <summary>Bytes before the payload: fixed header, CSRCs and extension.</summary>
    public int HeaderLength { get; }

    /// <summary>Bytes of padding after the payload, 0–255.</summary>
    public int PaddingLength { get; }

    /// <summary>The payload without padding; may be empty (a probing packet is padding only).</summary>
    public ReadOnlySpan<byte> Payload => _packet[HeaderLength..^PaddingLength];

    /// <summary>The whole packet as it was given.</summary>
    public ReadOnlySpan<byte> Bytes => _packet;

    /// <summary>The RFC 8285 header extension elements, in packet order.</summary>
    public RtpExtensionEnumerator Extensions => new(ExtensionProfile, ExtensionBody, _extensionOffset);

    /// <summary>The first element with this id (1–255); false when there is none.</summary>
    public bool TryGetExtension(byte id, out ReadOnlySpan<byte> value)
    {
        if (id != 0)
        {
            foreach (var extension in Extensions)
            {
                if (extension.Id == id)
                {
                    value = extension.Value;
                    return true;
                }
            }
        }

        value = default;
        return false;
    }
}
