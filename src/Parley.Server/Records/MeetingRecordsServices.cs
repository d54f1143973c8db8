namespace Parley.Server.Records;

/// <summary>Adds the records to the server.</summary>
public static class MeetingRecordsServices
{
    /// <summary>
    /// <see cref="IMeetingRecords"/> in <paramref name="dataFolder"/> (made if it is not there). They open in the host's
    /// starting phase, before any other hosted service and before Kestrel listens; a start that must not go on throws
    /// <see cref="RecordsUnavailableException"/>. They close with the container, after all hosted services have stopped.
    /// </summary>
    public static IServiceCollection AddMeetingRecords(this IServiceCollection services, string dataFolder) =>
        services.AddMeetingRecords(_ => dataFolder);

    /// <inheritdoc cref="AddMeetingRecords(IServiceCollection, string)"/>
    public static IServiceCollection AddMeetingRecords(this IServiceCollection services, Func<IServiceProvider, string> dataFolder) =>
        services
            .AddSingleton(provider => new MeetingRecords(
                new SqliteStore(dataFolder(provider)), provider.GetRequiredService<ILogger<MeetingRecords>>()))
            .AddSingleton<IMeetingRecords>(provider => provider.GetRequiredService<MeetingRecords>())
            .AddHostedService<MeetingRecordsStart>();
}
