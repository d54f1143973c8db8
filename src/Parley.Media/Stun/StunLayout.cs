using System.Buffers.Binary;

namespace Parley.Media.Stun;

/// <summary>What one walk over a message's attributes finds out about where they lie.</summary>
internal struct StunLayout
{
    /// <summary>Where the attributes that count end: at the first integrity, the fingerprint, or the message's end.</summary>
    public int AttributesEnd;

    /// <summary>Where MESSAGE-INTEGRITY starts, or 0.</summary>
    public int IntegrityAt;

    /// <summary>Whether there is a FINGERPRINT, which was right.</summary>
    public bool HasFingerprint;

    private const int MaxUsernameLength = 508;

    /// <summary>Of REALM and NONCE: what fewer than 128 characters may come to (RFC 8489 §14.9–10).</summary>
    private const int MaxQuotedLength = 763;

    /// <summary>Walks a message whose header was checked.</summary>
    public static StunParseResult Check(ReadOnlySpan<byte> message, out StunLayout layout)
    {
        layout = new StunLayout { AttributesEnd = message.Length };
        var attributes = new StunAttributeReader(message);
        var start = attributes.Position;
        var counting = true;
        while (attributes.TryRead(out var type, out var value))
        {
            if (layout.HasFingerprint)
            {
                // FINGERPRINT is the last attribute (RFC 8489 §14.7).
                return StunParseResult.BadAttribute;
            }

            if (type == StunAttribute.Fingerprint)
            {
                if (value.Length != sizeof(uint))
                {
                    return StunParseResult.BadAttribute;
                }

                if (BinaryPrimitives.ReadUInt32BigEndian(value) != StunFingerprint.Compute(message[..start]))
                {
                    return StunParseResult.BadFingerprint;
                }

                layout.HasFingerprint = true;
            }

            var ends = type is StunAttribute.MessageIntegrity or StunAttribute.MessageIntegritySha256 or StunAttribute.Fingerprint;
            if (type == StunAttribute.MessageIntegrity && layout.IntegrityAt == 0)
            {
                if (value.Length != StunMessage.IntegrityLength)
                {
                    return StunParseResult.BadAttribute;
                }

                layout.IntegrityAt = start;
            }

            if (counting && ends)
            {
                layout.AttributesEnd = start;
                counting = false;
            }

            // What follows the integrity is ignored (§14.5), and so is its form.
            if (counting && !IsWellFormed(type, value, message))
            {
                return StunParseResult.BadAttribute;
            }

            start = attributes.Position;
        }

        return attributes.AtEnd ? StunParseResult.Ok : StunParseResult.BadAttribute;
    }

    private static bool IsWellFormed(StunAttribute type, ReadOnlySpan<byte> value, ReadOnlySpan<byte> message) => type switch
    {
        StunAttribute.Username => value.Length <= MaxUsernameLength,
        StunAttribute.Realm or StunAttribute.Nonce => value.Length <= MaxQuotedLength,
        StunAttribute.Priority or StunAttribute.Lifetime => value.Length == sizeof(uint),
        StunAttribute.ChannelNumber or StunAttribute.RequestedTransport or StunAttribute.RequestedAddressFamily => value.Length == 4,
        StunAttribute.UseCandidate => value.Length == 0,
        StunAttribute.EvenPort => value.Length == 1,
        StunAttribute.ReservationToken => value.Length == 8,
        StunAttribute.IceControlled or StunAttribute.IceControlling => value.Length == sizeof(ulong),
        StunAttribute.XorMappedAddress or StunAttribute.XorPeerAddress or StunAttribute.XorRelayedAddress =>
            StunXorAddress.TryRead(value, message[8..StunMessage.HeaderLength], out _),
        StunAttribute.ErrorCode => value.Length >= 4 && (value[2] & 7) is >= 3 and <= 6 && value[3] <= 99,
        _ => true,
    };
}
