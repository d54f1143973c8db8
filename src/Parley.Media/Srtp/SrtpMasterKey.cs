namespace Parley.Media.Srtp;

/// <summary>The master key and master salt of one direction, as DTLS exported them (RFC 3711 §3.2.1).</summary>
public sealed record SrtpMasterKey
{
    /// <param name="profile">The negotiated profile.</param>
    /// <param name="key">The master key, <c>profile.KeyLength</c> bytes; kept, not copied.</param>
    /// <param name="salt">The master salt, <c>profile.SaltLength</c> bytes; kept, not copied.</param>
    /// <exception cref="ArgumentException">An unknown profile, or a length that is not the profile's.</exception>
    public SrtpMasterKey(SrtpProfile profile, byte[] key, byte[] salt)
    {
        if (!profile.IsSupported)
        {
            throw new ArgumentException($"Unknown SRTP profile {(ushort)profile:x4}.", nameof(profile));
        }

        if (key.Length != profile.KeyLength)
        {
            throw new ArgumentException($"{profile} takes a master key of {profile.KeyLength} bytes.", nameof(key));
        }

        if (salt.Length != profile.SaltLength)
        {
            throw new ArgumentException($"{profile} takes a master salt of {profile.SaltLength} bytes.", nameof(salt));
        }

        Profile = profile;
        Key = key;
        Salt = salt;
    }

    /// <summary>The profile the key is for.</summary>
    public SrtpProfile Profile { get; }

    /// <summary>The master key. A secret.</summary>
    public byte[] Key { get; }

    /// <summary>The master salt. Kept as a secret.</summary>
    public byte[] Salt { get; }

    /// <summary>The profile only: a key must not reach a log by accident.</summary>
    public override string ToString() => $"SrtpMasterKey({Profile})";
}
