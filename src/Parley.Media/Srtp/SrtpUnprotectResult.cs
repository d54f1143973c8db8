namespace Parley.Media.Srtp;

/// <summary>How unprotecting one packet ended. Everything but <see cref="Ok"/> is a reason to drop and count it.</summary>
public enum SrtpUnprotectResult
{
    /// <summary>Authentic, fresh and decrypted.</summary>
    Ok,

    /// <summary>Shorter than its header says, or than a header and a tag; or its version is not 2.</summary>
    Malformed,

    /// <summary>A packet of this index was accepted before.</summary>
    Replayed,

    /// <summary>Before the replay window, so it cannot be told whether it is a replay.</summary>
    TooOld,

    /// <summary>The tag is wrong: forged, damaged, or of another session.</summary>
    AuthenticationFailed,

    /// <summary>A new SSRC, and the direction already has as many as it may.</summary>
    TooManyStreams,
}
