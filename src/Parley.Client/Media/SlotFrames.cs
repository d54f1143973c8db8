using System.Buffers;
using Parley.Client.Video;
using Parley.Protocol;

namespace Parley.Client.Media;

/// <summary>
/// Tells whose the pictures of one slot are. A slot is one continuous stream whoever is in it, and the news of a switch comes
/// over another connection than the pictures, sooner or later than they. The switch itself is always at a keyframe: so pictures
/// from the first keyframe after our request on wait for the news, and after news without such a keyframe nothing is given out
/// before the next one. Media thread only.
/// </summary>
internal sealed class SlotFrames(IVideoSink sink) : IDisposable
{
    /// <summary>How many pictures wait for the news, and how many bytes: two seconds of a good camera.</summary>
    private const int MaxHeld = 60;
    private const int MaxHeldBytes = 2 << 20;

    private readonly List<Held> _held = [];
    private (string? ParticipantId, VideoSourceKind Source) _wanted;
    private (string? ParticipantId, VideoSourceKind Source) _shown;
    private int _heldBytes;
    private bool _holding;
    private bool _needsKeyframe = true;

    /// <summary>Whether it is this one's pictures that are given out.</summary>
    public bool Shows(string participantId, VideoSourceKind source) => _shown == (participantId, source);

    /// <summary>The view was asked for: this participant in this slot.</summary>
    public void OnRequested(string? participantId, VideoSourceKind source)
    {
        _wanted = (participantId, source);
        if (_wanted != _shown) return;

        // Changed back before any news: what waited continues what was shown, or the next news tells.
        Flush();
    }

    /// <summary>The server has switched the slot.</summary>
    public void OnShown(string? participantId, VideoSourceKind source)
    {
        var next = (participantId, source);
        if (next == _shown) return;
        _shown = next;
        _needsKeyframe = !_holding;
        Flush();
    }

    /// <summary>A whole picture came in this slot.</summary>
    public void OnFrame(ReadOnlySpan<byte> frame, long timestamp, bool isKeyframe)
    {
        if (_wanted != _shown && (isKeyframe || _holding))
        {
            Hold(frame, timestamp, isKeyframe);
            return;
        }

        if (_shown.ParticipantId is null || (_needsKeyframe && !isKeyframe)) return;
        _needsKeyframe = false;
        Give(frame, timestamp, isKeyframe);
    }

    /// <inheritdoc/>
    public void Dispose() => Drop();

    private void Give(ReadOnlySpan<byte> frame, long timestamp, bool isKeyframe) =>
        sink.OnFrame(new VideoFrameInfo(_shown.ParticipantId!, _shown.Source, timestamp, isKeyframe), frame);

    private void Hold(ReadOnlySpan<byte> frame, long timestamp, bool isKeyframe)
    {
        if (isKeyframe) Drop();
        _holding = true;
        if (_held.Count == MaxHeld || _heldBytes + frame.Length > MaxHeldBytes)
        {
            // The news is that late: what is there cannot be continued, so the next keyframe begins anew.
            Drop();
            _needsKeyframe = true;
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(frame.Length);
        frame.CopyTo(buffer);
        _held.Add(new Held(buffer, frame.Length, timestamp, isKeyframe));
        _heldBytes += frame.Length;
    }

    private void Flush()
    {
        if (_shown.ParticipantId is not null)
        {
            foreach (var held in _held) Give(held.Buffer.AsSpan(0, held.Length), held.Timestamp, held.IsKeyframe);
        }

        Drop();
    }

    private void Drop()
    {
        foreach (var held in _held) ArrayPool<byte>.Shared.Return(held.Buffer);
        _held.Clear();
        _heldBytes = 0;
        _holding = false;
    }

    private readonly record struct Held(byte[] Buffer, int Length, long Timestamp, bool IsKeyframe);
}
