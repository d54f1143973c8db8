namespace Parley.Media.Mixing;

/// <summary>
/// One encode of a mix: of what all hear who are silent, or of what one participant hears alone. After 800 ms of silence it goes into DTX, of
/// which it tells the far ends with an empty packet and with three more, 400 ms apart, and from then on neither encodes nor sends. It leaves that
/// not to libopus, which takes a steady tone or music for background noise and mutes it, and has no DTX for CELT alone.
/// </summary>
internal sealed class MixEncoding(OpusEncoderOptions options) : IDisposable
{
    private const int RefreshFrames = 20; // 400 ms, as libopus does.

    // Digital silence needs no new description: the repeats are there for the case that the first is lost.
    private const int MostRefreshes = 3;

    // All of a packet's first byte but how many frames follow.
    private const byte ConfigurationMask = 0xFC;

    // A decoder in DTX plays comfort noise in the likeness of what it last took for background: without enough encoded
    // silence before, that is a ghost of the last voice, 32 dB below it. Its memory loses 7 % each 5 ms: 800 ms leave nothing.
    private const int SettleFrames = 40;

    // Of speech CELT gives the decoder as much at 0 as at 5, and as much as SILK with CELT does at the same rate (bench/micro/run opus).
    private const int CeltComplexity = 0;

    private readonly OpusEncoder _encoder = new(options);
    private readonly Limiter _limiter = new();
    private readonly byte[] _packet = new byte[AudioFormat.MaxEncodedBytes];

    private int _length;
    private bool _isDtx = true; // Who listens from the beginning has heard nothing yet.
    private int _sinceSent;
    private int _refreshes;
    private int _silentFrames;

    /// <summary>How many hear this.</summary>
    public int Listeners { get; set; }

    /// <summary>The loss it is prepared for.</summary>
    public LossClass Loss
    {
        get;
        set
        {
            field = value;
            Choose();
        }
    }

    /// <summary>Whether there is no time for FEC.</summary>
    public bool SavesTime
    {
        get;
        set
        {
            if (field == value) return;
            field = value;
            Choose();
        }
    }

    /// <summary>What the last tick gave; empty when nothing was encoded.</summary>
    public ReadOnlySpan<byte> Packet => _packet.AsSpan(0, _length);

    /// <summary>Whether the packet of the last tick is to be sent.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Whether more silence is neither encoded nor sent.</summary>
    /// <param name="isAlone">As for <see cref="Encode"/>.</param>
    public bool IsIdle(bool isAlone) => _isDtx && (isAlone || _refreshes == MostRefreshes);

    /// <summary>Encodes one tick's mix.</summary>
    /// <param name="mix">960 samples; limited in place. Ignored when nothing is heard.</param>
    /// <param name="isHeard">Whether any voice is in the mix.</param>
    /// <param name="isAlone">Whether there is nobody to hear: then nothing is refreshed either.</param>
    /// <returns>Whether it took an encode.</returns>
    public bool Encode(Span<float> mix, bool isHeard, bool isAlone)
    {
        _sinceSent++;
        _length = 0;
        IsSent = false;
        if (!isHeard && (IsIdle(isAlone) || (_isDtx && _sinceSent < RefreshFrames))) return false;

        _silentFrames = isHeard ? 0 : Math.Min(_silentFrames + 1, SettleFrames);
        if (isHeard)
        {
            _limiter.Process(mix);
        }
        else
        {
            mix.Clear();
        }

        var wasDtx = _isDtx;
        _isDtx = _silentFrames == SettleFrames;
        if (_isDtx)
        {
            // What DTX sends is the configuration of the frame before, and no frame (RFC 6716 §3.1, §3.2.1).
            _packet[0] &= ConfigurationMask;
            _length = 1;
        }
        else
        {
            _length = _encoder.Encode(mix, _packet);
        }

        IsSent = _length > 0 && !(_isDtx && wasDtx && _sinceSent < RefreshFrames);
        if (IsSent)
        {
            _sinceSent = 0;
            _refreshes = _isDtx && wasDtx ? _refreshes + 1 : 0;
        }

        return !_isDtx;
    }

    /// <summary>Goes on as the other would, with whoever hears this: they cannot tell that it is another.</summary>
    public void CopyFrom(MixEncoding other)
    {
        _encoder.CopyFrom(other._encoder);
        _limiter.CopyFrom(other._limiter);
        (Loss, SavesTime) = (other.Loss, other.SavesTime);
        _packet[0] = other._packet[0];
        (_isDtx, _sinceSent, _refreshes, _silentFrames) = (other._isDtx, other._sinceSent, other._refreshes, other._silentFrames);
    }

    /// <inheritdoc/>
    public void Dispose() => _encoder.Dispose();

    /// <summary>Who loses nothing needs no FEC, and so no SILK.</summary>
    private void Choose()
    {
        _encoder.CeltOnly = SavesTime || Loss == LossClass.None;
        _encoder.Complexity = _encoder.CeltOnly ? CeltComplexity : options.Complexity;
        _encoder.ExpectedLossPercent = _encoder.CeltOnly ? 0 : Loss.ExpectedPercent();
    }
}
