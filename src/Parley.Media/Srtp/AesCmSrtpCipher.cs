using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Parley.Media.Srtp;

/// <summary>AES_CM_128_HMAC_SHA1_80 (RFC 3711 §4.1.1, §4.2.1): encrypt, then authenticate.</summary>
internal sealed class AesCmSrtpCipher(SrtpCipherKeys keys) : ISrtpCipher
{
    private const int TagBytes = 10;

    private readonly AesCounterMode _aes = new(keys.Key);

    // Kept keyed: half the time of the one-shot HMACSHA1.HashData, and no allocation.
    private readonly IncrementalHash _hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, keys.Auth);

    /// <inheritdoc/>
    public int TagLength => TagBytes;

    /// <inheritdoc/>
    public void Seal(Span<byte> packet, int headerLength, uint ssrc, long index, uint trailer, Span<byte> tag)
    {
        Encrypt(packet[headerLength..], ssrc, index);
        Authenticate(packet, trailer, tag);
    }

    /// <inheritdoc/>
    public bool TryOpen(Span<byte> packet, int headerLength, uint ssrc, long index, uint trailer, ReadOnlySpan<byte> tag)
    {
        Span<byte> expected = stackalloc byte[TagBytes];
        Authenticate(packet, trailer, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, tag))
        {
            return false;
        }

        Encrypt(packet[headerLength..], ssrc, index);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _aes.Dispose();
        _hmac.Dispose();
    }

    private void Encrypt(Span<byte> body, uint ssrc, long index)
    {
        Span<byte> iv = stackalloc byte[SrtpIv.CounterModeLength];
        SrtpIv.CounterMode(keys.Salt, ssrc, index, iv);
        _aes.Apply(iv, body);
    }

    /// <summary>The leftmost 80 bits of the HMAC over the packet and its trailer (RFC 3711 §4.2).</summary>
    private void Authenticate(ReadOnlySpan<byte> packet, uint trailer, Span<byte> tag)
    {
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        Span<byte> trailerBytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(trailerBytes, trailer);
        _hmac.AppendData(packet);
        _hmac.AppendData(trailerBytes);
        _hmac.GetHashAndReset(hash);
        hash[..TagBytes].CopyTo(tag);
    }
}
