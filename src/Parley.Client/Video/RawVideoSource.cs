namespace Parley.Client.Video;

/// <summary>
/// A camera that has pictures and not VP8: a process, a device, a painter. Its own thread fetches one after the other, encodes it and
/// hands it over.
/// </summary>
public abstract class RawVideoSource : IVideoSource
{
    private readonly SourceThread _thread = new("video source");
    private Vp8EncoderSettings _settings;
    private int _keyframeRequested;
    private int _bitrate;

    /// <summary>Makes a camera that is not started.</summary>
    /// <param name="settings">How its pictures are encoded.</param>
    /// <exception cref="ParleyException">A setting is out of its range.</exception>
    protected RawVideoSource(Vp8EncoderSettings settings)
    {
        settings.Validate();
        _settings = settings;
        _bitrate = settings.BitrateKbps;
    }

    /// <summary>How its pictures are encoded.</summary>
    public Vp8EncoderSettings Settings => _settings with { BitrateKbps = Volatile.Read(ref _bitrate) };

    /// <summary>Why it ended by itself, when it did.</summary>
    public ParleyException? Failure => _thread.Failure;

    /// <inheritdoc/>
    /// <exception cref="ParleyException">libvpx is missing.</exception>
    public void Start(IVideoOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var encoder = new Vp8Encoder(Settings);
        try
        {
            _thread.Start(stopping => Run(output, encoder, stopping));
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void RequestKeyframe() => Interlocked.Exchange(ref _keyframeRequested, 1);

    /// <summary>Changes the bitrate from the next picture on. Any thread.</summary>
    /// <param name="kbps">Bits in a second, in thousands, 10–100,000.</param>
    public void SetBitrate(int kbps)
    {
        (_settings with { BitrateKbps = kbps }).Validate();
        Volatile.Write(ref _bitrate, kbps);
    }

    /// <inheritdoc/>
    public void Stop() => _thread.Stop(OnStopping);

    /// <summary>Stops it.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Waits for the next picture and paints it. Called on the source's thread, again and again.</summary>
    /// <param name="picture">Where to; holds the one before.</param>
    /// <param name="stopping">Says to give up waiting.</param>
    /// <param name="captureTime">When it was taken, on a clock that does not go back.</param>
    /// <returns>False when there are no more.</returns>
    protected abstract bool TryRead(I420Frame picture, CancellationToken stopping, out TimeSpan captureTime);

    /// <summary>Called first on the source's thread, each time it is started.</summary>
    protected virtual void OnStarting()
    {
    }

    /// <summary>Called on the thread that stops it: let go of whatever <see cref="TryRead"/> waits for, as by ending a process.</summary>
    protected virtual void OnStopping()
    {
    }

    /// <summary>Stops it.</summary>
    /// <param name="disposing">Always true: there is no finalizer.</param>
    protected virtual void Dispose(bool disposing) => Stop();

    private void Run(IVideoOutput output, Vp8Encoder encoder, CancellationToken stopping)
    {
        using (encoder)
        {
            OnStarting();
            var picture = new I420Frame(_settings.Width, _settings.Height);
            while (!stopping.IsCancellationRequested && TryRead(picture, stopping, out var captureTime) && !stopping.IsCancellationRequested)
            {
                encoder.SetBitrate(Volatile.Read(ref _bitrate));
                var isRequested = Interlocked.Exchange(ref _keyframeRequested, 0) != 0;
                var frame = encoder.Encode(picture.View, captureTime, isRequested, out _);
                if (!frame.IsEmpty) output.Send(frame, captureTime);
            }
        }
    }
}
