using Parley.Client.Video;

namespace Parley.Client.Media;

/// <summary>Starts and stops the camera's source away from the media thread, for that may take as long as a device does; one at a time.</summary>
internal sealed class CameraFeed(IVideoSource? source, IVideoOutput output, Action<string> failed) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile bool _wanted;
    private bool _runs;
    private bool _disposed;

    /// <summary>Whether it should run; any thread.</summary>
    public bool Wanted
    {
        get => _wanted;
        set
        {
            if (source is null || _wanted == value) return;
            _wanted = value;
            _ = TurnAsync(dispose: false);
        }
    }

    /// <summary>Asks for a keyframe; any thread.</summary>
    public void RequestKeyframe() => source?.RequestKeyframe();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await TurnAsync(dispose: true).ConfigureAwait(false);

    private async Task TurnAsync(bool dispose)
    {
        if (source is null) return;
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await Task.Yield();
            _disposed |= dispose;
            var runs = !_disposed && _wanted;
            if (runs == _runs) return;
            _runs = runs;
            if (runs) source.Start(output);
            else source.Stop();
        }
        catch (ParleyException problem)
        {
            _runs = false;
            failed(problem.Message);
        }
        finally
        {
            _turn.Release();
        }
    }
}
