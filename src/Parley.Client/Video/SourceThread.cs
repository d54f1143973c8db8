namespace Parley.Client.Video;

/// <summary>The thread of a camera: begins and ends with it, any number of times.</summary>
internal sealed class SourceThread(string name) : IDisposable
{
    private readonly object _gate = new();
    private Thread? _thread;
    private CancellationTokenSource? _stopping;
    private volatile ParleyException? _failure;

    /// <summary>Why it ended by itself.</summary>
    public ParleyException? Failure => _failure;

    /// <summary>Begins.</summary>
    /// <param name="run">What it does, until the token says to stop. What it throws is kept, and ends it.</param>
    /// <exception cref="InvalidOperationException">It runs already.</exception>
    public void Start(Action<CancellationToken> run)
    {
        lock (_gate)
        {
            if (_thread is not null) throw new InvalidOperationException("The source was started already.");
            _failure = null;
            _stopping = new CancellationTokenSource();
            var token = _stopping.Token;
            _thread = new Thread(() => Run(run, token)) { IsBackground = true, Name = name };
            _thread.Start();
        }
    }

    /// <summary>Asks it to end.</summary>
    /// <param name="release">What lets go of whatever it may be waiting for.</param>
    /// <remarks>When this returns, it has ended; called by what it calls itself, it ends as soon as that has returned.</remarks>
    public void Stop(Action? release = null)
    {
        Thread? thread;
        CancellationTokenSource? stopping;
        lock (_gate)
        {
            (thread, stopping) = (_thread, _stopping);
            (_thread, _stopping) = (null, null);
        }

        if (thread is null || stopping is null) return;
        stopping.Cancel();
        release?.Invoke();
        if (thread == Thread.CurrentThread) return;
        thread.Join();
        stopping.Dispose();
    }

    public void Dispose() => Stop();

    private void Run(Action<CancellationToken> run, CancellationToken stopping)
    {
        try
        {
            run(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (ParleyException failure)
        {
            _failure = failure;
        }
        catch (Exception failure) when (stopping.IsCancellationRequested && failure is IOException or ObjectDisposedException)
        {
            // What it read from was closed to stop it.
        }
        catch (IOException failure)
        {
            _failure = new ParleyException(ParleyError.Media, $"The {name} failed: {failure.Message}", inner: failure);
        }
    }
}
