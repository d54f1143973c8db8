using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Parley.Protocol;

namespace Parley.Server.Signalling;

/// <summary>SignalR as Parley uses it.</summary>
internal static class SignallingSetup
{
    private const long LargestMessage = 256 * 1024;

    public static IServiceCollection AddSignalling(this IServiceCollection services)
    {
        services.AddSingleton(provider => new ServerRates(
            provider.GetRequiredService<ParleyOptions>().Rates, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ReplyGate>();
        services.AddSingleton<EventMessages>();
        services.AddSingleton<HubLifetimeManager<MeetingHub>, MeetingConnections>();
        services.AddSingleton<SignallingServices>();
        services.AddSignalR(options =>
        {
            options.KeepAliveInterval = TimeSpan.FromSeconds(5);
            options.ClientTimeoutInterval = TimeSpan.FromSeconds(15);
            options.MaximumReceiveMessageSize = LargestMessage;
            options.MaximumParallelInvocationsPerClient = 1;
            options.EnableDetailedErrors = false;
        }).AddJsonProtocol(options => ProtocolJson.Configure(options.PayloadSerializerOptions));
        // Of two protocols with one name, the later is used.
        services.AddSingleton<IHubProtocol, ReplyOrderingProtocol>();
        return services;
    }

    public static void MapSignalling(this IEndpointRouteBuilder routes) =>
        routes.MapHub<MeetingHub>(MeetingHub.Path, options =>
            options.Transports = HttpTransportType.WebSockets | HttpTransportType.LongPolling);
}
