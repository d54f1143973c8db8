using Parley.Protocol;

namespace Parley.Client.Video;

/// <summary>Takes a decoded picture on the sink's thread.</summary>
/// <param name="info">Whose it is and when.</param>
/// <param name="picture">The callee's only during the call.</param>
public delegate void PictureHandler(in VideoFrameInfo info, in I420View picture);

/// <summary>Says that a picture of someone's can only be shown after their next keyframe.</summary>
/// <param name="participantId">Whose.</param>
/// <param name="source">Their camera or their screen.</param>
public delegate void KeyframeWanted(string participantId, VideoSourceKind source);

/// <summary>
/// Decodes what arrives, for each participant and source by itself, on one thread of its own. When that cannot keep up, a stream goes on at
/// its newest keyframe; when it has none, all that waits of it is left out and <see cref="KeyframeWanted"/> says so.
/// </summary>
public sealed class DecodingSink : IVideoSink, IDisposable
{
    /// <summary>How many frames of a stream may wait: one more, and it is behind.</summary>
    public const int MaxWaiting = 30;

    /// <summary>How many participants and sources are decoded at once; the one not seen for longest makes room.</summary>
    public const int MaxStreams = 64;

    private readonly object _gate = new();
    private readonly PictureHandler _onPicture;
    private readonly Thread _thread;
    private readonly Dictionary<(string ParticipantId, VideoSourceKind Source), DecodedStream> _streams = [];
    private readonly Queue<DecodedStream> _turns = new();
    private readonly List<DecodedStream> _gone = [];
    private bool _isDisposed;
    private long _clock;
    private long _skipped;

    /// <summary>Begins.</summary>
    /// <param name="onPicture">Gets each picture, on the sink's thread.</param>
    /// <exception cref="ParleyException">libvpx is missing.</exception>
    public DecodingSink(PictureHandler onPicture)
    {
        ArgumentNullException.ThrowIfNull(onPicture);
        _ = VpxLibrary.Instance;
        _onPicture = onPicture;
        _thread = new Thread(Run) { IsBackground = true, Name = "video decoder" };
        _thread.Start();
    }

    /// <summary>
    /// Said when a stream stands still until its next keyframe: ask for one, or it may be long. On the media thread or on the sink's;
    /// must not block.
    /// </summary>
    public event KeyframeWanted? KeyframeWanted;

    /// <summary>Frames that were left out because decoding could not keep up, or that could not be decoded.</summary>
    public long Skipped => Interlocked.Read(ref _skipped);

    /// <inheritdoc/>
    public void OnFrame(in VideoFrameInfo info, ReadOnlySpan<byte> frame)
    {
        bool isWanted;
        lock (_gate)
        {
            if (_isDisposed) return;
            var stream = StreamOf(info.ParticipantId, info.Source);
            stream.LastUsed = ++_clock;
            var before = stream.Skipped;
            isWanted = stream.Add(in info, frame);
            Interlocked.Add(ref _skipped, stream.Skipped - before);
            if (stream.Waiting > 0 && !stream.HasTurn) TakeTurn(stream);
        }

        if (isWanted) KeyframeWanted?.Invoke(info.ParticipantId, info.Source);
    }

    /// <summary>Lets go of what belongs to a participant who left.</summary>
    public void Forget(string participantId)
    {
        lock (_gate)
        {
            foreach (var (key, stream) in _streams)
            {
                if (key.ParticipantId == participantId) Remove(stream);
            }
        }
    }

    /// <summary>Ends; no picture comes after this has returned, unless it is called by what takes the pictures.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            Monitor.PulseAll(_gate);
        }

        if (Thread.CurrentThread != _thread) _thread.Join();
    }

    private DecodedStream StreamOf(string participantId, VideoSourceKind source)
    {
        if (_streams.TryGetValue((participantId, source), out var stream)) return stream;
        if (_streams.Count >= MaxStreams) Remove(_streams.Values.MinBy(candidate => candidate.LastUsed)!);
        stream = new DecodedStream(participantId, source);
        _streams.Add((participantId, source), stream);
        return stream;
    }

    private void Remove(DecodedStream stream)
    {
        _streams.Remove((stream.ParticipantId, stream.Source));
        stream.Clear();

        // Its decoder may be at work: its own thread lets go of it.
        _gone.Add(stream);
        Monitor.PulseAll(_gate);
    }

    private void TakeTurn(DecodedStream stream)
    {
        stream.HasTurn = true;
        _turns.Enqueue(stream);
        Monitor.PulseAll(_gate);
    }

    private void Run()
    {
        try
        {
            while (TryNext(out var stream, out var frame))
            {
                var isWanted = false;
                try
                {
                    if (stream.TryDecode(frame.Data, out var picture, out isWanted))
                        _onPicture(frame.Info, in picture);
                    else
                        Interlocked.Increment(ref _skipped);
                }
                finally
                {
                    frame.Return();
                }

                if (isWanted) KeyframeWanted?.Invoke(stream.ParticipantId, stream.Source);
            }
        }
        finally
        {
            lock (_gate)
            {
                _isDisposed = true;
                foreach (var stream in _streams.Values) stream.Dispose();
                foreach (var stream in _gone) stream.Dispose();
                _streams.Clear();
                _gone.Clear();
            }
        }
    }

    /// <summary>Waits for a frame; each stream has its turn.</summary>
    private bool TryNext(out DecodedStream stream, out QueuedFrame frame)
    {
        lock (_gate)
        {
            while (true)
            {
                foreach (var gone in _gone) gone.Dispose();
                _gone.Clear();
                if (_isDisposed) break;
                if (!_turns.TryDequeue(out stream!))
                {
                    Monitor.Wait(_gate);
                    continue;
                }

                stream.HasTurn = false;
                if (!stream.TryTake(out frame)) continue;
                if (stream.Waiting > 0) TakeTurn(stream);
                return true;
            }
        }

        (stream, frame) = (null!, default);
        return false;
    }
}
