namespace Parley.Client.Audio;

/// <summary>
/// Samples on their way from one thread to another, one of which keeps time: between a media thread and a process, a file or a
/// device. Bounded: who must not block loses the oldest instead, so delay does not grow. Fixed memory.
/// </summary>
/// <remarks>
/// Held by a lock for no longer than a copy of a few frames takes; <see cref="Write"/> and <see cref="TryRead"/> never wait
/// for the other side.
/// </remarks>
public sealed class PcmQueue : IAudioSource, IAudioSink
{
    private readonly object _gate = new();
    private readonly float[] _samples;
    private readonly int _start;
    private int _head;
    private int _count;
    private long _dropped;
    private bool _isFlowing;
    private bool _isComplete;

    /// <summary>Makes an empty queue.</summary>
    /// <param name="maxDelay">
    /// The most that may lie in it, 40 ms–1 min. What exceeds that is dropped, down to half of it, oldest first: two clocks that drift
    /// apart cost one gap now and then.
    /// </param>
    /// <param name="startDelay">
    /// How much must lie in it before <see cref="TryRead"/> gives the first, and again after it ran dry: at most half of the delay. It
    /// evens out that the writer comes in larger or later steps than the reader.
    /// </param>
    public PcmQueue(TimeSpan maxDelay, TimeSpan startDelay = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDelay, 2 * AudioFormat.FrameDuration);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxDelay, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(startDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(startDelay, maxDelay / 2);
        _samples = new float[Samples(maxDelay)];
        _start = Samples(startDelay);
    }

    /// <summary>How much lies in it.</summary>
    public TimeSpan Delay
    {
        get
        {
            lock (_gate) return TimeSpan.FromSeconds((double)_count / AudioFormat.SampleRate);
        }
    }

    /// <summary>Samples that were dropped because nobody took them in time.</summary>
    public long Dropped
    {
        get
        {
            lock (_gate) return _dropped;
        }
    }

    /// <summary>Puts samples in, and drops the oldest when there are too many. Does nothing after <see cref="Complete"/>.</summary>
    public void Write(ReadOnlySpan<float> frame)
    {
        lock (_gate)
        {
            if (_isComplete) return;
            var excess = _count + frame.Length - _samples.Length;
            if (excess > 0)
            {
                // Down to half at once: dropping just the excess would cut into each frame from now on.
                var dropped = Math.Min(_count, Math.Max(excess, _count + frame.Length - (_samples.Length / 2)));
                Skip(dropped);
                _dropped += dropped;
                if (frame.Length > _samples.Length)
                {
                    _dropped += frame.Length - _samples.Length;
                    frame = frame[^_samples.Length..];
                }
            }

            Put(frame);
        }
    }

    /// <summary>Puts samples in when there is room, and waits for it until then. False after <see cref="Complete"/>.</summary>
    /// <param name="frame">At most what the queue holds.</param>
    public bool WriteOrWait(ReadOnlySpan<float> frame)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frame.Length, _samples.Length, nameof(frame));
        lock (_gate)
        {
            while (!_isComplete && _count + frame.Length > _samples.Length) Monitor.Wait(_gate);
            if (_isComplete) return false;
            Put(frame);
            return true;
        }
    }

    /// <summary>Takes the oldest samples when there are enough to fill the frame; after <see cref="Complete"/>, the rest and silence.</summary>
    public bool TryRead(Span<float> frame)
    {
        lock (_gate)
        {
            if (!_isFlowing && !_isComplete && _count < Math.Max(_start, frame.Length)) return false;
            _isFlowing = _count >= frame.Length;
            if (!_isFlowing && (!_isComplete || _count == 0)) return false;
            var taken = Math.Min(_count, frame.Length);
            Take(frame[..taken]);
            frame[taken..].Clear();
            return true;
        }
    }

    /// <summary>Takes what there is, and waits until there is something.</summary>
    /// <returns>How many samples were taken; 0 only when <see cref="Complete"/> was called and all are taken.</returns>
    public int ReadOrWait(Span<float> samples)
    {
        lock (_gate)
        {
            while (_count == 0 && !_isComplete) Monitor.Wait(_gate);
            var taken = Math.Min(_count, samples.Length);
            Take(samples[..taken]);
            return taken;
        }
    }

    /// <summary>No more comes. Who waits is let go; what lies in the queue can still be taken.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
            Monitor.PulseAll(_gate);
        }
    }

    private static int Samples(TimeSpan time) => (int)(time.TotalSeconds * AudioFormat.SampleRate);

    private void Put(ReadOnlySpan<float> frame)
    {
        var tail = (_head + _count) % _samples.Length;
        var first = Math.Min(frame.Length, _samples.Length - tail);
        frame[..first].CopyTo(_samples.AsSpan(tail));
        frame[first..].CopyTo(_samples);
        _count += frame.Length;
        Monitor.PulseAll(_gate);
    }

    private void Take(Span<float> destination)
    {
        var first = Math.Min(destination.Length, _samples.Length - _head);
        _samples.AsSpan(_head, first).CopyTo(destination);
        _samples.AsSpan(0, destination.Length - first).CopyTo(destination[first..]);
        Skip(destination.Length);
        Monitor.PulseAll(_gate);
    }

    private void Skip(int count)
    {
        _head = (_head + count) % _samples.Length;
        _count -= count;
    }
}
