namespace Parley.Media.Srtp;

/// <summary>What a DTLS-SRTP handshake yields: a profile and the two directions' master keys.</summary>
/// <param name="Profile">The profile the server picked from <c>use_srtp</c>.</param>
/// <param name="Client">What the DTLS client protects with, so what the server's <see cref="SrtpInbound"/> reads with.</param>
/// <param name="Server">What the DTLS server protects with.</param>
public sealed record SrtpKeyingMaterial(SrtpProfile Profile, SrtpMasterKey Client, SrtpMasterKey Server)
{
    /// <summary>The exporter label of DTLS-SRTP (RFC 5764 §4.2).</summary>
    public const string ExporterLabel = "EXTRACTOR-dtls_srtp";

    /// <summary>
    /// Splits the exported bytes in the order of RFC 5764 §4.2: client key, server key, client salt, server salt.
    /// </summary>
    /// <param name="profile">The negotiated profile.</param>
    /// <param name="exported">Exactly <c>profile.ExportLength</c> bytes.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public static SrtpKeyingMaterial FromDtlsExport(SrtpProfile profile, ReadOnlySpan<byte> exported)
    {
        if (exported.Length != profile.ExportLength)
        {
            throw new ArgumentException($"{profile} exports {profile.ExportLength} bytes.", nameof(exported));
        }

        var key = profile.KeyLength;
        var salt = profile.SaltLength;
        var salts = exported[(2 * key)..];
        return new SrtpKeyingMaterial(
            profile,
            new SrtpMasterKey(profile, exported[..key].ToArray(), salts[..salt].ToArray()),
            new SrtpMasterKey(profile, exported[key..(2 * key)].ToArray(), salts[salt..].ToArray()));
    }

    /// <summary>The profile only: a key must not reach a log by accident.</summary>
    public override string ToString() => $"SrtpKeyingMaterial({Profile})";
}
