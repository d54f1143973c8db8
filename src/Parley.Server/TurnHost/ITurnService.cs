using Parley.Protocol;

namespace Parley.Server.TurnHost;

/// <summary>What the rest of the server knows of STUN and TURN: which URLs a client is given.</summary>
internal interface ITurnService
{
    /// <summary>Our servers for one participant, with credentials of its own that last some hours; none when TURN is off.</summary>
    /// <param name="participantId">1–200 bytes in UTF-8.</param>
    /// <param name="host">The name or address the client reached us at, without a port.</param>
    IReadOnlyList<IceServer> ServersFor(string participantId, string host);

    /// <summary>The URLs that need no credentials.</summary>
    /// <param name="host">The name or address the client reached us at, without a port.</param>
    IReadOnlyList<string> StunUrls(string host);
}
