using Parley.Server.Meetings;

namespace Parley.Server.MediaHost;

/// <summary>The media plane as a service: it starts before meetings open and stops after they have closed.</summary>
internal static class MediaPlaneSetup
{
    public static IServiceCollection AddMediaPlane(this IServiceCollection services)
    {
        services.AddSingleton<MediaPlane>();
        services.AddSingleton<IMediaPlane>(provider => provider.GetRequiredService<MediaPlane>());
        services.AddHostedService(provider => provider.GetRequiredService<MediaPlane>());
        return services;
    }
}
