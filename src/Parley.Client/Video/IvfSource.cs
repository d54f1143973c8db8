using Parley.Media.Video;

namespace Parley.Client.Video;

/// <summary>
/// Plays an IVF file with VP8 as a camera, again and again. It cannot make a keyframe: who asks for one gets the file's next.
/// </summary>
public sealed class IvfSource : IVideoSource
{
    private static readonly TimeSpan ShortestStep = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan UsualStep = TimeSpan.FromSeconds(1) / 30;
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(5);

    private readonly SourceThread _thread = new("video file");
    private readonly IvfReader _reader;
    private readonly TimeProvider _time;

    /// <summary>Opens the file.</summary>
    /// <param name="path">Which.</param>
    /// <param name="time">The clock; that of the system when null.</param>
    /// <exception cref="ParleyException">It cannot be opened or has no keyframe; the message says which.</exception>
    public IvfSource(string path, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _reader = new IvfReader(path);
        try
        {
            if (!TryReadKeyframe(out _, out _))
                throw new ParleyException(ParleyError.Media, $"{Path.GetFileName(path)} cannot be played: it has no keyframe.");
        }
        catch
        {
            _reader.Dispose();
            throw;
        }
    }

    /// <summary>Why it ended by itself, when it did.</summary>
    public ParleyException? Failure => _thread.Failure;

    /// <inheritdoc/>
    public void Start(IVideoOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _thread.Start(stopping => Run(output, stopping));
    }

    /// <inheritdoc/>
    public void RequestKeyframe()
    {
    }

    /// <inheritdoc/>
    public void Stop() => _thread.Stop();

    /// <summary>Stops it and closes the file.</summary>
    public void Dispose()
    {
        Stop();
        _reader.Dispose();
    }

    private void Run(IVideoOutput output, CancellationToken stopping)
    {
        var startedAt = _time.GetTimestamp();
        var due = TimeSpan.Zero;
        var step = UsualStep;
        while (!stopping.IsCancellationRequested)
        {
            _reader.Rewind();
            if (!TryReadKeyframe(out var frame, out var last)) return;
            do
            {
                for (var wait = due - _time.GetElapsedTime(startedAt); wait > TimeSpan.Zero; wait = due - _time.GetElapsedTime(startedAt))
                {
                    if (stopping.WaitHandle.WaitOne((int)Math.Ceiling(wait.TotalMilliseconds))) return;
                }

                if (stopping.IsCancellationRequested) return;

                // After a long halt what was missed is not made up for in one burst.
                var now = _time.GetElapsedTime(startedAt);
                if (now - due > LongestStep) due = now;
                output.Send(frame, due);
                if (!TryReadFrame(out frame, out var timestamp)) break;
                step = Step(timestamp - last);
                last = timestamp;
                due += step;
            }
            while (true);

            // The first frame again comes as long after the last as that came after the one before.
            due += step;
        }
    }

    /// <summary>A file may say anything of time; what it says goes between a millisecond and five seconds.</summary>
    private static TimeSpan Step(TimeSpan step) =>
        step < ShortestStep ? step <= TimeSpan.Zero ? UsualStep : ShortestStep
        : step > LongestStep ? LongestStep
        : step;

    private bool TryReadKeyframe(out ReadOnlySpan<byte> frame, out TimeSpan timestamp)
    {
        while (TryReadFrame(out frame, out timestamp))
        {
            if (Vp8FrameTag.TryParse(frame, out var tag) && tag.IsKeyframe) return true;
        }

        return false;
    }

    private bool TryReadFrame(out ReadOnlySpan<byte> frame, out TimeSpan timestamp)
    {
        while (_reader.TryRead(out frame, out timestamp))
        {
            // A file marks pictures that its encoder left out by frames of no length.
            if (!frame.IsEmpty) return true;
        }

        return false;
    }
}
