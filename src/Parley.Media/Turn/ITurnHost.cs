namespace Parley.Media.Turn;

/// <summary>What a <see cref="TurnServer"/> asks of the world. Called on the server's thread, and must not call back into it.</summary>
public interface ITurnHost
{
    /// <summary>Whether there are relayed addresses of this family for this client at all.</summary>
    bool Relays(TurnFlow client, bool ipv6);

    /// <summary>Opens a relay port; null when none is free, or none with an even number where that is wanted.</summary>
    ITurnRelay? OpenRelay(TurnFlow client, bool ipv6, bool evenPort);

    /// <summary>Sends an answer to a client. The bytes are the server's again on return.</summary>
    void Send(TurnFlow client, ReadOnlySpan<byte> message);

    /// <summary>Sends a peer's data to a client, a message that may be dropped when the client does not keep up.</summary>
    void SendData(TurnFlow client, ReadOnlySpan<byte> message);
}
