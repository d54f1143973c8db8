using Parley.Protocol;

namespace Parley.Client.Video;

/// <summary>
/// One participant's camera or screen in a <see cref="DecodingSink"/>: the frames that wait, guarded by the sink's lock, and the
/// decoder, which only the sink's thread touches.
/// </summary>
internal sealed class DecodedStream(string participantId, VideoSourceKind source) : IDisposable
{
    private readonly Queue<QueuedFrame> _frames = new();
    private Vp8Decoder? _decoder;
    private bool _needsKeyframe = true;

    public string ParticipantId { get; } = participantId;

    public VideoSourceKind Source { get; } = source;

    public long LastUsed { get; set; }

    public bool HasTurn { get; set; }

    public int Waiting => _frames.Count;

    /// <summary>Frames left out before they were decoded.</summary>
    public long Skipped { get; private set; }

    /// <summary>Lets a frame wait, or leaves frames out.</summary>
    /// <returns>Whether a keyframe is wanted from now on.</returns>
    public bool Add(in VideoFrameInfo info, ReadOnlySpan<byte> frame)
    {
        if (info.IsKeyframe)
        {
            // What waits before it would only be late.
            if (_frames.Count >= DecodingSink.MaxWaiting / 2) SkipAll();
            _needsKeyframe = false;
        }
        else if (_needsKeyframe)
        {
            Skipped++;
            return false;
        }

        if (_frames.Count >= DecodingSink.MaxWaiting)
        {
            SkipAll();
            Skipped++;
            _needsKeyframe = true;
            return true;
        }

        _frames.Enqueue(QueuedFrame.Copy(in info, frame));
        return false;
    }

    public bool TryTake(out QueuedFrame frame) => _frames.TryDequeue(out frame);

    /// <summary>Decodes; by the sink's thread only.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="picture">What there is to see.</param>
    /// <param name="isKeyframeWanted">Whether it is broken, and was not before.</param>
    public bool TryDecode(ReadOnlySpan<byte> frame, out I420View picture, out bool isKeyframeWanted)
    {
        _decoder ??= new Vp8Decoder();
        var wasBroken = _decoder.NeedsKeyframe;
        var isSeen = _decoder.TryDecode(frame, out picture);
        isKeyframeWanted = _decoder.NeedsKeyframe && !wasBroken;
        return isSeen;
    }

    /// <summary>Gives the buffers back.</summary>
    public void Clear()
    {
        while (_frames.TryDequeue(out var frame)) frame.Return();
    }

    public void Dispose()
    {
        Clear();
        _decoder?.Dispose();
        _decoder = null;
    }

    private void SkipAll()
    {
        Skipped += _frames.Count;
        Clear();
    }
}
