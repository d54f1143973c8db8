using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Parley.Server.Meetings;

/// <summary>Meetings as services. Needs an IMeetingRecords; without an IMediaPlane every offer is refused as mediaUnavailable.</summary>
internal static class MeetingsSetup
{
    public static IServiceCollection AddMeetings(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<ParleyMetrics>();
        services.AddSingleton<MeetingContext>();
        services.AddSingleton<MeetingDirectory>();
        services.AddSingleton<IMeetingDirectory>(provider => provider.GetRequiredService<MeetingDirectory>());
        services.AddHostedService<MeetingsLifetime>();
        services.TryAddSingleton<IMediaPlane, NoMediaPlane>();
        services.TryAddSingleton<IIceServers, NoIceServers>();
        return services;
    }
}
