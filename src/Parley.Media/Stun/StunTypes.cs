namespace Parley.Media.Stun;

/// <summary>The class of a STUN message (RFC 8489 §5).</summary>
public enum StunClass
{
    /// <summary>Wants an answer.</summary>
    Request = 0,

    /// <summary>Wants none.</summary>
    Indication = 1,

    /// <summary>The answer that it worked.</summary>
    SuccessResponse = 2,

    /// <summary>The answer that it did not, with an ERROR-CODE.</summary>
    ErrorResponse = 3,
}

/// <summary>
/// The method of a STUN message. Of its 12 bits the upper four are zero wherever STUN shares a port with DTLS and RTP
/// (RFC 8489 §18.2, RFC 7983 §7). Others parse as their numbers.
/// </summary>
public enum StunMethod : ushort
{
    /// <summary>Binding: the only one ICE uses.</summary>
    Binding = 0x001,

    /// <summary>TURN: asks for a relayed address (RFC 8656 §7).</summary>
    Allocate = 0x003,

    /// <summary>TURN: keeps an allocation, or ends it with a lifetime of 0 (RFC 8656 §8).</summary>
    Refresh = 0x004,

    /// <summary>TURN: an indication with data for a peer (RFC 8656 §11).</summary>
    Send = 0x006,

    /// <summary>TURN: an indication with data of a peer's (RFC 8656 §11).</summary>
    Data = 0x007,

    /// <summary>TURN: lets peers of an IP address send (RFC 8656 §9).</summary>
    CreatePermission = 0x008,

    /// <summary>TURN: gives a peer a channel number, and the permission with it (RFC 8656 §12).</summary>
    ChannelBind = 0x009,
}

/// <summary>The attributes we know (RFC 8489 §18.3, RFC 8445 §16.1, RFC 8656 §18).</summary>
public enum StunAttribute : ushort
{
    /// <summary>The address before XOR was invented; known, never written.</summary>
    MappedAddress = 0x0001,

    /// <summary>USERNAME, in ICE the receiver's ufrag, a colon and the sender's.</summary>
    Username = 0x0006,

    /// <summary>MESSAGE-INTEGRITY: HMAC-SHA1 over all before it.</summary>
    MessageIntegrity = 0x0008,

    /// <summary>ERROR-CODE.</summary>
    ErrorCode = 0x0009,

    /// <summary>UNKNOWN-ATTRIBUTES, in a 420 answer.</summary>
    UnknownAttributes = 0x000A,

    /// <summary>CHANNEL-NUMBER.</summary>
    ChannelNumber = 0x000C,

    /// <summary>LIFETIME of an allocation in seconds.</summary>
    Lifetime = 0x000D,

    /// <summary>XOR-PEER-ADDRESS: whom TURN data is for or from; a CreatePermission may have several.</summary>
    XorPeerAddress = 0x0012,

    /// <summary>DATA of a Send or Data indication.</summary>
    Data = 0x0013,

    /// <summary>REALM, of long-term credentials.</summary>
    Realm = 0x0014,

    /// <summary>NONCE, of long-term credentials.</summary>
    Nonce = 0x0015,

    /// <summary>XOR-RELAYED-ADDRESS: what an Allocate gave.</summary>
    XorRelayedAddress = 0x0016,

    /// <summary>REQUESTED-ADDRESS-FAMILY of the relayed address: IPv4 without it.</summary>
    RequestedAddressFamily = 0x0017,

    /// <summary>EVEN-PORT of the relayed address, and with its first bit also the next one, for later.</summary>
    EvenPort = 0x0018,

    /// <summary>REQUESTED-TRANSPORT between relay and peer.</summary>
    RequestedTransport = 0x0019,

    /// <summary>MESSAGE-INTEGRITY-SHA256: parsed over, never checked (WebRTC does not use it).</summary>
    MessageIntegritySha256 = 0x001C,

    /// <summary>XOR-MAPPED-ADDRESS.</summary>
    XorMappedAddress = 0x0020,

    /// <summary>RESERVATION-TOKEN: asks for a port that was set aside.</summary>
    ReservationToken = 0x0022,

    /// <summary>PRIORITY of the candidate a check would make known (RFC 8445 §7.1.1).</summary>
    Priority = 0x0024,

    /// <summary>USE-CANDIDATE: the controlling side nominates this pair (RFC 8445 §7.1.2).</summary>
    UseCandidate = 0x0025,

    /// <summary>SOFTWARE.</summary>
    Software = 0x8022,

    /// <summary>ALTERNATE-SERVER, in a 300 answer.</summary>
    AlternateServer = 0x8023,

    /// <summary>FINGERPRINT: a CRC over all before it; the last attribute.</summary>
    Fingerprint = 0x8028,

    /// <summary>ICE-CONTROLLED with the sender's tie-breaker.</summary>
    IceControlled = 0x8029,

    /// <summary>ICE-CONTROLLING with the sender's tie-breaker.</summary>
    IceControlling = 0x802A,
}

/// <summary>How parsing a datagram as STUN ended.</summary>
public enum StunParseResult
{
    /// <summary>A well-formed message; its fingerprint, if it has one, is right.</summary>
    Ok,

    /// <summary>Shorter than a header.</summary>
    TooShort,

    /// <summary>Longer than <see cref="StunMessage.MaxLength"/>.</summary>
    TooLong,

    /// <summary>The first byte is not 0–3, or the magic cookie is missing.</summary>
    NotStun,

    /// <summary>The header's length is not the datagram's, or not a multiple of four.</summary>
    BadLength,

    /// <summary>An attribute goes beyond the message, has a value of the wrong form, or follows FINGERPRINT.</summary>
    BadAttribute,

    /// <summary>The CRC is wrong: damaged, or no STUN at all.</summary>
    BadFingerprint,
}
