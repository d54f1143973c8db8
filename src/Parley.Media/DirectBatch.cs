namespace Parley.Media;

/// <summary>A batch that waits for nothing: each datagram goes to the sink when it is committed.</summary>
/// <param name="sink">Where they go.</param>
public sealed class DirectBatch(IDatagramSink sink) : IDatagramBatch
{
    private readonly byte[] _buffer = new byte[2_048];

    /// <inheritdoc/>
    public Span<byte> Reserve(int maxLength) => _buffer.AsSpan(0, maxLength);

    /// <inheritdoc/>
    public void Commit(TransportAddress to, int length) => sink.Send(to, _buffer.AsSpan(0, length));

    /// <inheritdoc/>
    public void Flush()
    {
        // Nothing waits.
    }

    /// <inheritdoc/>
    public void Send(TransportAddress to, ReadOnlySpan<byte> datagram) => sink.Send(to, datagram);
}
