using Parley.Media;

namespace Parley.Server.MediaHost;

/// <summary>The ports of one worker as one thread sees them: each datagram goes by the protocol of its address.</summary>
/// <param name="udp">Always there; the port itself, or a batch of it.</param>
/// <param name="tcp">Null when it is turned off.</param>
internal sealed class MediaPorts(IDatagramBatch udp, TcpPort? tcp) : IDatagramBatch
{
    /// <inheritdoc/>
    public Span<byte> Reserve(int maxLength) => udp.Reserve(maxLength);

    /// <inheritdoc/>
    public void Commit(TransportAddress to, int length)
    {
        // What goes over TCP is copied into its connection's queue, and its room is reserved again.
        if (to.IsTcp) tcp?.Send(to, udp.Reserve(length));
        else udp.Commit(to, length);
    }

    /// <inheritdoc/>
    public void Flush() => udp.Flush();

    /// <inheritdoc/>
    public void Send(TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        if (to.IsTcp) tcp?.Send(to, datagram);
        else udp.Send(to, datagram);
    }
}
