using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>The STUN and TURN servers told to clients.</summary>
public interface IIceServers
{
    /// <summary>STUN and TURN, with credentials of the user's own that expire.</summary>
    /// <param name="user">A participant's id, or another name for whom the credentials are.</param>
    /// <param name="host">The name or address by which the client reaches this server, without a port.</param>
    /// <param name="lifetime">Of the credentials, five minutes at least; null for as long as a meeting may need them.</param>
    IReadOnlyList<IceServer> For(string user, string host, TimeSpan? lifetime = null);

    /// <summary>STUN alone, for links between participants.</summary>
    IReadOnlyList<IceServer> StunOnly(string host);
}
