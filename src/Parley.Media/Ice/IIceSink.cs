namespace Parley.Media.Ice;

/// <summary>Where an agent's checks and answers go.</summary>
public interface IIceSink
{
    /// <summary>Sends one datagram. Must not call the agent; the bytes belong to the agent again when this returns.</summary>
    /// <param name="local">The number of the local base: a socket or a relay, as in <see cref="IceAgent.AddLocal"/>.</param>
    /// <param name="to">The remote address.</param>
    /// <param name="datagram">One STUN message.</param>
    void Send(int local, TransportAddress to, ReadOnlySpan<byte> datagram);
}
