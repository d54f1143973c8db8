using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;
using System.Security.Cryptography;

namespace Parley.Media.Srtp;

/// <summary>
/// AES in counter mode as SRTP uses it: the low 16 bits of the IV count blocks (RFC 3711 §4.1.1). For one thread at a time.
/// </summary>
/// <remarks>
/// The platform has no counter mode. A kept ECB transform over a batch of counters is four times faster than
/// <c>Aes.EncryptEcb</c>, which makes a native context for each call, and allocates nothing.
/// </remarks>
internal sealed class AesCounterMode : IDisposable
{
    public const int BlockLength = 16;

    private const int BatchLength = 64 * BlockLength;

    private readonly ICryptoTransform _ecb;

    /// <summary>Counters going in, keystream coming out.</summary>
    private readonly byte[] _batch = new byte[BatchLength];

    public AesCounterMode(byte[] key)
    {
        using var aes = Aes.Create();
#pragma warning disable CA5358 // ECB of distinct counters is counter mode, which RFC 3711 §4.1.1 asks for.
        aes.Mode = CipherMode.ECB;
#pragma warning restore CA5358
        aes.Padding = PaddingMode.None;
        aes.Key = key;
        _ecb = aes.CreateEncryptor();
    }

    /// <summary>XORs the keystream onto the data: encrypts, and decrypts.</summary>
    /// <param name="iv">16 bytes, the last two zero or the first block's number.</param>
    /// <param name="data">At most 2^16 blocks, which no datagram exceeds.</param>
    public void Apply(ReadOnlySpan<byte> iv, Span<byte> data)
    {
        Debug.Assert(iv.Length == BlockLength && data.Length <= BlockLength << 16, "one keystream has at most 2^16 blocks");
        var high = BinaryPrimitives.ReadUInt64BigEndian(iv);
        var low = BinaryPrimitives.ReadUInt64BigEndian(iv[8..]);
        while (!data.IsEmpty)
        {
            var take = Math.Min(data.Length, BatchLength);
            var padded = (take + BlockLength - 1) & -BlockLength;
            for (var at = 0; at < padded; at += BlockLength)
            {
                BinaryPrimitives.WriteUInt64BigEndian(_batch.AsSpan(at), high);
                BinaryPrimitives.WriteUInt64BigEndian(_batch.AsSpan(at + 8), low++);
            }

            _ecb.TransformBlock(_batch, 0, padded, _batch, 0);
            Xor(data[..take], _batch);
            data = data[take..];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ecb.Dispose();
        CryptographicOperations.ZeroMemory(_batch);
    }

    private static void Xor(Span<byte> data, ReadOnlySpan<byte> keystream)
    {
        while (data.Length >= Vector<byte>.Count)
        {
            (new Vector<byte>(data) ^ new Vector<byte>(keystream)).CopyTo(data);
            data = data[Vector<byte>.Count..];
            keystream = keystream[Vector<byte>.Count..];
        }

        for (var i = 0; i < data.Length; i++)
        {
            data[i] ^= keystream[i];
        }
    }
}
