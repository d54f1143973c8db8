namespace Parley.Media.Forwarding;

/// <summary>
/// One video of a participant, the camera or the screen: its encodings, and the slots that show it or wait to. What nobody can use is
/// not wanted from the participant either.
/// </summary>
internal sealed class VideoSource
{
    /// <summary>Encodings of one source: simulcast with three rids.</summary>
    public const int MaxEncodings = 3;

    /// <summary>What cameras are asked for.</summary>
    private const int UsualWidth = 1_280;

    /// <summary>As <see cref="UsualWidth"/>.</summary>
    private const int UsualHeight = 720;

    /// <summary>How long layers nobody can use any more are still taken: people flip between views.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(3);

    /// <summary>An encoding that is this long behind another of its source has stopped: senders drop the largest when their way is narrow.</summary>
    private static readonly TimeSpan StoppedAfter = TimeSpan.FromMilliseconds(700);

    private readonly List<Slot> _slots = [];
    private readonly VideoEncoding?[] _encodings = new VideoEncoding?[MaxEncodings];
    private readonly ISourceOwner _owner;
    private bool _enabled = true;
    private bool _changed = true;

    /// <summary>−1 until something was told: then all are sent.</summary>
    private int _told = -1;
    private TimeSpan _lowerAt = TimeSpan.MaxValue;

    /// <param name="owner">Whose it is.</param>
    /// <param name="isScreen">Whether it is a screen: then sharpness goes before motion.</param>
    public VideoSource(ISourceOwner owner, bool isScreen) => (_owner, IsScreen) = (owner, isScreen);

    /// <summary>Whose it is.</summary>
    public ISourceOwner Owner => _owner;

    /// <summary>Whether it is a screen.</summary>
    public bool IsScreen { get; }

    /// <summary>Its encodings, the smallest first; null where none has been heard.</summary>
    public ReadOnlySpan<VideoEncoding?> Encodings => _encodings;

    /// <summary>Whether any slot shows it or waits to.</summary>
    public bool HasViewers => _slots.Count > 0;

    /// <summary>How many slots show it or wait to.</summary>
    public int Viewers => _slots.Count;

    /// <summary>Whether anything of it has ever come.</summary>
    public bool HasBeenHeard
    {
        get
        {
            foreach (var encoding in _encodings)
            {
                if (encoding is not null) return true;
            }

            return false;
        }
    }

    /// <summary>When <see cref="HandleTimeout"/> is due.</summary>
    public TimeSpan NextDeadline => _changed ? TimeSpan.Zero : _lowerAt;

    /// <summary>
    /// Whether the participant may send now. Packets of a source that is off are dropped; when it comes on again those who
    /// show it wait for a keyframe, because what was dropped is missing from their decoders.
    /// </summary>
    public bool Enabled
    {
        get => _enabled;
        set
        {
            if (value && !_enabled)
            {
                foreach (var slot in _slots) slot.AwaitKeyframe();
                foreach (var encoding in _encodings) encoding?.Restart();
            }

            _enabled = value;
        }
    }

    /// <summary>An encoding is heard for the first time, in place of the one that had its number.</summary>
    public void Put(VideoEncoding encoding)
    {
        if (_encodings[encoding.Number] is { } before) End(before);
        _encodings[encoding.Number] = encoding;
        OnEncodingsChanged();

        // Nobody may watch, and then nothing else would tell them so.
        OnWantedChanged();
    }

    /// <summary>An encoding has come, or come back.</summary>
    public void OnEncodingsChanged()
    {
        foreach (var slot in _slots) slot.OnEncodingsChanged();
    }

    /// <summary>The size of an encoding's pictures: told, or by those that have told theirs, each of which is half of the next.</summary>
    public (int Width, int Height) SizeOf(int number)
    {
        if (_encodings[number] is { Width: > 0 } own) return (own.Width, own.Height);
        foreach (var other in _encodings)
        {
            if (other is not { Width: > 0 }) continue;
            return number < other.Number
                ? (other.Width >> (other.Number - number), other.Height >> (other.Number - number))
                : (other.Width << (number - other.Number), other.Height << (number - other.Number));
        }

        return (UsualWidth >> (MaxEncodings - 1 - number), UsualHeight >> (MaxEncodings - 1 - number));
    }

    /// <summary>Whether an encoding sends now, as far as one can tell.</summary>
    public bool IsActive(VideoEncoding encoding)
    {
        if (encoding.LastAt == TimeSpan.MinValue) return false;
        foreach (var other in _encodings)
        {
            if (other is not null && other.LastAt != TimeSpan.MinValue && other.LastAt - encoding.LastAt > StoppedAfter) return false;
        }

        return true;
    }

    /// <summary>A slot shows this source, or waits to.</summary>
    public void Attach(Slot slot)
    {
        if (_slots.Contains(slot)) return;
        _slots.Add(slot);
        OnWantedChanged();
    }

    /// <summary>A slot no longer shows this source nor waits to.</summary>
    public void Detach(Slot slot)
    {
        if (_slots.Remove(slot)) OnWantedChanged();
    }

    /// <summary>The source is gone: every slot that shows it or waits for it is told.</summary>
    public void End()
    {
        // From the back: a slot detaches itself while it forgets.
        for (var i = _slots.Count - 1; i >= 0; i--) _slots[i].Forget(this);
        for (var i = 0; i < _encodings.Length; i++)
        {
            if (_encodings[i] is { } encoding) End(encoding);
            _encodings[i] = null;
        }
    }

    /// <summary>The decoders that show it need a keyframe of what is sent.</summary>
    public void WantKeyframe()
    {
        foreach (var encoding in _encodings) encoding?.WantKeyframe();
    }

    /// <summary>Packets of an encoding wait to be forwarded when the batch is over.</summary>
    public void AwaitForward(VideoEncoding encoding) => _owner.AwaitForward(encoding);

    /// <summary>Forwards what waits of an encoding, slot by slot: so the packets for one receiver are made one after the other.</summary>
    public void Forward(VideoEncoding encoding, TimeSpan now)
    {
        encoding.PadPending();

        // From the back: a slot may let go of its source in here.
        for (var i = _slots.Count - 1; i >= 0; i--)
        {
            for (var step = 0; step < Slot.PrefetchSteps; step++)
            {
                if (i - Slot.PrefetchSteps + step >= 0) _slots[i - Slot.PrefetchSteps + step].Prefetch(step);
            }

            _slots[i].OnPackets(encoding, encoding.Pending, now);
        }

        encoding.ClearPending();
    }

    /// <summary>What the slots can use may have changed.</summary>
    public void OnWantedChanged()
    {
        _changed = true;
        _owner.OnSourceDue();
    }

    /// <summary>Tells how many layers are wanted: of more at once, of fewer when that has held for a while.</summary>
    public void HandleTimeout(TimeSpan now)
    {
        // Who has sent nothing needs no advice; what they begin with is all.
        var wanted = HasBeenHeard ? EncodingsWanted() : _told;
        if (_changed)
        {
            _changed = false;
            if (wanted == _told) _lowerAt = TimeSpan.MaxValue;
            else if (wanted > _told && (_told >= 0 || wanted == MaxEncodings)) Tell(wanted);
            else if (_lowerAt == TimeSpan.MaxValue) _lowerAt = now + Linger;
        }

        if (now >= _lowerAt) Tell(wanted);
    }

    private int EncodingsWanted()
    {
        var wanted = 0;
        foreach (var slot in _slots) wanted = Math.Max(wanted, slot.EncodingsWanted(this));
        return wanted;
    }

    private void Tell(int layers)
    {
        _lowerAt = TimeSpan.MaxValue;
        if (layers == _told) return;
        _told = layers;
        _owner.OnLayersWanted(this, layers);
    }

    private void End(VideoEncoding encoding)
    {
        encoding.ClearPending();
        for (var i = _slots.Count - 1; i >= 0; i--) _slots[i].Forget(encoding);
        encoding.Cache.Dispose();
    }
}
