using System.Buffers.Binary;

namespace Parley.Media.Stun;

/// <summary>Walks the attributes of a message (RFC 8489 §14): type, length, value, padding to four bytes.</summary>
internal ref struct StunAttributeReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;

    /// <summary>Where the next attribute starts.</summary>
    public int Position { get; private set; } = StunMessage.HeaderLength;

    /// <summary>Whether the walk stopped at the end and not at an attribute that goes beyond it.</summary>
    public readonly bool AtEnd => Position == _message.Length;

    /// <summary>Reads the next attribute; false at the end, and where an attribute or its padding goes beyond it.</summary>
    public bool TryRead(out StunAttribute type, out ReadOnlySpan<byte> value)
    {
        type = default;
        value = default;
        if (_message.Length - Position < StunMessage.AttributeHeaderLength)
        {
            return false;
        }

        var at = _message[Position..];
        var length = BinaryPrimitives.ReadUInt16BigEndian(at[2..]);
        var padded = StunMessage.AttributeHeaderLength + ((length + 3) & ~3);
        if (padded > at.Length)
        {
            return false;
        }

        type = (StunAttribute)BinaryPrimitives.ReadUInt16BigEndian(at);
        value = at.Slice(StunMessage.AttributeHeaderLength, length);
        Position += padded;
        return true;
    }
}
