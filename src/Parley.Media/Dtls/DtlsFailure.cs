namespace Parley.Media.Dtls;

/// <summary>Why a handshake gave no keys.</summary>
public enum DtlsFailure
{
    /// <summary>It did not fail.</summary>
    None,

    /// <summary>The peer did not finish within <see cref="DtlsHandshakeOptions.Timeout"/>.</summary>
    Timeout,

    /// <summary>The host gave the handshake up: the session ended.</summary>
    Closed,

    /// <summary>The host gave the handshake up to make room for a newer one.</summary>
    Evicted,

    /// <summary>The peer declared or sent more than any handshake needs.</summary>
    TooLarge,

    /// <summary>The peer offered, or chose, no DTLS 1.2 (RFC 8827 §6.5).</summary>
    UnsupportedVersion,

    /// <summary>The peer offered no cipher suite or curve of ours.</summary>
    NoCommonCipherSuite,

    /// <summary>The peer offered, or chose, no SRTP protection profile of ours, or sent no use_srtp (RFC 5764 §4.1).</summary>
    NoCommonSrtpProfile,

    /// <summary>The peer does not do extended_master_secret, without which nothing may be exported (RFC 7627 §5.4).</summary>
    NoExtendedMasterSecret,

    /// <summary>The peer sent an empty Certificate message.</summary>
    NoClientCertificate,

    /// <summary>The peer's certificate is not the one its SDP promised (RFC 8122 §6.2).</summary>
    FingerprintMismatch,

    /// <summary>The peer's certificate has a key we do not verify: an unusual curve, or RSA out of bounds.</summary>
    UnsupportedCertificate,

    /// <summary>The peer sent a fatal alert; its number is in <see cref="DtlsOutcome.Alert"/>.</summary>
    AlertReceived,

    /// <summary>The peer broke the protocol; the alert it was sent is in <see cref="DtlsOutcome.Alert"/>.</summary>
    ProtocolError,
}
