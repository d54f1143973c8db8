using Parley.Media.Mixing;
using Parley.Media.Rtp;

namespace Parley.Scenarios.World;

/// <summary>Hears the mix as a browser would: a jitter buffer, a decoder, and for every 20 ms whether there was sound.</summary>
internal sealed class Ears(uint ssrc)
{
    /// <summary>What a tone of −26 dBFS in a mix is far above, and silence far below.</summary>
    private const float Audible = 0.005f;

    private readonly AudioInbox _inbox = new();
    private readonly List<float> _heard = [];
    private AudioSource? _source;
    private SequenceUnwrapper _sequences = new();
    private TimestampUnwrapper _timestamps = new();
    private TimeSpan _silentFor;
    private TimeSpan _lastPacket = TimeSpan.FromSeconds(-1);
    private TimeSpan _concealedFor;

    public uint Ssrc => ssrc;

    /// <summary>The longest time without sound since the first sound.</summary>
    public TimeSpan LongestSilence { get; private set; }

    /// <summary>The longest run of frames that were made up.</summary>
    public TimeSpan LongestConcealment { get; private set; }

    public bool HasHeard { get; private set; }

    public long FramesConcealed => Source.FramesConcealed;

    public long FramesDecoded => Source.FramesDecoded;

    public long FramesRecovered => Source.FramesRecovered;

    private AudioSource Source => _source ??= new AudioSource(_inbox, new JitterBufferOptions());

    /// <summary>The RTP timestamp of the first packet after the last pause of a second or more.</summary>
    public uint? FirstTimestamp { get; private set; }

    public void Receive(in RtpPacket packet, TimeSpan now)
    {
        if (now - _lastPacket >= TimeSpan.FromSeconds(1)) FirstTimestamp = packet.Timestamp;
        _lastPacket = now;
        _inbox.TryWrite(_sequences.Unwrap(packet.SequenceNumber), _timestamps.Unwrap(packet.Timestamp), now, packet.Payload);
    }

    public void Listen(TimeSpan now)
    {
        var concealed = Source.FramesConcealed;
        Source.Read(now, isOpen: true);
        _concealedFor = Source.FramesConcealed > concealed ? _concealedFor + TimeSpan.FromMilliseconds(20) : TimeSpan.Zero;
        if (_concealedFor > LongestConcealment) LongestConcealment = _concealedFor;
        var loud = false;
        foreach (var sample in Source.Frame ?? []) loud |= Math.Abs(sample) > Audible;
        _heard.AddRange(Source.Frame ?? []);
        if (_heard.Count > 96_000) _heard.RemoveRange(0, _heard.Count - 48_000);
        HasHeard |= loud;
        _silentFor = loud ? TimeSpan.Zero : _silentFor + TimeSpan.FromMilliseconds(20);
        if (HasHeard && _silentFor > LongestSilence) LongestSilence = _silentFor;
    }

    /// <summary>Forgets what was heard so far.</summary>
    public void Forget()
    {
        _heard.Clear();
        HasHeard = false;
        LongestSilence = TimeSpan.Zero;
        _silentFor = TimeSpan.Zero;
    }

    /// <summary>How loud a tone is in the last half second, in dBFS of its amplitude (Goertzel, Hann window).</summary>
    public double LevelOf(double frequency)
    {
        var count = Math.Min(_heard.Count, 24_000);
        if (count == 0) return double.NegativeInfinity;
        double re = 0, im = 0;
        for (var i = 0; i < count; i++)
        {
            var window = 1 - Math.Cos(2 * Math.PI * i / count);
            var sample = _heard[_heard.Count - count + i] * window;
            re += sample * Math.Cos(2 * Math.PI * frequency * i / 48_000);
            im += sample * Math.Sin(2 * Math.PI * frequency * i / 48_000);
        }

        return 20 * Math.Log10(2 * Math.Sqrt(re * re + im * im) / count + 1e-9);
    }
}
