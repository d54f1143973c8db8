using Parley.Server.Meetings;

namespace Parley.Server.TurnHost;

/// <summary>The TURN server as a service: after the media plane, whose port it relays to.</summary>
internal static class TurnSetup
{
    public static IServiceCollection AddTurn(this IServiceCollection services)
    {
        services.AddSingleton<TurnPlane>();
        services.AddSingleton<IIceServers>(provider => provider.GetRequiredService<TurnPlane>());
        services.AddHostedService(provider => provider.GetRequiredService<TurnPlane>());
        return services;
    }
}
