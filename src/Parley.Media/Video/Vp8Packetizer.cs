using Parley.Media.Rtp;

namespace Parley.Media.Video;

/// <summary>
/// Cuts one encoded VP8 frame into RTP payloads (RFC 7741 §4): a descriptor with a 15-bit picture id, then a part of the
/// frame. The parts differ by at most a byte, so that no packet is a small remainder. The caller writes the RTP headers, with the
/// marker on the last and one timestamp on all.
/// </summary>
/// <remarks>
/// The cuts are not at the partitions' borders, so all packets have PID 0 and only the first has S (§4.2 allows both): losing
/// one packet loses the frame either way, as no receiver here decodes partitions by themselves.
/// </remarks>
public ref struct Vp8Packetizer
{
    /// <summary>What fits a path of 1,280 bytes with every header and SRTP's tag, and RTX and TURN around it.</summary>
    public const int DefaultMaxPayloadLength = 1100;

    /// <summary>Bytes of the descriptor: X S, I, and the two of the picture id.</summary>
    public const int DescriptorLength = 4;

    private readonly ReadOnlySpan<byte> _frame;
    private readonly ushort _pictureId;
    private readonly int _partLength;
    private readonly int _longerParts;
    private int _position;
    private int _made;

    /// <summary>Begins with a frame.</summary>
    /// <param name="frame">The encoded frame (RFC 6386), not empty; must stay as it is until the last packet.</param>
    /// <param name="pictureId">Counts frames; its lower 15 bits go out.</param>
    /// <param name="maxPayloadLength">The most bytes of an RTP payload, descriptor included: at least 5.</param>
    public Vp8Packetizer(ReadOnlySpan<byte> frame, ushort pictureId, int maxPayloadLength = DefaultMaxPayloadLength)
    {
        ArgumentOutOfRangeException.ThrowIfZero(frame.Length, nameof(frame));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxPayloadLength, DescriptorLength);
        var most = maxPayloadLength - DescriptorLength;
        _frame = frame;
        _pictureId = (ushort)(pictureId & 0x7FFF);
        PacketCount = (frame.Length + most - 1) / most;
        _partLength = frame.Length / PacketCount;
        _longerParts = frame.Length % PacketCount;
    }

    /// <summary>How many packets the frame becomes.</summary>
    public int PacketCount { get; }

    /// <summary>Writes the next payload.</summary>
    /// <param name="payload">Where to: the most bytes of a payload that were named at the start always suffice.</param>
    /// <param name="length">Bytes written.</param>
    /// <param name="isLast">Whether the frame ends with it: its packet carries the marker.</param>
    /// <returns>False when the frame is through.</returns>
    /// <exception cref="ArgumentException">It does not fit <paramref name="payload"/>.</exception>
    public bool TryNext(Span<byte> payload, out int length, out bool isLast)
    {
        length = 0;
        isLast = false;
        if (_made == PacketCount) return false;
        var part = _partLength + (_made < _longerParts ? 1 : 0);
        if (payload.Length < DescriptorLength + part) throw new ArgumentException("The payload does not fit.", nameof(payload));
        var descriptor = new Vp8PayloadDescriptor
        {
            StartsPartition = _made == 0,
            HasPictureId = true,
            HasLongPictureId = true,
            PictureId = _pictureId,
        };
        length = descriptor.Write(payload) + part;
        _frame.Slice(_position, part).CopyTo(payload[DescriptorLength..]);
        _position += part;
        _made++;
        isLast = _made == PacketCount;
        return true;
    }
}
