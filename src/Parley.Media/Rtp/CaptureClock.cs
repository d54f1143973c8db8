using Parley.Media.Rtcp;

namespace Parley.Media.Rtp;

/// <summary>
/// When what a stream carries was captured, by its sender's clock: its sender reports tie RTP timestamps to it (RFC 3550 §6.4.1). A report
/// is some milliseconds off, by when its sender got to write it, so one moves the tie only by a part. A mutable struct.
/// </summary>
/// <param name="clockRate">RTP timestamp units per second.</param>
internal struct CaptureClock(int clockRate)
{
    /// <summary>A report that differs by more than this tells of another clock, not of this one.</summary>
    private static readonly TimeSpan Jump = TimeSpan.FromMilliseconds(200);

    /// <summary>The share of a report's difference that is believed: of five reports in five seconds, half.</summary>
    private const int Share = 8;

    private readonly int _clockRate = clockRate;
    private TimeSpan _captured;
    private uint _timestamp;

    /// <summary>Whether a report has come.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Takes what a report says.</summary>
    /// <param name="captured">Its time, by the sender's clock since any origin.</param>
    /// <param name="timestamp">The RTP timestamp of that time.</param>
    public void OnReport(TimeSpan captured, uint timestamp)
    {
        var difference = IsKnown ? captured - CapturedAt(timestamp) : TimeSpan.MaxValue;
        (_captured, _timestamp) = (difference.Duration() < Jump ? captured - difference + difference / Share : captured, timestamp);
        IsKnown = true;
    }

    /// <summary>When what has this timestamp was captured.</summary>
    public readonly TimeSpan CapturedAt(uint timestamp) =>
        _captured + new TimeSpan((int)(timestamp - _timestamp) * TimeSpan.TicksPerSecond / _clockRate);

    /// <summary>The timestamp of what was captured then.</summary>
    public readonly uint TimestampAt(TimeSpan captured) =>
        _timestamp + unchecked((uint)(long)((Int128)(captured - _captured).Ticks * _clockRate / TimeSpan.TicksPerSecond));
}
