namespace Parley.Browser.Harness;

/// <summary>The server and the browsers that all tests share; each test makes meetings of its own.</summary>
public sealed class Stage : IAsyncLifetime
{
    private readonly SemaphoreSlim _renewing = new(1);

    internal ServerProcess Server { get; private set; } = null!;

    internal Browsers Browsers { get; } = new();

    public async ValueTask InitializeAsync() => Server = await ServerProcess.StartAsync();

    /// <summary>A server that stopped has failed one test, and should not fail all that follow.</summary>
    internal async Task Renew()
    {
        await _renewing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!Server.HasStopped) return;
            await Server.DisposeAsync();
            Server = await ServerProcess.StartAsync();
        }
        finally
        {
            _renewing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Browsers.DisposeAsync();
        if (Server is not null) await Server.DisposeAsync();
        _renewing.Dispose();
    }
}
