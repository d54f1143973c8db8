namespace Parley.Media.Mixing;

/// <summary>
/// One participant's private encode of what the others say. After 800 ms of silence it lets the encoder go into DTX (200 ms
/// more), tells the far end with the first empty packet and with three more, 400 ms apart, and from then on neither encodes nor sends.
/// </summary>
internal sealed class AudioListener(OpusEncoderOptions options) : IDisposable
{
    private const int RefreshFrames = 20; // 400 ms, as libopus does.

    // Digital silence needs no new description: the repeats are there for the case that the first is lost.
    private const int MostRefreshes = 3;

    // A decoder in DTX plays comfort noise in the likeness of what it last took for background: without enough encoded
    // silence before, that is a ghost of the last voice, 32 dB below it. Its memory loses 7 % each 5 ms: 800 ms leave nothing.
    private const int SettleFrames = 40;

    private readonly OpusEncoder _encoder = new(options);
    private readonly Limiter _limiter = new();
    private readonly byte[] _packet = new byte[AudioFormat.MaxEncodedBytes];

    private bool _isDtx = true; // A fresh listener has heard nothing yet.
    private int _sinceSent;
    private int _refreshes;
    private int _silentFrames;

    public OpusEncoder Encoder => _encoder;

    public long FramesEncoded { get; private set; }

    public long FramesNotSent { get; private set; }

    /// <summary>Encodes one tick's mix.</summary>
    /// <param name="mix">960 samples; limited in place. Ignored when nothing is heard.</param>
    /// <param name="isHeard">Whether any voice is in the mix.</param>
    /// <param name="isAlone">Whether there is nobody to hear: then nothing is refreshed either.</param>
    /// <param name="isDtx">Whether to send nothing.</param>
    /// <returns>The packet, valid until the next call.</returns>
    public ReadOnlySpan<byte> Encode(Span<float> mix, bool isHeard, bool isAlone, out bool isDtx)
    {
        _sinceSent++;
        if (!isHeard && _isDtx && (isAlone || _sinceSent < RefreshFrames || _refreshes == MostRefreshes))
        {
            FramesNotSent++;
            isDtx = true;
            return [];
        }

        _silentFrames = isHeard ? 0 : Math.Min(_silentFrames + 1, SettleFrames);
        if (isHeard)
        {
            _limiter.Process(mix);
        }
        else
        {
            mix.Clear();
        }

        // Only digital silence: libopus would take a steady tone or music for background noise and mute it.
        _encoder.Dtx = _silentFrames == SettleFrames;
        var written = _encoder.Encode(mix, _packet);
        FramesEncoded++;
        var packet = _packet.AsSpan(0, written);
        var wasDtx = _isDtx;
        _isDtx = _encoder.Dtx && OpusPacket.IsDtx(packet);
        isDtx = written == 0 || (_isDtx && wasDtx && _sinceSent < RefreshFrames);
        if (isDtx)
        {
            FramesNotSent++;
        }
        else
        {
            _sinceSent = 0;
            _refreshes = _isDtx && wasDtx ? _refreshes + 1 : 0;
        }

        return packet;
    }

    public void Dispose() => _encoder.Dispose();
}
