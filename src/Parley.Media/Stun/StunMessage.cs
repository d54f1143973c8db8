using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Parley.Media.Stun;

/// <summary>
/// A STUN message read in place (RFC 8489 §5, §14). Attributes that follow MESSAGE-INTEGRITY are not authenticated and are
/// ignored, as §14.5 demands; of repeated ones the first counts.
/// </summary>
public readonly ref struct StunMessage
{
    /// <summary>The header's length.</summary>
    public const int HeaderLength = 20;

    /// <summary>The longest message taken: more than any datagram that passes an ordinary path (RFC 8489 §6.1).</summary>
    public const int MaxLength = 2048;

    /// <summary>Bytes 4–7 of every message.</summary>
    public const uint MagicCookie = 0x2112A442;

    internal const int TransactionIdLength = 12;
    internal const int AttributeHeaderLength = 4;
    internal const int IntegrityLength = HMACSHA1.HashSizeInBytes;

    private readonly ReadOnlySpan<byte> _message;

    /// <summary>Where the attributes that count end.</summary>
    private readonly int _attributesEnd;

    /// <summary>Where MESSAGE-INTEGRITY starts, or 0.</summary>
    private readonly int _integrityAt;

    private StunMessage(ReadOnlySpan<byte> message, StunLayout layout)
    {
        _message = message;
        _attributesEnd = layout.AttributesEnd;
        _integrityAt = layout.IntegrityAt;
        HasFingerprint = layout.HasFingerprint;
    }

    /// <summary>The class.</summary>
    public StunClass Class
    {
        get
        {
            var type = BinaryPrimitives.ReadUInt16BigEndian(_message);
            return (StunClass)(((type >> 7) & 2) | ((type >> 4) & 1));
        }
    }

    /// <summary>The method: the 12 bits around the class (RFC 8489 §5).</summary>
    public StunMethod Method => MethodOf(_message);

    /// <summary>The 12 bytes that an answer repeats.</summary>
    public ReadOnlySpan<byte> TransactionId => _message.Slice(8, TransactionIdLength);

    /// <summary>Whether there is a MESSAGE-INTEGRITY; right or wrong, see <see cref="VerifyIntegrity"/>.</summary>
    public bool HasIntegrity => _integrityAt != 0;

    /// <summary>Whether there is a FINGERPRINT; it was right, or parsing would have failed.</summary>
    public bool HasFingerprint { get; }

    /// <summary>PRIORITY, or null.</summary>
    public uint? Priority =>
        TryGetAttribute(StunAttribute.Priority, out var value) ? BinaryPrimitives.ReadUInt32BigEndian(value) : null;

    /// <summary>Whether USE-CANDIDATE is there.</summary>
    public bool UseCandidate => TryGetAttribute(StunAttribute.UseCandidate, out _);

    /// <summary>The tie-breaker of ICE-CONTROLLING, or null.</summary>
    public ulong? IceControlling =>
        TryGetAttribute(StunAttribute.IceControlling, out var value) ? BinaryPrimitives.ReadUInt64BigEndian(value) : null;

    /// <summary>The tie-breaker of ICE-CONTROLLED, or null.</summary>
    public ulong? IceControlled =>
        TryGetAttribute(StunAttribute.IceControlled, out var value) ? BinaryPrimitives.ReadUInt64BigEndian(value) : null;

    /// <summary>XOR-MAPPED-ADDRESS, or null.</summary>
    public TransportAddress? XorMappedAddress => XorAddress(StunAttribute.XorMappedAddress);

    /// <summary>XOR-PEER-ADDRESS, or null; of several the first.</summary>
    public TransportAddress? XorPeerAddress => XorAddress(StunAttribute.XorPeerAddress);

    /// <summary>XOR-RELAYED-ADDRESS, or null.</summary>
    public TransportAddress? XorRelayedAddress => XorAddress(StunAttribute.XorRelayedAddress);

    /// <summary>ALTERNATE-SERVER, or null; null also when it is no address.</summary>
    public TransportAddress? AlternateServer =>
        TryGetAttribute(StunAttribute.AlternateServer, out var value) && StunXorAddress.TryReadPlain(value, out var address)
            ? address
            : null;

    /// <summary>LIFETIME in seconds, or null.</summary>
    public uint? Lifetime =>
        TryGetAttribute(StunAttribute.Lifetime, out var value) ? BinaryPrimitives.ReadUInt32BigEndian(value) : null;

    /// <summary>CHANNEL-NUMBER, or null.</summary>
    public ushort? ChannelNumber =>
        TryGetAttribute(StunAttribute.ChannelNumber, out var value) ? BinaryPrimitives.ReadUInt16BigEndian(value) : null;

    /// <summary>The protocol number of REQUESTED-TRANSPORT (17 is UDP), or null.</summary>
    public byte? RequestedTransport => TryGetAttribute(StunAttribute.RequestedTransport, out var value) ? value[0] : null;

    /// <summary>REQUESTED-ADDRESS-FAMILY: 1 for IPv4, 2 for IPv6, or null.</summary>
    public byte? RequestedAddressFamily =>
        TryGetAttribute(StunAttribute.RequestedAddressFamily, out var value) ? value[0] : null;

    /// <summary>Whether the next port shall be set aside (the R bit of EVEN-PORT); null: any port will do.</summary>
    public bool? EvenPort => TryGetAttribute(StunAttribute.EvenPort, out var value) ? (value[0] & 0x80) != 0 : null;

    /// <summary>Whether RESERVATION-TOKEN is there.</summary>
    public bool HasReservationToken => TryGetAttribute(StunAttribute.ReservationToken, out _);

    /// <summary>The number of ERROR-CODE, 300–699, or null.</summary>
    public int? ErrorCode =>
        TryGetAttribute(StunAttribute.ErrorCode, out var value) ? ((value[2] & 7) * 100) + value[3] : null;

    /// <summary>
    /// Whether this looks like STUN rather than another protocol on the port: first byte 0–3, magic cookie, room for a header
    /// (RFC 7983 §7, RFC 8489 §5).
    /// </summary>
    public static bool LooksLikeStun(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= HeaderLength
        && datagram[0] <= 3
        && BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) == MagicCookie;

    /// <summary>The method of what <see cref="LooksLikeStun"/>.</summary>
    internal static StunMethod MethodOf(ReadOnlySpan<byte> message)
    {
        var type = BinaryPrimitives.ReadUInt16BigEndian(message);
        return (StunMethod)(((type >> 2) & 0xF80) | ((type >> 1) & 0x70) | (type & 0xF));
    }

    /// <summary>
    /// Reads a datagram that is one whole message. All attributes that count are checked here, so the properties of a parsed
    /// message cannot fail.
    /// </summary>
    /// <param name="datagram">The bytes, which the message refers to from now on.</param>
    /// <param name="message">The message when Ok.</param>
    public static StunParseResult TryParse(ReadOnlySpan<byte> datagram, out StunMessage message)
    {
        message = default;
        if (datagram.Length < HeaderLength)
        {
            return StunParseResult.TooShort;
        }

        if (datagram.Length > MaxLength)
        {
            return StunParseResult.TooLong;
        }

        if (!LooksLikeStun(datagram))
        {
            return StunParseResult.NotStun;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (length % 4 != 0 || length != datagram.Length - HeaderLength)
        {
            return StunParseResult.BadLength;
        }

        var result = StunLayout.Check(datagram, out var layout);
        if (result == StunParseResult.Ok)
        {
            message = new StunMessage(datagram, layout);
        }

        return result;
    }

    /// <summary>Finds the first attribute of a type among those that count.</summary>
    public bool TryGetAttribute(StunAttribute type, out ReadOnlySpan<byte> value)
    {
        var attributes = new StunAttributeReader(_message[.._attributesEnd]);
        while (attributes.TryRead(out var found, out value))
        {
            if (found == type)
            {
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>USERNAME as its bytes of UTF-8; false when it is not there.</summary>
    public bool TryGetUsername(out ReadOnlySpan<byte> utf8) => TryGetAttribute(StunAttribute.Username, out utf8);

    /// <summary>SOFTWARE as its bytes of UTF-8; false when it is not there.</summary>
    public bool TryGetSoftware(out ReadOnlySpan<byte> utf8) => TryGetAttribute(StunAttribute.Software, out utf8);

    /// <summary>REALM as its bytes of UTF-8; false when it is not there.</summary>
    public bool TryGetRealm(out ReadOnlySpan<byte> utf8) => TryGetAttribute(StunAttribute.Realm, out utf8);

    /// <summary>NONCE; false when it is not there.</summary>
    public bool TryGetNonce(out ReadOnlySpan<byte> nonce) => TryGetAttribute(StunAttribute.Nonce, out nonce);

    /// <summary>DATA; false when it is not there.</summary>
    public bool TryGetData(out ReadOnlySpan<byte> data) => TryGetAttribute(StunAttribute.Data, out data);

    /// <summary>Copies every XOR-PEER-ADDRESS: a CreatePermission may have several (RFC 8656 §9.1).</summary>
    /// <returns>How many there are, which may be more than the destination takes.</returns>
    public int CopyXorPeerAddresses(Span<TransportAddress> destination)
    {
        var count = 0;
        var attributes = new StunAttributeReader(_message[.._attributesEnd]);
        while (attributes.TryRead(out var type, out var value))
        {
            if (type != StunAttribute.XorPeerAddress || !StunXorAddress.TryRead(value, TransactionId, out var address))
            {
                continue;
            }

            if (count < destination.Length)
            {
                destination[count] = address;
            }

            count++;
        }

        return count;
    }

    /// <summary>
    /// Copies the types of attributes that we do not know but would have to (below 0x8000): a request that has some is
    /// answered with 420 (RFC 8489 §6.3.1).
    /// </summary>
    /// <returns>How many were copied, at most the destination's length.</returns>
    public int CopyUnknownRequired(Span<ushort> destination)
    {
        var count = 0;
        var attributes = new StunAttributeReader(_message[.._attributesEnd]);
        while (count < destination.Length && attributes.TryRead(out var type, out _))
        {
            if ((ushort)type < 0x8000 && !IsKnownRequired(type) && !(Method != StunMethod.Binding && IsKnownOfTurn(type)))
            {
                destination[count++] = (ushort)type;
            }
        }

        return count;
    }

    /// <summary>
    /// Checks MESSAGE-INTEGRITY (RFC 8489 §14.5) in constant time: HMAC-SHA1 over the message before it, with a header
    /// length that ends at it.
    /// </summary>
    /// <param name="key">The password for short-term credentials (RFC 8489 §9.1.1), for long-term ones the MD5 of §9.2.2.</param>
    /// <returns>False also when there is none.</returns>
    public bool VerifyIntegrity(ReadOnlySpan<byte> key)
    {
        if (!HasIntegrity)
        {
            return false;
        }

        Span<byte> covered = stackalloc byte[_integrityAt];
        _message[.._integrityAt].CopyTo(covered);
        Span<byte> expected = stackalloc byte[IntegrityLength];
        StunIntegrity.Compute(covered, key, expected);
        return CryptographicOperations.FixedTimeEquals(
            expected, _message.Slice(_integrityAt + AttributeHeaderLength, IntegrityLength));
    }

    private TransportAddress? XorAddress(StunAttribute type) =>
        TryGetAttribute(type, out var value) && StunXorAddress.TryRead(value, TransactionId, out var address) ? address : null;

    private static bool IsKnownOfTurn(StunAttribute type) => type
        is StunAttribute.ChannelNumber or StunAttribute.Lifetime or StunAttribute.XorPeerAddress or StunAttribute.Data
        or StunAttribute.XorRelayedAddress or StunAttribute.RequestedAddressFamily or StunAttribute.RequestedTransport
        or StunAttribute.EvenPort or StunAttribute.ReservationToken;

    private static bool IsKnownRequired(StunAttribute type) => type
        is StunAttribute.MappedAddress or StunAttribute.Username or StunAttribute.MessageIntegrity
        or StunAttribute.ErrorCode or StunAttribute.UnknownAttributes or StunAttribute.Realm or StunAttribute.Nonce
        or StunAttribute.MessageIntegritySha256 or StunAttribute.XorMappedAddress or StunAttribute.Priority
        or StunAttribute.UseCandidate;
}
