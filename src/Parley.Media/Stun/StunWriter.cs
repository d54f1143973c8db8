using System.Buffers.Binary;

namespace Parley.Media.Stun;

/// <summary>
/// Writes a STUN message into a caller's span (RFC 8489 §5, §14), in the order of calls: attributes, then integrity, then
/// fingerprint. The header's length is right after every call, so <see cref="Written"/> is a message at any time.
/// </summary>
/// <remarks>A span that is too short is the caller's mistake and throws, like any index beyond a span.</remarks>
public ref struct StunWriter
{
    private readonly Span<byte> _buffer;

    /// <summary>Starts a message.</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="messageClass">The class.</param>
    /// <param name="method">The method, 0–255.</param>
    /// <param name="transactionId">12 bytes: random for a request, the request's for an answer.</param>
    public StunWriter(Span<byte> buffer, StunClass messageClass, StunMethod method, scoped ReadOnlySpan<byte> transactionId)
    {
        _buffer = buffer;
        var m = (int)method;
        var c = (int)messageClass;
        var type = ((m & 0xF80) << 2) | ((m & 0x70) << 1) | (m & 0xF) | ((c & 2) << 7) | ((c & 1) << 4);
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)type);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], StunMessage.MagicCookie);
        transactionId[..StunMessage.TransactionIdLength].CopyTo(buffer[8..]);
        Length = StunMessage.HeaderLength;
        WriteLength();
    }

    /// <summary>How long the message is so far.</summary>
    public int Length { get; private set; }

    /// <summary>The message so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[..Length];

    /// <summary>Writes any attribute from its value.</summary>
    public void Write(StunAttribute type, scoped ReadOnlySpan<byte> value) => value.CopyTo(Append(type, value.Length));

    /// <summary>Writes USERNAME.</summary>
    public void WriteUsername(scoped ReadOnlySpan<byte> utf8) => Write(StunAttribute.Username, utf8);

    /// <summary>Writes SOFTWARE.</summary>
    public void WriteSoftware(scoped ReadOnlySpan<byte> utf8) => Write(StunAttribute.Software, utf8);

    /// <summary>Writes PRIORITY.</summary>
    public void WritePriority(uint priority) =>
        BinaryPrimitives.WriteUInt32BigEndian(Append(StunAttribute.Priority, sizeof(uint)), priority);

    /// <summary>Writes USE-CANDIDATE.</summary>
    public void WriteUseCandidate() => Append(StunAttribute.UseCandidate, 0);

    /// <summary>Writes ICE-CONTROLLING.</summary>
    public void WriteIceControlling(ulong tieBreaker) =>
        BinaryPrimitives.WriteUInt64BigEndian(Append(StunAttribute.IceControlling, sizeof(ulong)), tieBreaker);

    /// <summary>Writes ICE-CONTROLLED.</summary>
    public void WriteIceControlled(ulong tieBreaker) =>
        BinaryPrimitives.WriteUInt64BigEndian(Append(StunAttribute.IceControlled, sizeof(ulong)), tieBreaker);

    /// <summary>Writes XOR-MAPPED-ADDRESS.</summary>
    public void WriteXorMappedAddress(TransportAddress address) => WriteXorAddress(StunAttribute.XorMappedAddress, address);

    /// <summary>Writes XOR-PEER-ADDRESS.</summary>
    public void WriteXorPeerAddress(TransportAddress address) => WriteXorAddress(StunAttribute.XorPeerAddress, address);

    /// <summary>Writes XOR-RELAYED-ADDRESS.</summary>
    public void WriteXorRelayedAddress(TransportAddress address) => WriteXorAddress(StunAttribute.XorRelayedAddress, address);

    /// <summary>Writes LIFETIME, in seconds.</summary>
    public void WriteLifetime(uint seconds) =>
        BinaryPrimitives.WriteUInt32BigEndian(Append(StunAttribute.Lifetime, sizeof(uint)), seconds);

    /// <summary>Writes CHANNEL-NUMBER.</summary>
    public void WriteChannelNumber(ushort channel) =>
        BinaryPrimitives.WriteUInt32BigEndian(Append(StunAttribute.ChannelNumber, sizeof(uint)), (uint)channel << 16);

    /// <summary>Writes REQUESTED-TRANSPORT.</summary>
    /// <param name="protocol">The IP protocol number: 17 for UDP.</param>
    public void WriteRequestedTransport(byte protocol) =>
        BinaryPrimitives.WriteUInt32BigEndian(Append(StunAttribute.RequestedTransport, sizeof(uint)), (uint)protocol << 24);

    /// <summary>Writes REQUESTED-ADDRESS-FAMILY.</summary>
    /// <param name="family">1 for IPv4, 2 for IPv6.</param>
    public void WriteRequestedAddressFamily(byte family) =>
        BinaryPrimitives.WriteUInt32BigEndian(Append(StunAttribute.RequestedAddressFamily, sizeof(uint)), (uint)family << 24);

    /// <summary>Writes REALM.</summary>
    public void WriteRealm(scoped ReadOnlySpan<byte> utf8) => Write(StunAttribute.Realm, utf8);

    /// <summary>Writes NONCE.</summary>
    public void WriteNonce(scoped ReadOnlySpan<byte> nonce) => Write(StunAttribute.Nonce, nonce);

    /// <summary>Writes DATA.</summary>
    public void WriteData(scoped ReadOnlySpan<byte> data) => Write(StunAttribute.Data, data);

    /// <summary>Writes ERROR-CODE.</summary>
    /// <param name="code">300–699.</param>
    /// <param name="reason">The phrase in UTF-8; may be empty.</param>
    public void WriteErrorCode(int code, scoped ReadOnlySpan<byte> reason)
    {
        var value = Append(StunAttribute.ErrorCode, 4 + reason.Length);
        value[0] = 0;
        value[1] = 0;
        value[2] = (byte)(code / 100);
        value[3] = (byte)(code % 100);
        reason.CopyTo(value[4..]);
    }

    /// <summary>Writes UNKNOWN-ATTRIBUTES.</summary>
    public void WriteUnknownAttributes(scoped ReadOnlySpan<ushort> types)
    {
        var value = Append(StunAttribute.UnknownAttributes, sizeof(ushort) * types.Length);
        foreach (var type in types)
        {
            BinaryPrimitives.WriteUInt16BigEndian(value, type);
            value = value[sizeof(ushort)..];
        }
    }

    /// <summary>Writes MESSAGE-INTEGRITY over all before it. Only FINGERPRINT may follow.</summary>
    public void WriteIntegrity(scoped ReadOnlySpan<byte> key)
    {
        Span<byte> mac = stackalloc byte[StunMessage.IntegrityLength];
        StunIntegrity.Compute(_buffer[..Length], key, mac);
        Write(StunAttribute.MessageIntegrity, mac);
    }

    /// <summary>Writes FINGERPRINT over all before it. Nothing may follow.</summary>
    public void WriteFingerprint()
    {
        // The CRC covers a header that counts FINGERPRINT already.
        var covered = _buffer[..Length];
        var value = Append(StunAttribute.Fingerprint, sizeof(uint));
        BinaryPrimitives.WriteUInt32BigEndian(value, StunFingerprint.Compute(covered));
    }

    private void WriteXorAddress(StunAttribute type, TransportAddress address)
    {
        Span<byte> value = stackalloc byte[StunXorAddress.IPv6Length];
        var length = StunXorAddress.Write(address, _buffer.Slice(8, StunMessage.TransactionIdLength), value);
        Write(type, value[..length]);
    }

    private Span<byte> Append(StunAttribute type, int valueLength)
    {
        var padded = (valueLength + 3) & ~3;
        var attribute = _buffer.Slice(Length, StunMessage.AttributeHeaderLength + padded);
        BinaryPrimitives.WriteUInt16BigEndian(attribute, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(attribute[2..], checked((ushort)valueLength));
        attribute[(StunMessage.AttributeHeaderLength + valueLength)..].Clear();
        Length += attribute.Length;
        WriteLength();
        return attribute.Slice(StunMessage.AttributeHeaderLength, valueLength);
    }

    private readonly void WriteLength() =>
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[2..], (ushort)(Length - StunMessage.HeaderLength));
}
