namespace Parley.Media;

/// <summary>
/// A sink that also takes datagrams built in its own memory, many at a time: a packet is written, protected and sent without being
/// copied. What is new here belongs to the engine's thread only.
/// </summary>
public interface IDatagramBatch : IDatagramSink
{
    /// <summary>
    /// Room for one datagram of at most this length, which is below the path's MTU. Good until it is committed or another is
    /// reserved: what is not committed was never there.
    /// </summary>
    Span<byte> Reserve(int maxLength);

    /// <summary>
    /// The first bytes of the room reserved last are a datagram for this address. It leaves with the next <see cref="Flush"/> at the
    /// latest, after all that was committed for the address before. Runs for one address of one length, the last perhaps shorter,
    /// cost least.
    /// </summary>
    void Commit(TransportAddress to, int length);

    /// <summary>Sends what was committed.</summary>
    void Flush();
}
