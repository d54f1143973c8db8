using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Parley.Media.Srtp;

/// <summary>
/// AES_CM_128_HMAC_SHA1_80 (RFC 3711 §4.1.1, §4.2.1) on libcrypto itself: its counter mode, and its SHA-1 from the two states that an HMAC's
/// key leads to, which are reached once.
/// </summary>
internal sealed unsafe class EvpCmSrtpCipher : ISrtpCipher
{
    private const int TagBytes = 10;

    private readonly LibCrypto _library;
    private readonly EvpContext _context;
    private readonly SrtpCipherKeys _keys;
    private readonly LibCrypto.Sha1State _inner;
    private readonly LibCrypto.Sha1State _outer;

    /// <param name="library">libcrypto.</param>
    /// <param name="keys">The session keys and salt.</param>
    public EvpCmSrtpCipher(LibCrypto library, SrtpCipherKeys keys)
    {
        (_library, _keys) = (library, keys);
        _inner = Keyed(0x36);
        _outer = Keyed(0x5c);
        _context = new EvpContext(library);
        fixed (byte* key = keys.Key)
        {
            if (library.CipherInit(_context.Use(), library.Aes128Ctr(), 0, key, null, 1) != 1) throw new CryptographicException("libcrypto refused its key.");
        }
    }

    /// <inheritdoc/>
    public int TagLength => TagBytes;

    /// <inheritdoc/>
    public void Seal(Span<byte> packet, int headerLength, uint ssrc, long index, uint trailer, Span<byte> tag)
    {
        Encrypt(packet[headerLength..], ssrc, index);
        Authenticate(packet, trailer, tag[..TagBytes]);
    }

    /// <inheritdoc/>
    public bool TryOpen(Span<byte> packet, int headerLength, uint ssrc, long index, uint trailer, ReadOnlySpan<byte> tag)
    {
        Span<byte> expected = stackalloc byte[TagBytes];
        Authenticate(packet, trailer, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, tag)) return false;
        Encrypt(packet[headerLength..], ssrc, index);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();

    /// <summary>libcrypto counts in all 128 bits and SRTP in the last 16: within a packet that is the same.</summary>
    private void Encrypt(Span<byte> body, uint ssrc, long index)
    {
        var context = _context.Use();
        if (body.IsEmpty) return;
        Span<byte> iv = stackalloc byte[SrtpIv.CounterModeLength];
        SrtpIv.CounterMode(_keys.Salt, ssrc, index, iv);
        int written;
        fixed (byte* first = iv, text = body)
        {
            // What is not encrypted must never leave as if it were.
            if (_library.CipherInit(context, 0, 0, null, first, -1) != 1 || _library.CipherUpdate(context, text, &written, text, body.Length) != 1)
                throw new CryptographicException("libcrypto refused to encrypt.");
        }

        GC.KeepAlive(_context);
    }

    /// <summary>The leftmost 80 bits of the HMAC over the packet and its trailer (RFC 3711 §4.2, RFC 2104).</summary>
    private void Authenticate(ReadOnlySpan<byte> packet, uint trailer, Span<byte> tag)
    {
        var hash = stackalloc byte[SHA1.HashSizeInBytes];
        var trailerBytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(new Span<byte>(trailerBytes, sizeof(uint)), trailer);
        var state = _inner;
        fixed (byte* bytes = packet)
        {
            _library.Sha1Update(&state, bytes, (nuint)packet.Length);
        }

        _library.Sha1Update(&state, trailerBytes, sizeof(uint));
        _library.Sha1Final(hash, &state);
        state = _outer;
        _library.Sha1Update(&state, hash, SHA1.HashSizeInBytes);
        _library.Sha1Final(hash, &state);
        new ReadOnlySpan<byte>(hash, TagBytes).CopyTo(tag);
    }

    /// <summary>SHA-1 after a block of the key, padded with zeros, XOR the pad (RFC 2104 §2). SRTP's keys are shorter than a block.</summary>
    private LibCrypto.Sha1State Keyed(byte pad)
    {
        const int BlockLength = 64;
        Span<byte> block = stackalloc byte[BlockLength];
        block.Clear();
        _keys.Auth.CopyTo(block);
        foreach (ref var b in block) b ^= pad;
        LibCrypto.Sha1State state;
        _library.Sha1Init(&state);
        fixed (byte* bytes = block)
        {
            _library.Sha1Update(&state, bytes, BlockLength);
        }

        CryptographicOperations.ZeroMemory(block);
        return state;
    }
}
