using System.Diagnostics;
using Parley.Client;
using Parley.Client.Video;

namespace Parley.Terminal.Join.Media;

/// <summary>
/// Pictures of a program. It runs only while the camera is on, so the light of a device tells the truth. A device or file is tried
/// before the meeting is joined, and that first run is the one that is used.
/// </summary>
/// <param name="start">Starts the program, which writes pictures as yuv420p, of the size and at the rate of the settings.</param>
/// <param name="settings">How the pictures are encoded.</param>
/// <param name="name">As the user named it.</param>
internal sealed class ProcessCamera(Func<MediaProcess> start, Vp8EncoderSettings settings, string name) : RawVideoSource(settings)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private MediaProcess? _process;
    private I420Frame? _first;
    private TimeSpan _last;

    /// <summary>It has come to its end, or failed: a sentence. Any thread.</summary>
    public event Action<string>? Ended;

    /// <summary>Tries it.</summary>
    /// <returns>Once it has made a picture.</returns>
    /// <exception cref="ParleyException">It has made none; the message says why.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        // Whether there is a codec is found out here, too.
        using (new Vp8Encoder(Settings))
        {
        }

        var process = start();
        var first = new I420Frame(Settings.Width, Settings.Height);
        try
        {
            var read = await process.Output.ReadAtLeastAsync(first.Memory, first.Memory.Length, throwOnEndOfStream: false, cancellation);
            if (read < first.Memory.Length) throw new ParleyException(ParleyError.Media, await ComplaintAsync(process));
        }
        catch
        {
            process.Dispose();
            throw;
        }

        lock (_gate) (_process, _first) = (process, first);
    }

    protected override void OnStarting()
    {
        try
        {
            lock (_gate) _process ??= start();
        }
        catch (ParleyException e)
        {
            Ended?.Invoke(e.Message);
            throw;
        }
    }

    protected override bool TryRead(I420Frame picture, CancellationToken stopping, out TimeSpan captureTime)
    {
        MediaProcess? process;
        I420Frame? first;
        lock (_gate) (process, first, _first) = (_process, _first, null);
        captureTime = _last = _clock.Elapsed;
        if (process is null) return false;
        if (first is not null)
        {
            picture.CopyFrom(first.View);
            return true;
        }

        // What piled up while nobody read comes in a rush: of that only some pictures are sent.
        var least = TimeSpan.FromSeconds(0.5 / Settings.FramesPerSecond);
        do
        {
            if (!TryFill(process, picture))
            {
                if (!stopping.IsCancellationRequested) _ = FinishAsync(process);
                return false;
            }

            captureTime = _clock.Elapsed;
        }
        while (captureTime - _last < least);
        return true;
    }

    protected override void OnStopping() => Release();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Release();
    }

    private static bool TryFill(MediaProcess process, I420Frame picture)
    {
        try
        {
            return process.Output.ReadAtLeast(picture.Bytes, picture.Bytes.Length, throwOnEndOfStream: false) == picture.Bytes.Length;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    private void Release()
    {
        lock (_gate)
        {
            _process?.Dispose();
            (_process, _first) = (null, null);
        }
    }

    private async Task<string> ComplaintAsync(MediaProcess process) =>
        MediaComplaint.Sentence(name, "pictures", await process.ComplaintAsync());

    private async Task FinishAsync(MediaProcess process)
    {
        var complaint = await ComplaintAsync(process);
        lock (_gate)
        {
            // Stopped meanwhile, and perhaps started again.
            if (!ReferenceEquals(_process, process)) return;
            process.Dispose();
            _process = null;
        }

        Ended?.Invoke($"The camera is off: {complaint}");
    }
}
