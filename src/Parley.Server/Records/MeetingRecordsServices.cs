using Microsoft.Extensions.DependencyInjection.Extensions;
using Parley.Server.Files;

namespace Parley.Server.Records;

/// <summary>Adds the records to the server.</summary>
public static class MeetingRecordsServices
{
    /// <summary>
    /// <see cref="IMeetingRecords"/> in the data folder (made if it is not there), or in PostgreSQL. They open in the host's
    /// starting phase, before any other hosted service and before Kestrel listens; a start that must not go on throws
    /// <see cref="RecordsUnavailableException"/>. They close with the container, after all hosted services have stopped.
    /// </summary>
    public static IServiceCollection AddMeetingRecords(this IServiceCollection services, ParleyOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton(new FileStore(options.DataFolder, (long)options.Files.KeepFreeMegabytes << 20))
            .AddSingleton(provider => Create(options, provider.GetRequiredService<FileStore>(), provider.GetRequiredService<ILogger<MeetingRecords>>()))
            .AddSingleton<IMeetingRecords>(provider => provider.GetRequiredService<MeetingRecords>())
            .AddSingleton<IRecordTables>(provider => provider.GetRequiredService<MeetingRecords>())
            .AddHostedService<MeetingRecordsStart>()
            .AddHostedService<FileSweep>()
            .AddSingleton<RecordsHealth>()
            .AddHostedService(provider => new RecordRetention(
                provider.GetRequiredService<IMeetingRecords>(),
                options,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<RecordRetention>>()));
    }

    private static MeetingRecords Create(ParleyOptions options, FileStore files, ILogger<MeetingRecords> logger)
    {
        var connectionString = options.Records.PostgreSql;
        return new(connectionString.Length > 0 ? new PostgreSqlStore(connectionString, logger) : new SqliteStore(options.DataFolder), files, logger);
    }
}
