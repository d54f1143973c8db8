namespace Parley.Media.Turn;

/// <summary>The port of one allocation. What peers send to it goes to <see cref="TurnServer.HandlePeerDatagram"/>.</summary>
public interface ITurnRelay
{
    /// <summary>The relayed address, as peers see it.</summary>
    TransportAddress Address { get; }

    /// <summary>Sends to a peer.</summary>
    void Send(TransportAddress peer, ReadOnlySpan<byte> data);

    /// <summary>Closes the port: the allocation is over.</summary>
    void Close();
}
