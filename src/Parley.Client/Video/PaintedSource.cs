namespace Parley.Client.Video;

/// <summary>Paints one picture of a <see cref="PaintedSource"/>.</summary>
/// <param name="picture">Where to; holds the one before.</param>
/// <param name="number">Which one: counts on by more than 1 when the machine was too slow.</param>
/// <param name="captureTime">When it is taken, since the start.</param>
public delegate void PicturePainter(I420Frame picture, long number, TimeSpan captureTime);

/// <summary>A camera whose pictures are painted when they are due, at a steady rate.</summary>
public class PaintedSource : RawVideoSource
{
    private readonly PicturePainter _painter;
    private readonly TimeProvider _time;
    private FramePacer _pacer;
    private long _startedAt;

    /// <summary>Makes a camera that is not started.</summary>
    /// <param name="settings">Size, rate and bitrate.</param>
    /// <param name="painter">Paints; called on the source's thread.</param>
    /// <param name="time">The clock; that of the system when null.</param>
    public PaintedSource(Vp8EncoderSettings settings, PicturePainter painter, TimeProvider? time = null)
        : base(settings)
    {
        ArgumentNullException.ThrowIfNull(painter);
        _painter = painter;
        _time = time ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    protected override void OnStarting()
    {
        _startedAt = _time.GetTimestamp();
        _pacer = new FramePacer(TimeSpan.Zero, Settings.FramesPerSecond);
    }

    /// <inheritdoc/>
    protected override bool TryRead(I420Frame picture, CancellationToken stopping, out TimeSpan captureTime)
    {
        captureTime = _pacer.Due;
        for (var wait = captureTime - Now; wait > TimeSpan.Zero; wait = captureTime - Now)
        {
            // Rounded up: a wait of less than a millisecond would be none.
            if (stopping.WaitHandle.WaitOne((int)Math.Ceiling(wait.TotalMilliseconds))) return false;
        }

        _painter(picture, _pacer.Number, captureTime);
        _pacer.Advance(Now);
        return true;
    }

    private TimeSpan Now => _time.GetElapsedTime(_startedAt);
}
