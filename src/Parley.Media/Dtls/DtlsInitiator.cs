using Org.BouncyCastle.Tls;

namespace Parley.Media.Dtls;

/// <summary>BouncyCastle's client, which tells the transport when the server's Finished may be read.</summary>
internal sealed class DtlsInitiator(DatagramFlights flights) : DtlsClientProtocol
{
    protected override byte[] GenerateClientKeyExchange(ClientHandshakeState state)
    {
        // Nothing is received any more before this flight, which ends in our own Finished, has been sent.
        flights.ReleaseFinished();
        return base.GenerateClientKeyExchange(state);
    }
}
