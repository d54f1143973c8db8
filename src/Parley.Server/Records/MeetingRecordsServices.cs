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
            .AddSingleton(provider => Create(provider, options))
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

    private static MeetingRecords Create(IServiceProvider provider, ParleyOptions options)
    {
        var connectionString = options.Records.PostgreSql;
        var logger = provider.GetRequiredService<ILogger<MeetingRecords>>();
        IRecordStore store = connectionString.Length > 0
            ? new PostgreSqlStore(connectionString, logger, provider.GetRequiredService<TimeProvider>())
            : new SqliteStore(options.DataFolder);
        return new(store, provider.GetRequiredService<FileStore>(), logger);
    }
}
