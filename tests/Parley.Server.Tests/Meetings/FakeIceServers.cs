using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

/// <summary>One STUN server, at the host the client came by.</summary>
internal sealed class FakeIceServers : IIceServers
{
    public IReadOnlyList<IceServer> For(string user, string host, TimeSpan? lifetime = null) => [new IceServer([$"turn:{host}"], user, "secret")];

    public IReadOnlyList<IceServer> StunOnly(string host) => [new IceServer([$"stun:{host}"])];
}
