using Parley.Media.Video;

namespace Parley.Client.Video;

/// <summary>
/// One file of an <see cref="IvfSink"/>. Its clock goes on when its participant is shown in another slot, whose timestamps have nothing to
/// do with those of the one before. What decides about frames is guarded by the sink's lock, the file is its thread's.
/// </summary>
internal sealed class IvfRecording(string stem) : IDisposable
{
    private const int ClockRate = 90_000;

    /// <summary>How far the frames' timestamps and the time between them may be apart and still be one stream's.</summary>
    private const long MaxDisagreement = 2 * ClockRate;

    private IvfWriter? _writer;
    private bool _isBroken;
    private bool _hasTime;
    private long _lastSource;
    private long _lastAt;
    private long _timestamp;

    /// <summary>Whether frames are left out up to the next keyframe, as they are before the first.</summary>
    public bool NeedsKeyframe { get; set; } = true;

    /// <summary>Whether a frame was let in.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Gives the place of a frame in the file's own time.</summary>
    /// <param name="source">The frame's timestamp, 90 kHz.</param>
    /// <param name="at">When it came.</param>
    /// <param name="time">The clock of that.</param>
    public long Advance(long source, long at, TimeProvider time)
    {
        if (_hasTime)
        {
            var passed = Math.Max(1, (long)(time.GetElapsedTime(_lastAt, at).TotalSeconds * ClockRate));
            var step = source - _lastSource;
            _timestamp += step > 0 && Math.Abs(step - passed) <= MaxDisagreement ? step : passed;
        }

        (_hasTime, _lastSource, _lastAt) = (true, source, at);
        return _timestamp;
    }

    /// <exception cref="ParleyException">The file cannot be written; it is left alone from now on.</exception>
    public void Write(ReadOnlySpan<byte> frame, long timestamp)
    {
        if (_isBroken) return;
        try
        {
            if (_writer is null)
            {
                // The header needs the size, and a file of no keyframe has none.
                if (!Vp8FrameTag.TryParse(frame, out var tag) || !tag.IsKeyframe) return;
                _writer = new IvfWriter(FreePath(), tag.Width, tag.Height, ClockRate);
            }

            _writer.Write(frame, timestamp);
        }
        catch (ParleyException)
        {
            _isBroken = true;
            throw;
        }
    }

    public void Dispose() => _writer?.Dispose();

    /// <summary>Two people may have the same name, and a recording of yesterday may be there.</summary>
    private string FreePath()
    {
        var path = stem + ".ivf";
        for (var i = 2; File.Exists(path); i++) path = $"{stem}-{i}.ivf";
        return path;
    }
}
