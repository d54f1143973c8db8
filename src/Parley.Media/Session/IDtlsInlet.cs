namespace Parley.Media.Session;

/// <summary>Where a connection's DTLS datagrams go in: the handshake blocks, so a host lends it a thread (design §1).</summary>
public interface IDtlsInlet
{
    /// <summary>Takes one datagram. Copies it; never blocks.</summary>
    /// <param name="from">An address that ICE has validated: whom a handshake counts to.</param>
    /// <param name="datagram">Any bytes.</param>
    void Feed(TransportAddress from, ReadOnlySpan<byte> datagram);

    /// <summary>The connection is over: says so to the peer when it can (close_notify) and lets go of everything.</summary>
    void Close();
}
