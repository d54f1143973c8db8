using System.Buffers.Binary;

namespace Parley.Media.Rtp;

/// <summary>
/// Writes one RTP packet into the caller's buffer: <see cref="WriteHeader"/>, then optionally the extensions between
/// <see cref="BeginExtensions"/> and <see cref="EndExtensions"/>, then the payload and padding. A write that does not fit
/// returns false and changes nothing; calls out of this order throw <see cref="InvalidOperationException"/>.
/// </summary>
public ref struct RtpWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private Stage _stage;
    private int _extensionStart;
    private int _extensionCount;
    private bool _twoByte;

    private enum Stage : byte { Start, Header, Extensions, Payload, Padding }

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>The packet so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[..Length];

    /// <summary>What is left of the buffer, for an encoder to fill in place; then call <see cref="Advance"/>.</summary>
    public readonly Span<byte> Remaining => _buffer[Length..];

    /// <summary>Writes the fixed header and up to 15 contributing sources (RFC 3550 §5.1).</summary>
    public bool WriteHeader(
        byte payloadType, bool marker, ushort sequenceNumber, uint timestamp, uint ssrc, scoped ReadOnlySpan<uint> csrcs = default)
    {
        Require(_stage == Stage.Start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payloadType, (byte)127);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(csrcs.Length, 15, nameof(csrcs));
        var length = RtpHeader.MinimumLength + csrcs.Length * 4;
        if (_buffer.Length < length)
        {
            return false;
        }

        _buffer[0] = (byte)(RtpHeader.Version << 6 | csrcs.Length);
        _buffer[1] = (byte)(payloadType | (marker ? 0x80 : 0));
        RtpHeader.SetSequenceNumber(_buffer, sequenceNumber);
        RtpHeader.SetTimestamp(_buffer, timestamp);
        RtpHeader.SetSsrc(_buffer, ssrc);
        for (var i = 0; i < csrcs.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(_buffer[(RtpHeader.MinimumLength + i * 4)..], csrcs[i]);
        }

        Length = length;
        _stage = Stage.Header;
        return true;
    }

    /// <summary>Opens the header extension block, in the one-byte form until an element does not fit it.</summary>
    public bool BeginExtensions()
    {
        Require(_stage == Stage.Header);
        if (_buffer.Length - Length < 4)
        {
            return false;
        }

        Length += 4;
        _extensionStart = Length;
        _stage = Stage.Extensions;
        return true;
    }

    /// <summary>
    /// Adds an element: id 1–255, 0–255 bytes. Id 15 and above, an empty value or one over 16 bytes turns the whole block
    /// to the two-byte form (RFC 8285 §4.3), which the peer must have allowed (extmap-allow-mixed or all two-byte).
    /// </summary>
    public bool AddExtension(byte id, scoped ReadOnlySpan<byte> value)
    {
        Require(_stage == Stage.Extensions);
        ArgumentOutOfRangeException.ThrowIfZero(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, 255, nameof(value));

        var twoByte = _twoByte || id > 14 || value.Length is 0 or > 16;
        var widening = twoByte && !_twoByte ? _extensionCount : 0;
        var end = Length + widening + (twoByte ? 2 : 1) + value.Length;

        // EndExtensions pads to 32 bits and must not fail: the padding is reserved here, and its 16-bit word count held.
        end += Padding(end);
        if (end > _buffer.Length || end - _extensionStart > ushort.MaxValue * 4)
        {
            return false;
        }

        if (twoByte && !_twoByte)
        {
            Widen();
        }

        if (twoByte)
        {
            _buffer[Length++] = id;
            _buffer[Length++] = (byte)value.Length;
        }
        else
        {
            _buffer[Length++] = (byte)(id << 4 | (value.Length - 1));
        }

        value.CopyTo(_buffer[Length..]);
        Length += value.Length;
        _extensionCount++;
        return true;
    }

    /// <summary>Closes the block and pads it to 32 bits; a block without elements leaves no trace.</summary>
    public void EndExtensions()
    {
        Require(_stage == Stage.Extensions);
        _stage = Stage.Payload;
        var header = _extensionStart - 4;
        if (_extensionCount == 0)
        {
            Length = header;
            return;
        }

        var padding = Padding(Length);
        _buffer.Slice(Length, padding).Clear();
        Length += padding;
        _buffer[0] |= 0x10;
        BinaryPrimitives.WriteUInt16BigEndian(
            _buffer[header..], _twoByte ? RtpExtensionEnumerator.TwoByteProfile : RtpExtensionEnumerator.OneByteProfile);
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[(header + 2)..], (ushort)((Length - _extensionStart) / 4));
    }

    /// <summary>Appends payload bytes; may be called more than once.</summary>
    public bool WritePayload(scoped ReadOnlySpan<byte> payload)
    {
        RequirePayloadStage();
        if (!payload.TryCopyTo(_buffer[Length..]))
        {
            return false;
        }

        Length += payload.Length;
        return true;
    }

    /// <summary>Counts <paramref name="length"/> bytes that were put into <see cref="Remaining"/> as payload.</summary>
    public void Advance(int length)
    {
        RequirePayloadStage();
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)(_buffer.Length - Length), nameof(length));
        Length += length;
    }

    /// <summary>Ends the packet with 1–255 bytes of padding (RFC 3550 §5.1).</summary>
    public bool WritePadding(byte count)
    {
        RequirePayloadStage();
        ArgumentOutOfRangeException.ThrowIfZero(count);
        if (_buffer.Length - Length < count)
        {
            return false;
        }

        _buffer.Slice(Length, count).Clear();
        Length += count;
        _buffer[Length - 1] = count;
        _buffer[0] |= 0x20;
        _stage = Stage.Padding;
        return true;
    }

    private static int Padding(int length) => -length & 3;

    private static void Require(bool inOrder)
    {
        if (!inOrder)
        {
            throw new InvalidOperationException("RtpWriter is called out of order: header, extensions, payload, padding.");
        }
    }

    private void RequirePayloadStage()
    {
        Require(_stage is Stage.Header or Stage.Payload);
        _stage = Stage.Payload;
    }

    /// <summary>
    /// Turns the elements so far from the one-byte to the two-byte form: the block moves right by one byte an element,
    /// then each is copied back to its new place, which never overtakes what is still to be read.
    /// </summary>
    private void Widen()
    {
        var end = Length + _extensionCount;
        _buffer[_extensionStart..Length].CopyTo(_buffer[(_extensionStart + _extensionCount)..]);
        var read = _extensionStart + _extensionCount;
        var write = _extensionStart;
        while (read < end)
        {
            var head = _buffer[read++];
            var length = (head & 0x0F) + 1;
            _buffer[write++] = (byte)(head >> 4);
            _buffer[write++] = (byte)length;
            _buffer.Slice(read, length).CopyTo(_buffer[write..]);
            read += length;
            write += length;
        }

        Length = end;
        _twoByte = true;
    }
}
