using System.Security.Cryptography;

namespace Parley.Media.Srtp;

/// <summary>
/// AEAD_AES_128_GCM for SRTP (RFC 7714 §8) on libcrypto itself, its context kept: the platform's AES-GCM clears OpenSSL's error
/// queue before each of its five calls, which costs more than a packet's encryption. A wrong tag is an answer here, no
/// exception. One instance either seals or opens; the first use decides.
/// </summary>
internal sealed unsafe class EvpGcmSrtpCipher : ISrtpCipher
{
    private const int TagBytes = 16;
    private const int Keep = -1;
    private const int Encrypt = 1;
    private const int Decrypt = 0;

    private readonly LibCrypto _library;
    private readonly EvpContext _context;
    private readonly SrtpCipherKeys _keys;
    private int _direction = Keep;

    /// <param name="library">libcrypto.</param>
    /// <param name="keys">The session key and salt.</param>
    public EvpGcmSrtpCipher(LibCrypto library, SrtpCipherKeys keys)
    {
        (_library, _keys) = (library, keys);
        _context = new EvpContext(library);
    }

    /// <inheritdoc/>
    public int TagLength => TagBytes;

    /// <inheritdoc/>
    public void Seal(Span<byte> packet, int headerLength, uint ssrc, long index, uint trailer, Span<byte> tag)
    {
        if (tag.Length < TagBytes) throw new ArgumentException("The tag does not fit.", nameof(tag));
        var context = _context.Use();
        Begin(context, Encrypt, ssrc, index);
        fixed (byte* sealedTag = tag)
        {
            // What is not encrypted must never leave as if it were.
            if (!TryApply(context, packet, headerLength) || _library.ContextControl(context, LibCrypto.GetTag, TagBytes, sealedTag) != 1)
                throw new CryptographicException("libcrypto refused to encrypt.");
        }

        GC.KeepAlive(_context);
    }

    /// <inheritdoc/>
    public bool TryOpen(Span<byte> packet, int headerLength, uint ssrc, long index, uint trailer, ReadOnlySpan<byte> tag)
    {
        if (tag.Length != TagBytes) return false;
        var context = _context.Use();
        Begin(context, Decrypt, ssrc, index);
        bool isRight;
        fixed (byte* expected = tag)
        {
            isRight = _library.ContextControl(context, LibCrypto.SetTag, TagBytes, expected) == 1 && TryApply(context, packet, headerLength);
        }

        GC.KeepAlive(_context);
        return isRight;
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();

    /// <summary>A packet's IV; the key only the first time, since its schedule is what costs.</summary>
    private void Begin(nint context, int direction, uint ssrc, long index)
    {
        if (_direction != Keep && _direction != direction) throw new InvalidOperationException("A cipher seals or opens, not both.");
        Span<byte> iv = stackalloc byte[SrtpIv.GcmLength];
        SrtpIv.Gcm(_keys.Salt, ssrc, index, iv);
        fixed (byte* nonce = iv, key = _keys.Key)
        {
            var begun = _direction == direction
                ? _library.CipherInit(context, 0, 0, null, nonce, Keep)
                : _library.CipherInit(context, _library.Aes128Gcm(), 0, key, nonce, direction);
            if (begun != 1) throw new CryptographicException("libcrypto refused its key.");
        }

        _direction = direction;
    }

    /// <summary>The header authenticated, the body turned in place, and the tag made or compared, in constant time.</summary>
    private bool TryApply(nint context, Span<byte> packet, int headerLength)
    {
        int written;
        var none = stackalloc byte[TagBytes];
        var header = packet[..headerLength];
        var body = packet[headerLength..];
        fixed (byte* associated = header, text = body)
        {
            return _library.CipherUpdate(context, null, &written, associated, header.Length) == 1
                && (body.IsEmpty || _library.CipherUpdate(context, text, &written, text, body.Length) == 1)
                && _library.CipherFinal(context, none, &written) == 1;
        }
    }
}
