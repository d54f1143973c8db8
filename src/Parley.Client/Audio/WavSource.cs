namespace Parley.Client.Audio;

/// <summary>Plays a WAV file as a microphone. The file is read on a thread of its own, a second ahead.</summary>
public sealed class WavSource : IAudioSource, IDisposable
{
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(1);

    private readonly WavReader _reader;
    private readonly bool _loop;
    private readonly PcmQueue _queue = new(Ahead);
    private readonly Thread _thread;
    private volatile bool _isEnded;

    /// <summary>Begins to read, so that the first frames are there at once.</summary>
    /// <param name="reader">What to play, from where it stands; closed in the end.</param>
    /// <param name="loop">Whether to begin again at the end.</param>
    public WavSource(WavReader reader, bool loop)
    {
        _reader = reader;
        _loop = loop;
        Span<float> first = stackalloc float[AudioFormat.FrameSamples];
        if (ReadFrame(first)) _queue.Write(first);
        _thread = new Thread(Run) { IsBackground = true, Name = "wav source" };
        _thread.Start();
    }

    /// <summary>Whether the file was played to its end; never while it loops.</summary>
    public bool IsEnded => _isEnded;

    /// <inheritdoc/>
    public bool TryRead(Span<float> frame)
    {
        var isThrough = !_thread.IsAlive;
        if (_queue.TryRead(frame)) return true;
        if (isThrough) _isEnded = true;
        return false;
    }

    /// <summary>Stops reading and closes the file.</summary>
    public void Dispose()
    {
        _queue.Complete();
        _thread.Join();
        _reader.Dispose();
    }

    private void Run()
    {
        Span<float> frame = stackalloc float[AudioFormat.FrameSamples];
        while (ReadFrame(frame) && _queue.WriteOrWait(frame))
        {
        }
    }

    /// <summary>A whole frame; at the very end it is filled up with silence.</summary>
    private bool ReadFrame(Span<float> frame)
    {
        try
        {
            var read = _reader.Read(frame);
            while (_loop && read < frame.Length)
            {
                _reader.Rewind();
                var more = _reader.Read(frame[read..]);
                if (more == 0) return false;
                read += more;
            }

            frame[read..].Clear();
            return read > 0;
        }
        catch (IOException)
        {
            // The file is gone: that is its end.
            return false;
        }
    }
}
