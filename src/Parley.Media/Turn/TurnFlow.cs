namespace Parley.Media.Turn;

/// <summary>
/// One client as the server tells clients apart: the 5-tuple of RFC 8656 §2, of which our own end is always the same. A TCP or TLS
/// connection has a number, because its address may come back in another connection.
/// </summary>
/// <param name="Client">The client's address as we see it.</param>
/// <param name="Connection">The number of its connection, from 1 on; 0 for UDP.</param>
public readonly record struct TurnFlow(TransportAddress Client, int Connection = 0)
{
    /// <summary>Whether messages travel in a byte stream: nobody can pretend another's address, and ChannelData is padded.</summary>
    public bool IsStream => Connection != 0;
}
