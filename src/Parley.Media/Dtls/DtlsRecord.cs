using System.Buffers.Binary;

namespace Parley.Media.Dtls;

/// <summary>What the intake says of a datagram.</summary>
public enum DtlsCheck
{
    /// <summary>Every record is well formed and of a kind the sender's role sends in DTLS 1.2.</summary>
    Valid,

    /// <summary>Something is not: drop the whole datagram (RFC 6347 §4.1.2.7).</summary>
    Malformed,

    /// <summary>It declares a handshake message longer than <see cref="DtlsRecord.MaxMessageLength"/>.</summary>
    TooLarge,
}

/// <summary>
/// One record of a datagram (RFC 6347 §4.1), read without copying, and the cheap check every datagram must pass before a
/// state machine sees it. Only what the sender's role may send in a DTLS 1.2 handshake of ours passes: no renegotiation, no
/// session tickets, no stapled certificate status.
/// </summary>
public readonly ref struct DtlsRecord
{
    /// <summary>Type, version, epoch, sequence number and length.</summary>
    public const int HeaderLength = 13;

    /// <summary>
    /// The longest datagram we take. Browsers stay below 1500; this leaves room for a peer on loopback.
    /// </summary>
    public const int MaxDatagramLength = 4096;

    /// <summary>
    /// The longest handshake message we take. A ClientHello with an ML-KEM key share has about 1.8 kB, a WebRTC
    /// certificate about 400 bytes, and the memory for a message is taken as soon as its first fragment declares its length.
    /// </summary>
    public const int MaxMessageLength = 16 * 1024;

    /// <summary>The highest message_seq we take: a client's flights need 0 to 5, a server's 0 to 7.</summary>
    public const int MaxMessageSequence = 7;

    internal const byte ChangeCipherSpec = 20;
    internal const byte Alert = 21;
    internal const byte Handshake = 22;
    internal const byte ApplicationData = 23;

    internal const byte ClientHello = 1;
    private const byte ServerHello = 2;
    private const byte HelloVerifyRequest = 3;
    private const byte Certificate = 11;
    private const byte ServerKeyExchange = 12;
    private const byte CertificateRequest = 13;
    private const byte ServerHelloDone = 14;
    private const byte CertificateVerify = 15;
    private const byte ClientKeyExchange = 16;

    private const int MessageHeaderLength = 12;

    // Explicit nonce, tag and one byte (RFC 5288 §3). BouncyCastle treats a shorter one as fatal, and anyone can send one.
    private const int MinProtectedLength = 8 + 16 + 1;

    private DtlsRecord(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>The whole record with its header.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>20 change_cipher_spec, 21 alert, 22 handshake, 23 application_data (RFC 5246 §6.2.1).</summary>
    public byte ContentType => Bytes[0];

    /// <summary>0xFEFF (DTLS 1.0) or 0xFEFD (1.2); a ClientHello may carry either.</summary>
    public ushort Version => BinaryPrimitives.ReadUInt16BigEndian(Bytes[1..]);

    /// <summary>0 before the peer's ChangeCipherSpec, 1 after it.</summary>
    public ushort Epoch => BinaryPrimitives.ReadUInt16BigEndian(Bytes[3..]);

    /// <summary>What follows the header: plaintext in epoch 0.</summary>
    public ReadOnlySpan<byte> Fragment => Bytes[HeaderLength..];

    /// <summary>Takes the next record off a datagram; false at its end and when the rest is no whole record.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> datagram, out DtlsRecord record)
    {
        record = default;
        if (datagram.Length <= HeaderLength)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[11..]);
        if (length == 0 || length > datagram.Length - HeaderLength)
        {
            return false;
        }

        record = new DtlsRecord(datagram[..(HeaderLength + length)]);
        datagram = datagram[(HeaderLength + length)..];
        return true;
    }

    /// <summary>Whether every record of the datagram may be shown to the handshake.</summary>
    /// <param name="datagram">What came.</param>
    /// <param name="sender">The role of the one who sent it.</param>
    public static bool TryValidate(ReadOnlySpan<byte> datagram, DtlsRole sender = DtlsRole.Client) =>
        Check(datagram, out _, sender) == DtlsCheck.Valid;

    /// <summary>Whether the datagram begins a handshake: its first record holds a fragment of a ClientHello.</summary>
    public static bool IsClientHello(ReadOnlySpan<byte> datagram) =>
        TryRead(ref datagram, out var record)
        && record is { ContentType: Handshake, Epoch: 0 }
        && record.Fragment[0] == ClientHello;

    /// <summary>As <see cref="TryValidate"/>, with the reason and the number of plaintext handshake fragments.</summary>
    public static DtlsCheck Check(ReadOnlySpan<byte> datagram, out int fragments, DtlsRole sender = DtlsRole.Client)
    {
        fragments = 0;
        if (datagram.IsEmpty || datagram.Length > MaxDatagramLength)
        {
            return DtlsCheck.Malformed;
        }

        while (!datagram.IsEmpty)
        {
            if (!TryRead(ref datagram, out var record))
            {
                return DtlsCheck.Malformed;
            }

            var check = record.Check(sender, ref fragments);
            if (check != DtlsCheck.Valid)
            {
                return check;
            }
        }

        return DtlsCheck.Valid;
    }

    private DtlsCheck Check(DtlsRole sender, ref int fragments)
    {
        if (Version is not (0xFEFF or 0xFEFD))
        {
            return DtlsCheck.Malformed;
        }

        return (Epoch, ContentType) switch
        {
            (0, Handshake) => CheckHandshake(Fragment, sender, ref fragments),
            (0, ChangeCipherSpec) => Fragment is [1] ? DtlsCheck.Valid : DtlsCheck.Malformed,
            (0, Alert) => Fragment.Length == 2 ? DtlsCheck.Valid : DtlsCheck.Malformed,
            (1, Handshake or Alert or ApplicationData) =>
                Fragment.Length >= MinProtectedLength ? DtlsCheck.Valid : DtlsCheck.Malformed,
            _ => DtlsCheck.Malformed,
        };
    }

    // RFC 6347 §4.2.2: one record may hold several messages, whole or in fragments.
    private static DtlsCheck CheckHandshake(ReadOnlySpan<byte> messages, DtlsRole sender, ref int fragments)
    {
        while (!messages.IsEmpty)
        {
            if (messages.Length < MessageHeaderLength)
            {
                return DtlsCheck.Malformed;
            }

            var length = UInt24(messages[1..]);
            var offset = UInt24(messages[6..]);
            var fragment = UInt24(messages[9..]);
            if (!MaySend(sender, messages[0])
                || BinaryPrimitives.ReadUInt16BigEndian(messages[4..]) > MaxMessageSequence
                || (messages[0] == ServerHelloDone ? length != 0 : fragment == 0)
                || offset + fragment > length
                || fragment > messages.Length - MessageHeaderLength)
            {
                return DtlsCheck.Malformed;
            }

            if (length > MaxMessageLength)
            {
                return DtlsCheck.TooLarge;
            }

            fragments++;
            messages = messages[(MessageHeaderLength + fragment)..];
        }

        return DtlsCheck.Valid;
    }

    private static bool MaySend(DtlsRole sender, byte message) => sender == DtlsRole.Client
        ? message is ClientHello or Certificate or CertificateVerify or ClientKeyExchange
        : message is ServerHello or HelloVerifyRequest or Certificate or ServerKeyExchange or CertificateRequest or ServerHelloDone;

    private static int UInt24(ReadOnlySpan<byte> bytes) => (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];
}
