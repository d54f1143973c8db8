using Parley.Media;

namespace Parley.Server.MediaHost;

/// <summary>The ports of one worker as the engine sees them: each datagram goes by the protocol of its address.</summary>
/// <param name="udp">Always there.</param>
/// <param name="tcp">Null when it is turned off.</param>
internal sealed class MediaPorts(UdpPort udp, TcpPort? tcp) : IDatagramBatch
{
    private readonly byte[] _reserved = new byte[2_048];

    /// <inheritdoc/>
    public Span<byte> Reserve(int maxLength) => _reserved.AsSpan(0, maxLength);

    /// <inheritdoc/>
    public void Commit(TransportAddress to, int length) => Send(to, _reserved.AsSpan(0, length));

    /// <inheritdoc/>
    public void Flush()
    {
        // Each has left when it was committed.
    }

    /// <inheritdoc/>
    public void Send(TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        if (to.IsTcp) tcp?.Send(to, datagram);
        else udp.Send(to, datagram);
    }
}
