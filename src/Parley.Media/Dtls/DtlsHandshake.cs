using Org.BouncyCastle.Tls;

namespace Parley.Media.Dtls;

/// <summary>What the two roles' handshakes have in common: their bounds, and that every end has a name.</summary>
internal static class DtlsHandshake
{
    /// <summary>Runs one handshake in a role to its end.</summary>
    public static DtlsOutcome Run(DtlsRole role, DtlsTerms terms, IDtlsDatagrams datagrams)
    {
        var options = terms.Options;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.InitialResend, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxSendLength, 256);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxSendLength, 16384);

        var remote = role == DtlsRole.Client ? DtlsRole.Server : DtlsRole.Client;
        var flights = new DatagramFlights(datagrams, options.MaxSendLength, remote);
        try
        {
            var transport = role == DtlsRole.Client
                ? new DtlsInitiator(flights).Connect(new DtlsClientPeer(terms), flights)
                : new DtlsAcceptor(flights).Accept(new DtlsServerPeer(terms), flights);
            flights.Flush();
            flights.EndHandshake();
            return new DtlsOutcome
            {
                Failure = DtlsFailure.None,
                Keys = terms.Keys,
                Connection = new DtlsConnection(transport, flights, terms, remote),
            };
        }
        catch (TlsTimeoutException)
        {
            return DtlsOutcome.Failed(DtlsFailure.Timeout);
        }
        catch (TlsFatalAlertReceived alert)
        {
            // Only a server answers a hello, so only a client learns by an alert that there is no version in common.
            var failure = role == DtlsRole.Client && alert.AlertDescription == AlertDescription.protocol_version
                ? DtlsFailure.UnsupportedVersion
                : DtlsFailure.AlertReceived;
            return DtlsOutcome.Failed(failure, alert.AlertDescription);
        }
        catch (TlsFatalAlert alert)
        {
            var failure = Name(terms, flights, alert.AlertDescription);
            return DtlsOutcome.Failed(
                failure, failure == DtlsFailure.AlertReceived ? terms.AlertReceived : alert.AlertDescription);
        }
        catch (IOException)
        {
            // BouncyCastle's parsers end in EndOfStreamException and the like on a message cut short.
            return DtlsOutcome.Failed(Name(terms, flights, AlertDescription.internal_error), AlertDescription.internal_error);
        }
    }

    private static DtlsFailure Name(DtlsTerms terms, DatagramFlights flights, short alert) => (flights.Failure, terms.Failure) switch
    {
        (not DtlsFailure.None, _) => flights.Failure,
        (_, not DtlsFailure.None) => terms.Failure,
        _ when terms.AlertReceived == AlertDescription.close_notify => DtlsFailure.AlertReceived,
        _ when alert == AlertDescription.protocol_version => DtlsFailure.UnsupportedVersion,
        _ => DtlsFailure.ProtocolError,
    };
}
