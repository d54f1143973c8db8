namespace Parley.Server;

/// <summary>
/// Leaves the signals to whose program it is: the server stops by the token of <see cref="ParleyApp.RunAsync"/>, once it has drained. It
/// says what the lifetime of consoles says, which scripts wait for.
/// </summary>
internal sealed partial class TokenLifetime(IHostApplicationLifetime application, ILogger<TokenLifetime> logger) : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        application.ApplicationStarted.Register(() => Started(logger));
        application.ApplicationStopping.Register(() => Stopping(logger));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Application started. Press Ctrl+C to shut down.")]
    private static partial void Started(ILogger logger);

    [LoggerMessage(LogLevel.Information, "Application is shutting down...")]
    private static partial void Stopping(ILogger logger);
}
