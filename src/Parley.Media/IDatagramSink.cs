namespace Parley.Media;

/// <summary>
/// Where the engine's datagrams go: the socket in production, a seeded lossy link in scenarios. Called from the network
/// thread and from mixer threads, so an implementation must be safe to call from several threads at once.
/// </summary>
public interface IDatagramSink
{
    /// <summary>
    /// Sends one datagram, over the connection the address names when it is one of TCP. The bytes belong to the caller again when
    /// this returns.
    /// </summary>
    void Send(TransportAddress to, ReadOnlySpan<byte> datagram);
}
