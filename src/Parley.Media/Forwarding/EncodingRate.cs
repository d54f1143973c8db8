using System.Runtime.CompilerServices;

namespace Parley.Media.Forwarding;

/// <summary>
/// What one encoding costs on the wire, by temporal layer: bytes of the last second in steps of 100 ms, so that a keyframe does not
/// pass for the rate. A silence counts for <see cref="LongestGap"/> of that second at most: who halts for a moment does not get cheap
/// by it, and costs what they did before when they go on.
/// </summary>
internal struct EncodingRate
{
    /// <summary>Temporal layers told apart; higher ones count as the highest of these.</summary>
    public const int Temporals = 3;

    private const int Steps = 10;
    private const long StepTicks = TimeSpan.TicksPerMillisecond * 100;

    /// <summary>Pictures of a slow camera or a screen that is still come more often.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromMilliseconds(300);

    private Counts _bytes;
    private Sums _sums;
    private long _step;
    private long _firstStep;

    /// <summary>What of all silences was beyond <see cref="LongestGap"/>, and when the last packet came, in ticks.</summary>
    private long _silent, _last;
    private bool _started;

    /// <summary>Counts a packet.</summary>
    public void Add(int bytes, int temporalId, TimeSpan now)
    {
        if (_started) _silent += Math.Max(0, now.Ticks - _last - LongestGap.Ticks);
        _last = now.Ticks;
        Advance(now);
        var temporal = Math.Min(temporalId, Temporals - 1);
        _bytes[(int)(_step % Steps) * Temporals + temporal] += bytes;
        _sums[temporal] += bytes;
    }

    /// <summary>Bit/s of the layers up to this temporal one, as of the last packet; 0 when nothing has ever come.</summary>
    public readonly long Get(int temporalId)
    {
        if (!_started) return 0;
        var bytes = 0L;
        for (var i = 0; i <= temporalId; i++) bytes += _sums[i];

        // Of what has just begun only so much time is known; the step under way counts half.
        var steps = Math.Min(Steps - 1, _step - _firstStep) + 0.5;
        return (long)(bytes * 8 / (steps * 0.1));
    }

    /// <summary>The highest temporal layer that has had packets in that second.</summary>
    public readonly int HighestTemporal
    {
        get
        {
            for (var i = Temporals - 1; i > 0; i--)
            {
                if (_sums[i] > 0) return i;
            }

            return 0;
        }
    }

    private void Advance(TimeSpan now)
    {
        var step = (now.Ticks - _silent) / StepTicks;
        if (!_started) (_started, _step, _firstStep) = (true, step, step);
        while (_step < step)
        {
            _step++;
            for (var i = 0; i < Temporals; i++)
            {
                ref var old = ref _bytes[(int)(_step % Steps) * Temporals + i];
                _sums[i] -= old;
                old = 0;
            }
        }
    }

    [InlineArray(Steps * Temporals)]
    private struct Counts
    {
        private int _first;
    }

    [InlineArray(Temporals)]
    private struct Sums
    {
        private int _first;
    }
}
