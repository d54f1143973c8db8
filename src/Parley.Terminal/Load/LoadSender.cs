using Parley.Client.Audio;
using Parley.Client.Rtc;
using Parley.Client.Transport;
using Parley.Media;

namespace Parley.Terminal.Load;

/// <summary>
/// A participant's microphone and camera: sends what is due on an absolute grid of its own phase, on the loop's timers. What the
/// thread is too late for is left out, and counted. Loop thread only; allocates nothing per packet.
/// </summary>
internal sealed class LoadSender : IMediaLoopClient, IDisposable
{
    /// <summary>Later than this, and what was due is left out: nobody waits for old pictures.</summary>
    private static readonly TimeSpan MostDebt = TimeSpan.FromMilliseconds(200);

    private readonly LoadLoop _loop;
    private readonly LoadPlace _place;
    private readonly RtcPeer _peer;
    private readonly string _cameraMid;
    private readonly OpusLoop? _speech;
    private readonly SyntheticVp8? _frames;
    private readonly TimeSpan _framePeriod;
    private readonly TimeSpan _audioPhase;
    private readonly TimeSpan _videoPhase;
    private readonly MediaLoopRegistration _registration;
    private TimeSpan _nextAudio = TimeSpan.MaxValue;
    private TimeSpan _nextVideo = TimeSpan.MaxValue;
    private long _said;
    private bool _keyframe = true;
    private bool _begins = true;
    private bool _isConnected;

    /// <param name="loop">Whose thread it is.</param>
    /// <param name="place">What the participant sends.</param>
    /// <param name="peer">Through which.</param>
    /// <param name="cameraMid">The camera's m-line.</param>
    /// <param name="options">Bitrate, frame rate, seed.</param>
    /// <param name="speech">What talkers say; may be null when this one does not talk.</param>
    public LoadSender(LoadLoop loop, LoadPlace place, RtcPeer peer, string cameraMid, LoadOptions options, OpusLoop? speech)
    {
        (_loop, _place, _peer, _cameraMid) = (loop, place, peer, cameraMid);
        var random = new Random(options.Seed + (place.Index * 7_919));
        _framePeriod = TimeSpan.FromSeconds(1) / options.FramesPerSecond;
        _audioPhase = AudioFormat.FrameDuration * random.NextDouble();
        _videoPhase = _framePeriod * random.NextDouble();
        if (place.HasCamera) _frames = new SyntheticVp8(options.VideoBitrate, options.FramesPerSecond, random.Next(), options.Variation);
        if (place.Talks && speech is not null) (_speech, _said) = (speech, random.Next(speech.Count));
        _registration = loop.Host.Loop.Register(this, isPunctual: true);
        loop.Host.Loop.Post(() => loop.Add(this));
    }

    /// <inheritdoc/>
    public TimeSpan NextDeadline => _nextAudio < _nextVideo ? _nextAudio : _nextVideo;

    /// <summary>The connection has a path and keys, or has had them and all may send now.</summary>
    public void Start(TimeSpan now)
    {
        _isConnected = true;
        if (!_loop.MaySend) return;
        if (_speech is not null) _nextAudio = NextAfter(now, AudioFormat.FrameDuration, _audioPhase);
        if (_frames is not null) _nextVideo = NextAfter(now, _framePeriod, _videoPhase);
        _keyframe = _begins = true;
        _registration.Arm();
    }

    /// <summary>It has none any more.</summary>
    public void Stop()
    {
        _isConnected = false;
        _nextAudio = _nextVideo = TimeSpan.MaxValue;
    }

    /// <summary>All may send from now on.</summary>
    public void OnMaySend(TimeSpan now)
    {
        if (_isConnected) Start(now);
    }

    /// <summary>Somebody cannot go on without a keyframe.</summary>
    public void RequestKeyframe() => _keyframe = true;

    void IMediaLoopClient.OnTimer(TimeSpan now)
    {
        for (SkipDebt(ref _nextAudio, AudioFormat.FrameDuration, now); now >= _nextAudio; _nextAudio += AudioFormat.FrameDuration)
        {
            _peer.Microphone?.Stream.Send(_speech![_said++], _nextAudio, _begins, OpusLoop.Level, now);
            _begins = false;
        }

        for (SkipDebt(ref _nextVideo, _framePeriod, now); now >= _nextVideo; _nextVideo += _framePeriod)
        {
            _peer.FindCamera(_cameraMid)?.Send(_frames!.Next(_keyframe, _loop.Stamp(_place)), _nextVideo, now);
            _keyframe = false;
        }
    }

    void IMediaLoopClient.OnDatagram(int local, TransportAddress from, Span<byte> datagram, TimeSpan now)
    {
        // It has no sockets.
    }

    void IMediaLoopClient.OnBatchEnd(TimeSpan now)
    {
    }

    void IMediaLoopClient.OnFault(Exception fault) => _loop.OnFault(fault);

    /// <inheritdoc/>
    public void Dispose()
    {
        _loop.Host.Loop.Post(() => _loop.Remove(this));
        _registration.Dispose();
    }

    private static TimeSpan NextAfter(TimeSpan now, TimeSpan period, TimeSpan phase) =>
        new(((((now - phase).Ticks / period.Ticks) + 1) * period.Ticks) + phase.Ticks);

    private void SkipDebt(ref TimeSpan next, TimeSpan period, TimeSpan now)
    {
        // Before its beginning there is no debt: MaxValue is later than all.
        while (now > next && now - next > MostDebt)
        {
            next += period;
            _loop.Skipped++;
        }
    }
}
