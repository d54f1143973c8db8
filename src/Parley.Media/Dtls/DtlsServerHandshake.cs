using Org.BouncyCastle.Tls;

namespace Parley.Media.Dtls;

/// <summary>
/// The server's side of DTLS-SRTP (RFC 5764) over DTLS 1.2 (RFC 6347), with the profile of RFC 8827 §6.5. The client
/// must prove that it holds the key of the certificate whose fingerprint its SDP carried.
/// </summary>
public static class DtlsServerHandshake
{
    /// <summary>
    /// Runs one handshake to its end on the caller's thread, which blocks in <see cref="IDtlsDatagrams.Receive"/>.
    /// Whatever the peer sends ends in an outcome, never in an exception.
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
        RandomSource? random = null)
    {
        options ??= DtlsHandshakeOptions.Default;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.InitialResend, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxSendLength, 256);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxSendLength, 16384);

        var flights = new DatagramFlights(datagrams, options.MaxSendLength);
        var peer = new DtlsServerPeer(identity, expectedRemote, options, random ?? RandomSource.System);
        try
        {
            var transport = new DtlsAcceptor(flights).Accept(peer, flights);
            flights.Flush();
            flights.EndHandshake();
            return new DtlsOutcome
            {
                Failure = DtlsFailure.None,
                Keys = peer.Keys,
                Connection = new DtlsConnection(transport, flights, peer),
            };
        }
        catch (TlsTimeoutException)
        {
            return DtlsOutcome.Failed(DtlsFailure.Timeout);
        }
        catch (TlsFatalAlertReceived alert)
        {
            return DtlsOutcome.Failed(DtlsFailure.AlertReceived, alert.AlertDescription);
        }
        catch (TlsFatalAlert alert)
        {
            var failure = Name(peer, flights, alert.AlertDescription);
            return DtlsOutcome.Failed(
                failure, failure == DtlsFailure.AlertReceived ? peer.AlertReceived : alert.AlertDescription);
        }
        catch (IOException)
        {
            // BouncyCastle's parsers end in EndOfStreamException and the like on a message cut short.
            return DtlsOutcome.Failed(Name(peer, flights, AlertDescription.internal_error), AlertDescription.internal_error);
        }
    }

    private static DtlsFailure Name(DtlsServerPeer peer, DatagramFlights flights, short alert) => (flights.Failure, peer.Failure) switch
    {
        (not DtlsFailure.None, _) => flights.Failure,
        (_, not DtlsFailure.None) => peer.Failure,
        _ when peer.AlertReceived == AlertDescription.close_notify => DtlsFailure.AlertReceived,
        _ when alert == AlertDescription.protocol_version => DtlsFailure.UnsupportedVersion,
        _ => DtlsFailure.ProtocolError,
    };
}
