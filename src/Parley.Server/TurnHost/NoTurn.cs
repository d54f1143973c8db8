using Parley.Protocol;

namespace Parley.Server.TurnHost;

/// <summary>Stands in where no TURN server was added.</summary>
internal sealed class NoTurn : ITurnService
{
    /// <inheritdoc/>
    public IReadOnlyList<IceServer> ServersFor(string participantId, string host) => [];

    /// <inheritdoc/>
    public IReadOnlyList<string> StunUrls(string host) => [];
}
