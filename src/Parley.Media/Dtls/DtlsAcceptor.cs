using Org.BouncyCastle.Tls;

namespace Parley.Media.Dtls;

/// <summary>BouncyCastle's server, which tells the transport when the client's Finished may be read.</summary>
internal sealed class DtlsAcceptor(DatagramFlights flights) : DtlsServerProtocol
{
    protected override void ProcessCertificateVerify(
        ServerHandshakeState state, byte[] body, TlsHandshakeHash handshakeHash)
    {
        base.ProcessCertificateVerify(state, body, handshakeHash);
        flights.ReleaseFinished();
    }
}
