namespace Parley.Media.Mixing;

/// <summary>
/// How much longer than its jitter asks a path's packets are held while some are lost: what was lost is in the next packet's FEC (RFC 6716 §2.1.7),
/// which comes a packet's length later.
/// </summary>
internal sealed class FecReserve
{
    /// <summary>A loss is remembered for some 256 packets: 5 s.</summary>
    private const float Forget = 1f / 256;

    /// <summary>From two losses in 5 s, until none for 5 to 15 s.</summary>
    private const float On = 0.007f;
    private const float Off = 0.002f;

    /// <summary>For so many packets FEC is expected after the last that had it: pauses have none.</summary>
    private const int FecLasts = 500;

    private static readonly TimeSpan MaxTime = TimeSpan.FromMilliseconds(60);

    private float _loss;
    private int _sinceFec = FecLasts;
    private bool _isLossy;
    private TimeSpan _length;

    /// <summary>How much longer.</summary>
    public TimeSpan Time => _isLossy && _sinceFec < FecLasts ? _length : TimeSpan.Zero;

    /// <summary>Takes a packet into account that came in time.</summary>
    public void OnPacket(in OpusPacket packet)
    {
        _loss -= _loss * Forget;
        _isLossy &= _loss >= Off;
        _sinceFec = packet.HasFec ? 0 : Math.Min(_sinceFec + 1, FecLasts);
        if (packet.HasFec) _length = TimeSpan.FromTicks(Math.Min(AudioFormat.Ticks(packet.Samples), MaxTime.Ticks));
    }

    /// <summary>Takes one into account that was counted as lost and came late: that says something of the jitter, not of loss.</summary>
    public void OnLate()
    {
        _loss = Math.Max(0, _loss - Forget);
        _isLossy &= _loss >= Off;
    }

    /// <summary>Takes some into account that did not.</summary>
    public void OnLost(long packets)
    {
        // A standstill is one event, whatever it cost.
        if (packets > 0) _loss += Math.Min(packets, 5) * Forget;
        _isLossy |= _loss >= On;
    }
}
