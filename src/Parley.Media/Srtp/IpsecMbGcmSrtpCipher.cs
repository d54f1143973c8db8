using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Parley.Media.Srtp;

/// <summary>AEAD_AES_128_GCM (RFC 7714) on intel-ipsec-mb: a packet is one call. A wrong tag is an answer, no exception.</summary>
internal sealed unsafe class IpsecMbGcmSrtpCipher : ISrtpCipher
{
    private const int TagBytes = 16;

    /// <summary>As in <see cref="AesGcmSrtpCipher"/>.</summary>
    private const int MaxAssociatedData = 2048;

    private readonly IpsecMb _library;
    private readonly IpsecMbKey _key;
    private readonly void* _data;
    private readonly bool _authenticateTrailer;
    private Salt _salt;
    private bool _isDisposed;

    /// <param name="library">intel-ipsec-mb.</param>
    /// <param name="keys">The session key and salt.</param>
    /// <param name="authenticateTrailer">As in <see cref="AesGcmSrtpCipher"/>.</param>
    public IpsecMbGcmSrtpCipher(IpsecMb library, SrtpCipherKeys keys, bool authenticateTrailer)
    {
        (_library, _key, _authenticateTrailer) = (library, keys.Expanded(library), authenticateTrailer);
        _data = _key.Data;
        keys.Salt.CopyTo(_salt);
    }

    /// <inheritdoc/>
    public int TagLength => TagBytes;

    /// <inheritdoc/>
    public void Prefetch() => CacheLines.Prefetch(_data, IpsecMb.KeyDataLength / 64);

    /// <inheritdoc/>
    public void Seal(Span<byte> packet, int headerLength, uint ssrc, long index, uint trailer, Span<byte> tag)
    {
        if (tag.Length < TagBytes) throw new ArgumentException("The tag does not fit.", nameof(tag));
        Turn(_library.Encrypt, packet, headerLength, ssrc, index, trailer, tag);
    }

    /// <inheritdoc/>
    public bool TryOpen(Span<byte> packet, int headerLength, uint ssrc, long index, uint trailer, ReadOnlySpan<byte> tag)
    {
        if (tag.Length != TagBytes || headerLength > MaxAssociatedData - sizeof(uint)) return false;
        Span<byte> expected = stackalloc byte[TagBytes];
        Turn(_library.Decrypt, packet, headerLength, ssrc, index, trailer, expected);
        return CryptographicOperations.FixedTimeEquals(expected, tag);
    }

    /// <inheritdoc/>
    public void Dispose() => _isDisposed = true;

    private void Turn(
        delegate* unmanaged[SuppressGCTransition]<void*, void*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void> turn,
        Span<byte> packet,
        int headerLength,
        uint ssrc,
        long index,
        uint trailer,
        Span<byte> tag)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Span<byte> iv = stackalloc byte[SrtpIv.GcmLength];
        SrtpIv.Gcm(_salt, ssrc, index, iv);
        ReadOnlySpan<byte> associated = packet[..headerLength];
        if (_authenticateTrailer)
        {
            Span<byte> withTrailer = stackalloc byte[headerLength + sizeof(uint)];
            associated.CopyTo(withTrailer);
            BinaryPrimitives.WriteUInt32BigEndian(withTrailer[headerLength..], trailer);
            Turn(turn, packet[headerLength..], iv, withTrailer, tag);
            return;
        }

        Turn(turn, packet[headerLength..], iv, associated, tag);
    }

    private void Turn(
        delegate* unmanaged[SuppressGCTransition]<void*, void*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void> turn,
        Span<byte> body,
        ReadOnlySpan<byte> iv,
        ReadOnlySpan<byte> associated,
        Span<byte> tag)
    {
        var context = stackalloc byte[IpsecMb.ContextLength];
        fixed (byte* text = body, nonce = iv, header = associated, made = tag)
        {
            turn(_data, context, text, text, (ulong)body.Length, nonce, header, (ulong)associated.Length, made, TagBytes);
        }

        GC.KeepAlive(_key);
    }

    /// <summary>The session salt, in this object's own memory: one place less to look for at each packet.</summary>
    [InlineArray(SrtpIv.GcmLength)]
    private struct Salt
    {
        private byte _first;
    }
}
