using Parley.Media.Rtp;
using Parley.Media.Srtp;

namespace Parley.Media.Forwarding;

/// <summary>
/// One video place on a viewer's page: one m-line, one SSRC, one continuous stream whoever is in it (design §4). Another source or
/// another of its encodings takes over at its first keyframe; until then the slot goes on with the one before, so nothing freezes.
/// </summary>
internal sealed partial class Slot : IDisposable
{
    /// <summary>A picture this much smaller than its tile is as good: scaling hides it. Not of text.</summary>
    private const double GoodEnough = 0.8;

    private readonly ISlotOwner _owner;
    private readonly StreamRewriter _rewriter;
    private readonly byte[] _payloadTypes = new byte[Enum.GetValues<VideoCodec>().Length];
    private readonly byte[] _rtxPayloadTypes = new byte[Enum.GetValues<VideoCodec>().Length];

    /// <summary>Who shall be shown.</summary>
    private VideoSource? _wished;

    /// <summary>Who is shown: the one before as long as the wished one has not begun.</summary>
    private VideoSource? _shown;

    /// <summary>The encoding whose packets go out now.</summary>
    private VideoEncoding? _current;

    /// <summary>The encoding that takes over at its next keyframe; null when the current one is right.</summary>
    private VideoEncoding? _next;

    /// <summary>Temporal layers above it are left out; of the current encoding.</summary>
    private byte _temporal;

    /// <summary>What <see cref="_temporal"/> shall be: down at the next picture, up where the encoding allows it.</summary>
    private byte _wantedTemporal;

    /// <summary>As <see cref="_wantedTemporal"/>, of the next encoding.</summary>
    private byte _nextTemporal;

    /// <summary>The current encoding goes on only with a keyframe: something of it is missing for good.</summary>
    private bool _awaitsKeyframe;

    /// <summary>The current encoding is more than the path bears: nothing more of it while the smaller one is awaited.</summary>
    private bool _isHeld;
    private bool _keyframeAsked;
    private TimeSpan _keyframeAllowedAt = TimeSpan.MinValue;
    private uint _pictureTimestamp;
    private int _encodingsWanted;
    private LossCount _lost;
    private readonly RandomSource _random;
    private SrtpSessionKeys? _keys;
    private RtxStream? _rtx;

    /// <param name="owner">The viewer's way down.</param>
    /// <param name="mid">The m-line's identification tag (RFC 5888).</param>
    /// <param name="ssrc">What the viewer receives it with.</param>
    /// <param name="rtxSsrc">What the viewer receives its retransmissions with; null for none of their own.</param>
    /// <param name="formats">What the viewer can receive.</param>
    /// <param name="random">Where the stream begins.</param>
    public Slot(ISlotOwner owner, string mid, uint ssrc, uint? rtxSsrc, IReadOnlyList<VideoFormat> formats, RandomSource random)
    {
        (_owner, Mid, Ssrc, RtxSsrc, _random) = (owner, mid, ssrc, rtxSsrc, random);
        _rewriter = new StreamRewriter(ssrc, random);
        (FirstPayloadType, FirstRtxPayloadType) = (formats[0].PayloadType, formats[0].RtxPayloadType ?? 0);
        foreach (var format in formats)
        {
            if (_payloadTypes[(int)format.Codec] != 0) continue;
            _payloadTypes[(int)format.Codec] = format.PayloadType;
            _rtxPayloadTypes[(int)format.Codec] = format.RtxPayloadType ?? 0;
        }
    }

    /// <summary>The m-line's identification tag (RFC 5888).</summary>
    public string Mid { get; }

    /// <summary>The SSRC the viewer receives, named in the answer.</summary>
    public uint Ssrc { get; }

    /// <summary>The SSRC of its retransmissions (RFC 4588); null when they repeat the packet itself.</summary>
    public uint? RtxSsrc { get; }

    /// <summary>Makes the bytes of its packets.</summary>
    public StreamRewriter Stream => _rewriter;

    /// <summary>Protects its packets; null before the keys are there.</summary>
    public SrtpOutboundStream? Srtp { get; private set; }

    /// <summary>The stream of its retransmissions, made when the first is needed; null when they repeat the packet itself.</summary>
    public RtxStream? Rtx => _rtx ??= _keys is { } keys && RtxSsrc is { } ssrc ? new RtxStream(ssrc, keys, _random) : null;

    /// <summary>Where the viewer shows it.</summary>
    public Tile Tile { get; set; }

    /// <summary>How often who shall be shown has changed.</summary>
    public int Wishes { get; private set; }

    /// <summary>What its viewer was told of it last.</summary>
    public (SlotLevel Level, SlotLimit Limit) Told { get; set; }

    /// <summary>Packets sent, retransmissions not counted (RFC 3550 §6.4.1).</summary>
    public uint PacketCount { get; private set; }

    /// <summary>Payload octets sent.</summary>
    public uint OctetCount { get; private set; }

    /// <summary>Who shall be shown.</summary>
    public VideoSource? Wished => _wished;

    /// <summary>The encoding whose packets go out now.</summary>
    public VideoEncoding? Current => _current;

    /// <summary>The source that is shown.</summary>
    public VideoSource? Shown => _shown;

    /// <summary>The highest temporal layer that goes out.</summary>
    public int Temporal => _temporal;

    /// <summary>Whether the wished source is held back: there is no room for it.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>
    /// Whether a packet is no longer worth its bytes on a path that is too narrow: it is from before the keyframe that the stream goes on
    /// with, or will go on with.
    /// </summary>
    public bool IsPast(long sequence) => Told.Limit == SlotLimit.Bandwidth && (_isHeld || sequence < _rewriter.FirstOfRun);

    /// <summary>The timestamp of the slot's stream at this moment, for sender reports.</summary>
    public uint TimestampAt(TimeSpan now) => _rewriter.TimestampAt(now);

    /// <summary>Whether the viewer can decode this encoding.</summary>
    public bool CanShow(VideoEncoding encoding) => _payloadTypes[(int)encoding.Format.Codec] != 0;

    /// <summary>The viewer's payload type for a codec, and that of its retransmissions; 0 for none.</summary>
    public (byte Media, byte Rtx) PayloadTypes(VideoCodec codec) => (_payloadTypes[(int)codec], _rtxPayloadTypes[(int)codec]);

    /// <summary>The payload type of any codec the viewer can receive.</summary>
    public byte FirstPayloadType { get; }

    /// <summary>The payload type of any codec's retransmissions; 0 for none.</summary>
    public byte FirstRtxPayloadType { get; }

    /// <summary>The keys are there: from now on packets can go out.</summary>
    public void Open(SrtpSessionKeys keys)
    {
        _keys = keys;
        Srtp ??= new SrtpOutboundStream(keys);
    }

    /// <summary>Puts a source into the slot, or null to pause it. Which encoding, <see cref="Aim"/> says.</summary>
    public void Show(VideoSource? source)
    {
        if (ReferenceEquals(source, _wished)) return;
        var before = _wished;
        (_wished, _next, _encodingsWanted) = (source, null, 0);
        Wishes++;
        if (before is not null && !ReferenceEquals(before, _shown)) before.Detach(this);
        if (source is null) Stop();
        else source.Attach(this);
        _owner.OnDemandChanged();
    }

    /// <summary>From now on this encoding of the wished source, with temporal layers up to this one; null pauses it.</summary>
    /// <param name="encoding">Which.</param>
    /// <param name="temporal">The highest temporal layer.</param>
    /// <param name="bears">What the path bears, in bit/s: what is shown and costs more stops until a smaller one takes over.</param>
    /// <param name="now">The present.</param>
    public void Aim(VideoEncoding? encoding, byte temporal, long bears, TimeSpan now)
    {
        if (encoding is null)
        {
            IsPaused = true;
            _next = null;

            // Another's picture must not stay in the place of who is wanted now.
            if (!ReferenceEquals(_shown, _wished)) Stop();
            return;
        }

        if (IsPaused) AwaitKeyframe();
        IsPaused = false;
        if (ReferenceEquals(encoding, _current))
        {
            _next = null;
            _wantedTemporal = temporal;
            Release();
            return;
        }

        // What is too much now gives way at once as far as it can: the smaller encoding takes over only at its keyframe.
        if (_current is { } current && ReferenceEquals(current.Source, encoding.Source) && encoding.Number < current.Number)
        {
            _wantedTemporal = 0;
            _isHeld |= current.RateOf(0) > bears;
        }
        else
        {
            Release();
        }

        _nextTemporal = temporal;
        if (ReferenceEquals(encoding, _next)) return;
        _next = encoding;
        if (!encoding.BringsKeyframe) encoding.WantKeyframe();
    }

    /// <summary>The smallest encoding of a source that fills the tile; the largest when none does.</summary>
    public int BestFor(VideoSource source)
    {
        var best = VideoSource.MaxEncodings - 1;
        if (Tile.Width == 0 || Tile.Height == 0) return best;
        var enough = source.IsScreen ? 1 : GoodEnough;
        while (best > 0 && source.SizeOf(best - 1) is var (width, height) && (width >= Tile.Width * enough || height >= Tile.Height * enough)) best--;
        return best;
    }

    /// <summary>How many encodings of this source the slot can use, from the smallest on.</summary>
    public int EncodingsWanted(VideoSource source) => ReferenceEquals(source, _wished) ? _encodingsWanted : 0;

    /// <summary>So many encodings of the wished source are of use for the tile's size.</summary>
    public void SetEncodingsWanted(int encodings)
    {
        if (encodings == _encodingsWanted) return;
        _encodingsWanted = encodings;
        _wished?.OnWantedChanged();
    }

    /// <summary>The source has other encodings than before.</summary>
    public void OnEncodingsChanged() => _owner.OnDemandChanged();

    /// <summary>Packets of the current encoding were lost on purpose: go on with its next keyframe.</summary>
    public void AwaitKeyframe()
    {
        if (_current is null) return;
        _awaitsKeyframe = true;
        _current.WantKeyframe();
    }

    /// <summary>The viewer has lost so many of its packets in all, as they report. How many more that are than they ever said.</summary>
    public long TakeLost(int cumulative) => _lost.Take(cumulative);

    /// <summary>The viewer's decoder asked for a keyframe (PLI or FIR).</summary>
    public void OnKeyframeRequested() => _keyframeAsked = true;

    /// <summary>The way to the viewer is another: whatever was throttled, a keyframe is wanted.</summary>
    public void Refresh()
    {
        _current?.WantKeyframe();
        _next?.WantKeyframe();
    }

    /// <summary>A source is gone for good.</summary>
    public void Forget(VideoSource source)
    {
        if (ReferenceEquals(source, _wished))
        {
            (_wished, _next, _encodingsWanted) = (null, null, 0);
            _owner.OnDemandChanged();
        }

        if (ReferenceEquals(source, _shown)) Stop();
        source.Detach(this);
    }

    /// <summary>An encoding is gone, perhaps because another came in its place: the stream goes on with another of its source.</summary>
    public void Forget(VideoEncoding encoding)
    {
        if (ReferenceEquals(encoding, _next)) _next = null;
        if (ReferenceEquals(encoding, _current)) (_current, _isHeld) = (null, false);
        _rewriter.Forget(encoding);
        _owner.OnDemandChanged();
    }

    /// <summary>Lets go of sources and keys.</summary>
    public void Dispose()
    {
        _wished?.Detach(this);
        _shown?.Detach(this);
        (_wished, _shown, _current, _next) = (null, null, null, null);
        Srtp?.Dispose();
        _rtx?.Dispose();
    }

    /// <summary>What was held back is wanted after all.</summary>
    private void Release()
    {
        if (!_isHeld) return;
        _isHeld = false;
        AwaitKeyframe();
    }

    private void Stop()
    {
        var before = _shown;
        (_shown, _current, _awaitsKeyframe, _isHeld) = (null, null, false, false);
        if (before is null) return;
        if (!ReferenceEquals(before, _wished)) before.Detach(this);
        _owner.OnSlotShown(this, null);
    }
}
