using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Parley.Media.Turn;

/// <summary>
/// Nonces that nothing is kept for: when it was made, and a MAC over that and the client's address, so a nonce that comes back is one
/// we sent there (RFC 8489 §9.2, §14.10). Short, because they go to who has proved nothing.
/// </summary>
internal sealed class TurnNonces
{
    /// <summary>base64 of four bytes of seconds and eight of MAC.</summary>
    public const int Length = 16;

    /// <summary>RFC 8656 §5: at least once an hour.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private const int TimeLength = 4;
    private const int RawLength = 12;

    private readonly byte[] _key = new byte[32];

    public TurnNonces(RandomSource random) => random.Fill(_key);

    /// <summary>Makes one.</summary>
    public void Write(TurnFlow client, TimeSpan now, Span<byte> nonce)
    {
        Span<byte> raw = stackalloc byte[RawLength];
        BinaryPrimitives.WriteUInt32BigEndian(raw, Seconds(now));
        Sign(client, raw);
        Base64.EncodeToUtf8(raw, nonce, out _, out _);
    }

    /// <summary>Whether it is one we gave this client, and not too old.</summary>
    public bool IsFresh(ReadOnlySpan<byte> nonce, TurnFlow client, TimeSpan now)
    {
        Span<byte> raw = stackalloc byte[RawLength];
        Span<byte> expected = stackalloc byte[RawLength];
        if (nonce.Length != Length || Base64.DecodeFromUtf8(nonce, raw, out _, out var written) != System.Buffers.OperationStatus.Done
            || written != RawLength)
        {
            return false;
        }

        raw[..TimeLength].CopyTo(expected);
        Sign(client, expected);

        // Modulo 2³², in which a later time than now is a very old one.
        var age = Seconds(now) - BinaryPrimitives.ReadUInt32BigEndian(raw);
        return CryptographicOperations.FixedTimeEquals(raw, expected) && age <= (uint)Lifetime.TotalSeconds;
    }

    private static uint Seconds(TimeSpan now) => unchecked((uint)(long)now.TotalSeconds);

    private void Sign(TurnFlow client, Span<byte> raw)
    {
        Span<byte> text = stackalloc byte[TimeLength + 16 + 2 + 4];
        raw[..TimeLength].CopyTo(text);
        client.Client.WriteIPv6(text[TimeLength..]);
        BinaryPrimitives.WriteUInt16BigEndian(text[(TimeLength + 16)..], client.Client.Port);
        BinaryPrimitives.WriteInt32BigEndian(text[(TimeLength + 18)..], client.Connection);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, text, mac);
        mac[..(RawLength - TimeLength)].CopyTo(raw[TimeLength..]);
    }
}
