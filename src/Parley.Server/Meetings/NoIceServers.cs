using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>Where there are none: clients try what they see themselves.</summary>
internal sealed class NoIceServers : IIceServers
{
    public IReadOnlyList<IceServer> For(string user, string host, TimeSpan? lifetime = null) => [];

    public IReadOnlyList<IceServer> StunOnly(string host) => [];
}
