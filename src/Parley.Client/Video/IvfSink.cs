using Parley.Protocol;

namespace Parley.Client.Video;

/// <summary>
/// Writes each participant's camera and screen to an IVF file of its own, on a thread of its own. When the disk is too slow, a stream is
/// left out up to its next keyframe, so that what is written can be played to its end.
/// </summary>
public sealed class IvfSink : IVideoSink, IDisposable
{
    /// <summary>The most files of one sink; who comes after that is not written.</summary>
    public const int MaxFiles = 256;

    private const long DefaultMaxWaitingBytes = 32 * 1024 * 1024;

    private readonly object _gate = new();
    private readonly string _directory;
    private readonly Func<string, string?>? _nameOf;
    private readonly TimeProvider _time;
    private readonly long _maxWaitingBytes;
    private readonly Queue<(IvfRecording Recording, QueuedFrame Frame, long Timestamp)> _frames = new();
    private readonly Dictionary<(string ParticipantId, VideoSourceKind Source), IvfRecording> _recordings = [];
    private readonly Thread _thread;
    private volatile ParleyException? _failure;
    private long _waitingBytes;
    private long _dropped;
    private bool _isDisposed;

    /// <summary>Begins; files are made when their first keyframe comes, and none that is there is written over.</summary>
    /// <param name="directory">Where; made when it is not there.</param>
    /// <param name="nameOf">Gives a participant's name by their id, for the file's; the id itself when null. Called on the media thread.</param>
    /// <exception cref="ParleyException">The directory cannot be made.</exception>
    public IvfSink(string directory, Func<string, string?>? nameOf = null)
        : this(directory, nameOf, TimeProvider.System, DefaultMaxWaitingBytes)
    {
    }

    internal IvfSink(string directory, Func<string, string?>? nameOf, TimeProvider time, long maxWaitingBytes)
    {
        try
        {
            _directory = Directory.CreateDirectory(directory).FullName;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ParleyException(ParleyError.Media, $"{directory} cannot be written to: {failure.Message}", inner: failure);
        }

        _nameOf = nameOf;
        _time = time;
        _maxWaitingBytes = maxWaitingBytes;
        _thread = new Thread(Run) { IsBackground = true, Name = "ivf sink" };
        _thread.Start();
    }

    /// <summary>Why a file is not written any more, the last time that happened.</summary>
    public ParleyException? Failure => _failure;

    /// <summary>Frames that were left out because the disk was too slow.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <inheritdoc/>
    public void OnFrame(in VideoFrameInfo info, ReadOnlySpan<byte> frame)
    {
        lock (_gate)
        {
            if (_isDisposed || RecordingOf(info.ParticipantId, info.Source) is not { } recording) return;
            var timestamp = recording.Advance(info.Timestamp, _time.GetTimestamp(), _time);
            if (recording.NeedsKeyframe && !info.IsKeyframe)
            {
                // Before the first keyframe nothing was lost.
                if (recording.HasBegun) Interlocked.Increment(ref _dropped);
                return;
            }

            recording.NeedsKeyframe = _waitingBytes + frame.Length > _maxWaitingBytes;
            if (recording.NeedsKeyframe)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }

            recording.HasBegun = true;
            _waitingBytes += frame.Length;
            _frames.Enqueue((recording, QueuedFrame.Copy(in info, frame), timestamp));
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Writes what waits and finishes the files.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
    }

    private IvfRecording? RecordingOf(string participantId, VideoSourceKind source)
    {
        if (_recordings.TryGetValue((participantId, source), out var recording)) return recording;
        if (_recordings.Count >= MaxFiles) return null;
        var stem = SafeFileName.Make(_nameOf?.Invoke(participantId), participantId, source == VideoSourceKind.Screen ? "screen" : "camera");
        recording = new IvfRecording(Path.Combine(_directory, stem));
        _recordings.Add((participantId, source), recording);
        return recording;
    }

    private void Run()
    {
        while (TryNext(out var recording, out var frame, out var timestamp))
        {
            try
            {
                recording.Write(frame.Data, timestamp);
            }
            catch (ParleyException failure)
            {
                _failure = failure;
            }
            finally
            {
                frame.Return();
            }
        }

        lock (_gate)
        {
            foreach (var recording in _recordings.Values) recording.Dispose();
        }
    }

    private bool TryNext(out IvfRecording recording, out QueuedFrame frame, out long timestamp)
    {
        lock (_gate)
        {
            while (_frames.Count == 0 && !_isDisposed) Monitor.Wait(_gate);
            if (!_frames.TryDequeue(out var next))
            {
                (recording, frame, timestamp) = (null!, default, 0);
                return false;
            }

            (recording, frame, timestamp) = next;
            _waitingBytes -= frame.Length;
            return true;
        }
    }
}
