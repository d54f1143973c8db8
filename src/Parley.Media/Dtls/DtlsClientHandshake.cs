namespace Parley.Media.Dtls;

/// <summary>
/// The client's side of DTLS-SRTP (RFC 5764) over DTLS 1.2 (RFC 6347), with the profile of RFC 8827 §6.5. The server
/// must prove that it holds the key of the certificate whose fingerprint its SDP carried, and gets ours when it asks.
/// </summary>
public static class DtlsClientHandshake
{
    /// <summary>
    /// Runs one handshake to its end on the caller's thread, which blocks in <see cref="IDtlsDatagrams.Receive"/>.
    /// Whatever the peer sends ends in an outcome, never in an exception. Of the keys, we protect with the client's half.
    /// </summary>
    /// <param name="identity">Our certificate.</param>
    /// <param name="expectedRemote">The fingerprint from the peer's SDP.</param>
    /// <param name="datagrams">The host's datagrams; also kept by the connection in the outcome.</param>
    /// <param name="options">Timing and sizes; <see cref="DtlsHandshakeOptions.Default"/> when null.</param>
    /// <param name="random">Where nonces and ephemeral keys come from; the system's generator when null.</param>
    public static DtlsOutcome Run(
        DtlsIdentity identity,
        DtlsFingerprint expectedRemote,
        IDtlsDatagrams datagrams,
        DtlsHandshakeOptions? options = null,
        RandomSource? random = null) =>
        DtlsHandshake.Run(
            DtlsRole.Client,
            new DtlsTerms(identity, expectedRemote, options ?? DtlsHandshakeOptions.Default, random ?? RandomSource.System),
            datagrams);
}
