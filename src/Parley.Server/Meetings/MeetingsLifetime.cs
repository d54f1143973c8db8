namespace Parley.Server.Meetings;

/// <summary>Reopens meetings before the server listens, and lets them come to rest before the records close.</summary>
internal sealed class MeetingsLifetime(MeetingDirectory directory, IHostApplicationLifetime lifetime) : IHostedService, IDisposable
{
    private CancellationTokenRegistration _stopping;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await directory.StartAsync(cancellationToken);
        // Before the connections are closed: nobody is to be reported lost because the server stops.
        _stopping = lifetime.ApplicationStopping.Register(directory.BeginStop);
    }

    public Task StopAsync(CancellationToken cancellationToken) => directory.StopAsync();

    public void Dispose() => _stopping.Dispose();
}
