using Microsoft.AspNetCore.SignalR;

namespace Parley.Server.Signalling;

/// <summary>SignalR's connections, of which each is found by its hub: a message that goes to many can be written as it is to each.</summary>
internal sealed class MeetingConnections(ILogger<DefaultHubLifetimeManager<MeetingHub>> logger) : DefaultHubLifetimeManager<MeetingHub>(logger)
{
    private static readonly object Key = new();

    /// <summary>The connection of this call.</summary>
    public static HubConnectionContext Of(HubCallerContext caller) => (HubConnectionContext)caller.Items[Key]!;

    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        connection.Items[Key] = connection;
        return base.OnConnectedAsync(connection);
    }
}
