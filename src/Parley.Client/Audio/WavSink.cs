namespace Parley.Client.Audio;

/// <summary>
/// Writes what is heard to a WAV file, on a thread of its own: the media thread never waits for a disk. A disk that is ten
/// seconds behind loses sound, which is counted.
/// </summary>
public sealed class WavSink : IAudioSink, IDisposable
{
    private static readonly TimeSpan MaxBehind = TimeSpan.FromSeconds(10);

    private readonly PcmQueue _queue = new(MaxBehind);
    private readonly WavWriter _writer;
    private readonly Thread _thread;
    private volatile ParleyException? _failure;

    /// <summary>Makes the file.</summary>
    /// <exception cref="ParleyException">It cannot be made.</exception>
    public WavSink(string path)
    {
        _writer = new WavWriter(path);
        _thread = new Thread(Run) { IsBackground = true, Name = "wav sink" };
        _thread.Start();
    }

    /// <summary>Why nothing is written any more, when the disk is full or gone.</summary>
    public ParleyException? Failure => _failure;

    /// <summary>Samples that were lost because the disk was too slow.</summary>
    public long Dropped => _queue.Dropped;

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<float> frame) => _queue.Write(frame);

    /// <summary>Writes what is left and finishes the file.</summary>
    public void Dispose()
    {
        _queue.Complete();
        _thread.Join();
        _writer.Dispose();
    }

    private void Run()
    {
        Span<float> samples = stackalloc float[AudioFormat.FrameSamples];
        try
        {
            for (var count = _queue.ReadOrWait(samples); count > 0; count = _queue.ReadOrWait(samples)) _writer.Write(samples[..count]);
        }
        catch (ParleyException failure)
        {
            _failure = failure;
            _queue.Complete();
        }
    }
}
