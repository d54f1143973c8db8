using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Parley.Media.Dtls;

/// <summary>The hash functions a certificate fingerprint may use (RFC 8122 §5); sha-1 and the MDs are refused.</summary>
public enum DtlsHash
{
    Sha256,
    Sha384,
    Sha512,
}

/// <summary>A certificate's fingerprint as an SDP `a=fingerprint` line carries it (RFC 8122 §5).</summary>
public sealed class DtlsFingerprint : IEquatable<DtlsFingerprint>
{
    private readonly byte[] _bytes;

    private DtlsFingerprint(DtlsHash hash, byte[] bytes) => (Hash, _bytes) = (hash, bytes);

    /// <summary>The hash function.</summary>
    public DtlsHash Hash { get; }

    /// <summary>The digest: 32, 48 or 64 bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The fingerprint of a certificate's DER bytes.</summary>
    public static DtlsFingerprint Of(ReadOnlySpan<byte> certificate, DtlsHash hash = DtlsHash.Sha256) =>
        new(hash, Digest(certificate, hash));

    /// <summary>
    /// Parses the value of an `a=fingerprint` line: a hash name in any case, one space, hex pairs joined by colons.
    /// False for an unknown hash or a digest of the wrong length.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> value, [NotNullWhen(true)] out DtlsFingerprint? fingerprint)
    {
        fingerprint = null;
        value = value.Trim();
        var space = value.IndexOf(' ');
        if (space < 0 || !TryParseHash(value[..space], out var hash))
        {
            return false;
        }

        var hex = value[(space + 1)..].TrimStart(' ');
        var bytes = new byte[Length(hash)];
        if (hex.Length != bytes.Length * 3 - 1)
        {
            return false;
        }

        for (var i = 0; i < bytes.Length; i++)
        {
            var high = hex[i * 3];
            var low = hex[i * 3 + 1];
            var joined = i == bytes.Length - 1 || hex[i * 3 + 2] == ':';
            if (!char.IsAsciiHexDigit(high) || !char.IsAsciiHexDigit(low) || !joined)
            {
                return false;
            }

            bytes[i] = (byte)((Nibble(high) << 4) | Nibble(low));
        }

        fingerprint = new DtlsFingerprint(hash, bytes);
        return true;
    }

    /// <summary>The SDP form: "sha-256 AA:BB:…", upper case as RFC 8122 §5 asks.</summary>
    public string ToSdpValue() => $"{Name(Hash)} {Convert.ToHexString(_bytes).Chunk(2).Aggregate("", (text, pair) =>
        text.Length == 0 ? new string(pair) : $"{text}:{new string(pair)}")}";

    /// <summary>Whether a certificate (DER bytes) is the one this fingerprint was taken of; constant time in the digest.</summary>
    public bool Matches(ReadOnlySpan<byte> certificate) =>
        CryptographicOperations.FixedTimeEquals(Digest(certificate, Hash), _bytes);

    /// <inheritdoc/>
    public bool Equals(DtlsFingerprint? other) =>
        other is not null && other.Hash == Hash && CryptographicOperations.FixedTimeEquals(other._bytes, _bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DtlsFingerprint);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_bytes, 0);

    /// <inheritdoc/>
    public override string ToString() => ToSdpValue();

    private static byte[] Digest(ReadOnlySpan<byte> data, DtlsHash hash) => hash switch
    {
        DtlsHash.Sha384 => SHA384.HashData(data),
        DtlsHash.Sha512 => SHA512.HashData(data),
        _ => SHA256.HashData(data),
    };

    private static int Length(DtlsHash hash) => hash switch
    {
        DtlsHash.Sha384 => SHA384.HashSizeInBytes,
        DtlsHash.Sha512 => SHA512.HashSizeInBytes,
        _ => SHA256.HashSizeInBytes,
    };

    private static string Name(DtlsHash hash) => hash switch
    {
        DtlsHash.Sha384 => "sha-384",
        DtlsHash.Sha512 => "sha-512",
        _ => "sha-256",
    };

    private static bool TryParseHash(ReadOnlySpan<char> name, out DtlsHash hash)
    {
        foreach (var candidate in (ReadOnlySpan<DtlsHash>)[DtlsHash.Sha256, DtlsHash.Sha384, DtlsHash.Sha512])
        {
            if (name.Equals(Name(candidate), StringComparison.OrdinalIgnoreCase))
            {
                hash = candidate;
                return true;
            }
        }

        hash = default;
        return false;
    }

    private static int Nibble(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
