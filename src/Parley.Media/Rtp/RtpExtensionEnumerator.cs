namespace Parley.Media.Rtp;

/// <summary>One header extension element (RFC 8285).</summary>
public readonly ref struct RtpExtension
{
    internal RtpExtension(byte id, ReadOnlySpan<byte> value, int offset)
    {
        Id = id;
        Value = value;
        Offset = offset;
    }

    /// <summary>The negotiated local identifier, 1–255.</summary>
    public byte Id { get; }

    /// <summary>The element's data: 1–16 bytes in the one-byte form, 0–255 in the two-byte form.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Where <see cref="Value"/> starts in the packet, for patching in place.</summary>
    public int Offset { get; }
}

/// <summary>
/// Walks header extension elements in the one-byte (RFC 8285 §4.2) and two-byte (§4.3) forms. Any other profile has no
/// elements; an element that reaches past the end stops the walk, and those before it stay good.
/// </summary>
public ref struct RtpExtensionEnumerator
{
    /// <summary>"Defined by profile" of the one-byte form.</summary>
    public const ushort OneByteProfile = 0xBEDE;

    /// <summary>"Defined by profile" of the two-byte form, whose low four bits are free.</summary>
    public const ushort TwoByteProfile = 0x1000;

    private readonly ReadOnlySpan<byte> _body;
    private readonly bool _twoByte;
    private readonly int _bodyOffset;
    private int _position;

    internal RtpExtensionEnumerator(ushort profile, ReadOnlySpan<byte> body, int bodyOffset)
    {
        _twoByte = (profile & 0xFFF0) == TwoByteProfile;
        _body = _twoByte || profile == OneByteProfile ? body : default;
        _bodyOffset = bodyOffset;
    }

    /// <summary>The element the last <see cref="MoveNext"/> found.</summary>
    public RtpExtension Current { get; private set; }

    /// <summary>This walk, for foreach.</summary>
    public readonly RtpExtensionEnumerator GetEnumerator() => this;

    /// <summary>Steps to the next element.</summary>
    public bool MoveNext()
    {
        while (_position < _body.Length)
        {
            var first = _body[_position];
            if (first == 0)
            {
                _position++; // Padding may stand between elements too.
                continue;
            }

            var headerLength = _twoByte ? 2 : 1;
            var id = _twoByte ? first : (byte)(first >> 4);

            // RFC 8285: in the one-byte form id 15 (§4.2), or id 0 with a length (§4.1), ends the processing of the extension.
            if (_body.Length - _position < headerLength || (!_twoByte && id is 0 or 15))
            {
                break;
            }

            var length = _twoByte ? _body[_position + 1] : (first & 0x0F) + 1;
            var start = _position + headerLength;
            if (length > _body.Length - start)
            {
                break;
            }

            Current = new RtpExtension(id, _body.Slice(start, length), _bodyOffset + start);
            _position = start + length;
            return true;
        }

        _position = _body.Length;
        return false;
    }
}
