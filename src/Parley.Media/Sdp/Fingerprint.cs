namespace Parley.Media.Sdp;

/// <summary>The hash of a DTLS certificate (a=fingerprint, RFC 8122 §5).</summary>
/// <param name="Algorithm">The hash's name in lower case, for example `sha-256`.</param>
/// <param name="Value">Upper-case hexadecimal bytes with colons between them.</param>
public sealed record Fingerprint(string Algorithm, string Value)
{
    /// <summary>Reads `sha-256 AB:CD:…`. False when it is not a hash of that algorithm's length.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Fingerprint? fingerprint)
    {
        fingerprint = null;
        var space = text.IndexOf(' ');
        if (space <= 0 || !SdpGrammar.IsToken(text[..space], 32)) return false;

        var value = text[(space + 1)..];
        if (!IsHexPairs(value)) return false;

        var algorithm = text[..space].ToString().ToLowerInvariant();
        var bytes = (value.Length + 1) / 3;
        if (ExpectedBytes(algorithm) is { } expected && bytes != expected) return false;
        fingerprint = new Fingerprint(algorithm, value.ToString().ToUpperInvariant());
        return true;
    }

    /// <summary>Whether the hash is one we rely on: SHA-2 of 256 bits and more (RFC 8122 §5 forbids MD2 and MD5; SHA-1 is broken).</summary>
    public bool IsStrong => Algorithm is "sha-256" or "sha-384" or "sha-512";

    /// <inheritdoc/>
    public override string ToString() => $"{Algorithm} {Value}";

    private static int? ExpectedBytes(string algorithm) => algorithm switch
    {
        "md2" or "md5" => 16,
        "sha-1" => 20,
        "sha-224" => 28,
        "sha-256" => 32,
        "sha-384" => 48,
        "sha-512" => 64,
        _ => null,
    };

    private static bool IsHexPairs(ReadOnlySpan<char> value)
    {
        if (value.Length > 64 * 3 - 1 || value.Length % 3 != 2) return false;
        for (var i = 0; i < value.Length; i++)
        {
            if (i % 3 == 2 ? value[i] != ':' : !char.IsAsciiHexDigit(value[i])) return false;
        }

        return true;
    }
}
