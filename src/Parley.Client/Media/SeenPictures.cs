using Parley.Client.Video;
using Parley.Protocol;

namespace Parley.Client.Media;

/// <summary>
/// The peer's pictures as one stream for each source, whichever way they come; everybody else's pass through. A way is changed at a
/// keyframe only, and time goes on as it went. Media thread only.
/// </summary>
/// <param name="sink">Where they go; null when nobody looks.</param>
/// <param name="now">The loop's time.</param>
internal sealed class SeenPictures(IVideoSink? sink, Func<TimeSpan> now) : IVideoSink
{
    private const double UnitsPerSecond = 90_000;

    private readonly Stream _camera = new();
    private readonly Stream _screen = new();
    private string? _peerId;

    /// <summary>A picture came by the way that is not played, and a decoder may begin with it: the way may be changed just now.</summary>
    public Action<VideoSourceKind, bool>? KeyframeCame { get; set; }

    /// <summary>What is played cannot go on without a keyframe: of this source, from the link or not.</summary>
    public Action<VideoSourceKind, bool>? KeyframeNeeded { get; set; }

    /// <summary>Whose they are; what is known of another's time is forgotten.</summary>
    public void SetPeer(string participantId)
    {
        if (_peerId == participantId) return;
        _peerId = participantId;
        _camera.Forget();
        _screen.Forget();
    }

    /// <summary>Which way a source is played, and whether it is wanted.</summary>
    public void Choose(VideoSourceKind source, bool onLink, bool isWatched)
    {
        var stream = Of(source);
        stream.IsWatched = isWatched;
        if (stream.OnLink == onLink) return;
        stream.OnLink = onLink;
        stream.NeedsKeyframe = true;
        stream.IsRebased = false;
    }

    /// <summary>A picture in a slot of the server's.</summary>
    public void OnFrame(in VideoFrameInfo info, ReadOnlySpan<byte> frame)
    {
        if (info.ParticipantId == _peerId) Take(in info, frame, fromLink: false);
        else sink?.OnFrame(in info, frame);
    }

    /// <summary>A picture on the link.</summary>
    public void OnLinkFrame(VideoSourceKind source, ReadOnlySpan<byte> frame, long timestamp, bool isKeyframe)
    {
        if (_peerId is not null) Take(new VideoFrameInfo(_peerId, source, timestamp, isKeyframe), frame, fromLink: true);
    }

    private void Take(in VideoFrameInfo info, ReadOnlySpan<byte> frame, bool fromLink)
    {
        var stream = Of(info.Source);
        if (info.IsKeyframe && stream.OnLink != fromLink) KeyframeCame?.Invoke(info.Source, fromLink);
        if (stream.OnLink != fromLink) return;
        if (fromLink && !stream.IsWatched)
        {
            stream.NeedsKeyframe = true;
            return;
        }

        if (stream.NeedsKeyframe && !info.IsKeyframe)
        {
            KeyframeNeeded?.Invoke(info.Source, fromLink);
            return;
        }

        stream.NeedsKeyframe = false;
        sink?.OnFrame(info with { Timestamp = stream.Place(info.Timestamp, now()) }, frame);
    }

    private Stream Of(VideoSourceKind source) => source == VideoSourceKind.Screen ? _screen : _camera;

    private sealed class Stream
    {
        private long _offset;
        private long _last;
        private TimeSpan? _lastAt;

        public bool OnLink;
        public bool IsWatched;
        public bool NeedsKeyframe;

        /// <summary>The offset is that of the way it takes now.</summary>
        public bool IsRebased = true;

        public void Forget() => (_offset, _lastAt, IsRebased, OnLink, NeedsKeyframe) = (0, null, true, false, false);

        /// <summary>Its place in the one line of time that the sink sees.</summary>
        public long Place(long timestamp, TimeSpan now)
        {
            if (!IsRebased && _lastAt is { } at) _offset = _last + Math.Max(1, (long)((now - at).TotalSeconds * UnitsPerSecond)) - timestamp;
            IsRebased = true;
            (_last, _lastAt) = (timestamp + _offset, now);
            return _last;
        }
    }
}
