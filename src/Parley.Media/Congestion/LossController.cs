namespace Parley.Media.Congestion;

/// <summary>
/// The loss-based bound (draft-ietf-rmcat-gcc-02 §6): above 10 % loss the rate falls, below 2 % it rises. What the draft
/// does not have: loss that stays the same when much less is sent is the path's own, as on bad radio, and counts no longer.
/// </summary>
internal sealed class LossController(long min)
{
    // §6.
    private const double High = 0.1;
    private const double Low = 0.02;
    private const double Increase = 1.08;

    /// <summary>Between 2 % and 10 % the draft holds. We rise by little, or a bound from a bad moment would stay for ever.</summary>
    private const double SlowIncrease = 1.01;

    /// <summary>More than this is congestion, whatever else.</summary>
    private const double MaxInherent = 0.25;

    /// <summary>When most of what was sent last is lost the path has become another: what was before says nothing of it.</summary>
    private const double Collapse = 0.5;

    private const double TrialRate = 0.75;
    private const double TrialLoss = 0.7;
    private const int MinPackets = 20;
    private const int SurePackets = 50;
    private const int MaxPackets = 300;
    private static readonly TimeSpan DecreaseInterval = TimeSpan.FromMilliseconds(300);

    private double _expected;
    private double _lost;
    private double _inherent;
    private double _trialRate;
    private double _trialLoss;
    private TimeSpan _settledAt;
    private TimeSpan _updatedAt;

    /// <summary>In bit/s; MaxValue while loss bounds nothing.</summary>
    internal long Limit { get; private set; } = long.MaxValue;

    /// <summary>Whether the rate was lowered so lately that its effect is not known yet.</summary>
    internal bool IsSettling(TimeSpan now) => now < _settledAt;

    /// <summary>
    /// Counts what feedback told anew. A packet that comes after it was counted as lost is one received, and one less lost.
    /// </summary>
    /// <returns>Whether the path has just become much narrower than what is sent.</returns>
    internal bool OnPackets(int received, int lost, int recovered, TimeSpan now)
    {
        // What was sent before the rate was lowered says nothing of the lower rate.
        if (now < _settledAt)
        {
            return false;
        }

        var collapses = received + lost >= MinPackets && lost > Collapse * (received + lost);
        if (collapses)
        {
            _expected = _lost = 0;
        }

        if (_expected > MaxPackets)
        {
            _expected /= 2;
            _lost /= 2;
        }

        _expected += received + lost;
        _lost = Math.Max(_lost + lost - recovered, 0);
        return collapses;
    }

    /// <summary>A probe came through: so much there is.</summary>
    internal void OnProbe(long bitrate) => Limit = Limit == long.MaxValue ? Limit : Math.Max(Limit, bitrate);

    internal void Update(long target, long delayBased, long acked, TimeSpan roundTrip, TimeSpan now)
    {
        var elapsed = Math.Clamp((now - _updatedAt).TotalSeconds, 0, 1);
        _updatedAt = now;
        if (_expected < MinPackets)
        {
            return;
        }

        var loss = _lost / _expected;
        var isSure = _expected >= SurePackets;
        if (_expected >= MaxPackets / 2 && loss < _inherent)
        {
            _inherent = loss;
        }

        if (isSure && _trialRate > 0 && target <= TrialRate * _trialRate)
        {
            EndTrial(loss);
        }

        var excess = loss - _inherent;
        if (excess > High && (isSure || loss > MaxInherent))
        {
            Lower(target, loss, acked, now + DecreaseInterval + roundTrip);
        }
        else if (Limit < long.MaxValue && excess <= High)
        {
            Limit = (long)(Limit * Math.Pow(excess <= Low ? Increase : SlowIncrease, elapsed)) + 1;
            Limit = Limit > delayBased ? long.MaxValue : Limit;
        }
    }

    private void Lower(long target, double loss, long acked, TimeSpan settledAt)
    {
        if (_trialRate == 0)
        {
            (_trialRate, _trialLoss) = (target, loss);
        }

        // A queue that was full from the first does not grow, and so is no overuse: then what arrives is what the path
        // bears, and a little less empties the queue.
        var lowered = (long)(target * (1 - loss / 2));
        Limit = Math.Max(loss > MaxInherent && acked > 0 ? Math.Min(lowered, (long)(acked * AimdRateControl.Decrease)) : lowered, min);
        _settledAt = settledAt;
        _expected = _lost = 0;
    }

    /// <summary>Much less is sent than when the loss began: did it help?</summary>
    private void EndTrial(double loss)
    {
        if (loss >= TrialLoss * _trialLoss && loss <= MaxInherent)
        {
            _inherent = loss;
            Limit = Math.Max((long)_trialRate, Limit);
        }

        _trialRate = 0;
    }
}
