namespace Parley.Media.Ice;

/// <summary>What an <see cref="IceGatherer"/> finds. Called from within its methods, on the caller's thread.</summary>
public interface IIceGathererEvents
{
    /// <summary>A server-reflexive address of a base (RFC 8445 §5.1.1.2): once for each, and not when it is the base's own.</summary>
    /// <param name="local">The base's number.</param>
    /// <param name="mapped">The base as the server sees it.</param>
    /// <param name="server">The server that said so.</param>
    void OnReflexive(int local, TransportAddress mapped, TransportAddress server);

    /// <summary>A relayed address, which is a base of its own.</summary>
    /// <param name="relay">The new base's number, from <see cref="IceGatherer.FirstRelay"/>.</param>
    /// <param name="local">The base it was asked for from.</param>
    /// <param name="relayed">The relayed address.</param>
    /// <param name="mapped">The base as the relay sees it: the candidate's related address (RFC 8839 §5.1).</param>
    void OnRelay(int relay, int local, TransportAddress relayed, TransportAddress mapped);

    /// <summary>All servers have answered or been given up: once, and nothing is found after it.</summary>
    void OnDone();

    /// <summary>A relay that was there has ended: its server is gone, or refuses to go on.</summary>
    void OnRelayLost(int relay)
    {
    }
}
