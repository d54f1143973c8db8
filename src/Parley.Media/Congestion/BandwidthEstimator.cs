namespace Parley.Media.Congestion;

/// <summary>
/// Estimates at the sender what the path to one receiver bears (draft-ietf-rmcat-gcc-02), from its transport-wide feedback, or
/// from its receiver reports and REMB when it sends none. See docs/congestion.md. Whatever a peer reports, the estimate
/// stays within the options' bounds.
/// </summary>
public sealed partial class BandwidthEstimator
{
    private const int ProbePackets = 5;

    /// <summary>Browsers send feedback each 50 to 250 ms, and receiver reports each second or, for audio alone, each five.</summary>
    private static readonly TimeSpan FeedbackTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReportTimeout = TimeSpan.FromSeconds(6);

    /// <summary>A probe that is due and must not be sent yet is asked for again after this.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>What waits on a path that has become narrow needs about so long to pass.</summary>
    private static readonly TimeSpan Drains = TimeSpan.FromMilliseconds(500);

    private readonly BandwidthOptions _options;
    private readonly SendHistory _history = new();
    private readonly InterArrival _interArrival = new();
    private TrendlineEstimator _trendline = new();
    private AckedBitrateEstimator _acked = new();
    private AimdRateControl _delayBased;
    private LossController _lossBased;
    private ReceiverReportControl _reports;
    private ApplicationLimitedDetector _application = new();
    private readonly ProbeEstimator _probeEstimator = new();
    private ProbeController _probes;
    private ArrivalClock _clock;
    private CollapseDetector _collapse;
    private TimeSpan? _collapsedAt;
    private int _lastProbeId;
    private TimeSpan? _feedbackAt;
    private TimeSpan? _waitingSince;
    private TimeSpan? _appliedAt;
    private TimeSpan _checkAt;

    /// <summary>Begins at the start bitrate.</summary>
    public BandwidthEstimator(BandwidthOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Min, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Start, options.Min, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Max, options.Start, nameof(options));
        _options = options;
        (_delayBased, _lossBased, _reports, _probes) = Controls(options.Start);
        Target = options.Start;
        _application.SetEstimate(Target);
    }

    /// <summary>What may be sent of everything that carries transport-wide numbers, in bit/s.</summary>
    public long Target { get; private set; }

    /// <summary>Whether queues on the path grow, by the last feedback.</summary>
    public bool IsOverusing => _trendline.Signal == DelaySignal.Overuse;

    /// <summary>Whether the path became many times narrower so lately that its queue is full of what was sent before.</summary>
    public bool HasCollapsed(TimeSpan now) => now - _collapsedAt < Drains;

    /// <summary>Whether far less is sent than <see cref="Target"/>, so that it can only grow by probes.</summary>
    public bool IsApplicationLimited => _application.IsApplicationLimited;

    /// <summary>What arrives, in bit/s; zero while that is not known.</summary>
    public long AckedBitrate => _acked.Bitrate;

    /// <summary>From feedback, smoothed; with the time the receiver waited before it wrote. Zero before the first.</summary>
    public TimeSpan RoundTrip { get; private set; }

    /// <summary>What could be used were there room, in bit/s: probes go no higher than what is of use. Zero: no probes.</summary>
    public long Wanted { get; set; }

    /// <summary>When <see cref="HandleTimeout"/> and then <see cref="TryTakeProbe"/> want to be called; MaxValue for never.</summary>
    public TimeSpan NextDeadline
    {
        get
        {
            var probe = _feedbackAt is null ? TimeSpan.MaxValue : _probes.NextDeadline(Target, Useful);
            probe = probe < _checkAt ? _checkAt : probe;
            var feedback = _waitingSince + Timeout ?? TimeSpan.MaxValue;
            return probe < feedback ? probe : feedback;
        }
    }

    private long Useful => Math.Min(Wanted, _options.Max);

    private TimeSpan Timeout =>
        _feedbackAt is null ? ReportTimeout : 3 * RoundTrip > FeedbackTimeout ? 3 * RoundTrip : FeedbackTimeout;

    /// <summary>Halves the target while packets are sent and nothing is heard of them.</summary>
    public void HandleTimeout(TimeSpan now)
    {
        _application.OnSent(0, now);
        _checkAt = now + CheckInterval;
        if (now - _waitingSince >= Timeout)
        {
            _waitingSince = now;
            _delayBased.SetEstimate(Target / 2, now);
            _reports.SetEstimate(Target / 2);
            SetTarget(now);
        }
    }

    /// <summary>Asks for the memory that <see cref="OnSending"/> will need: first what it has, then the place of the next packet.</summary>
    internal void Prefetch(int step)
    {
        if (step == 0)
        {
            CacheLines.Prefetch(_history, 1);
            CacheLines.Prefetch(_application, 1);
            CacheLines.Prefetch(_reports, 2);
        }
        else
        {
            _history.Prefetch();
        }
    }

    /// <summary>Counts a packet that is about to be sent and gives its transport-wide number.</summary>
    /// <param name="bytes">On the wire, with UDP and IP.</param>
    /// <param name="kind">What it is sent for.</param>
    /// <param name="probeCluster">Which probe it belongs to; 0 for none.</param>
    /// <param name="now">The present.</param>
    public ushort OnSending(int bytes, SentKind kind, int probeCluster, TimeSpan now)
    {
        var wasApplicationLimited = IsApplicationLimited;
        _application.OnSent(kind == SentKind.Padding ? 0 : bytes, now);
        if (wasApplicationLimited && !IsApplicationLimited)
        {
            _acked.ExpectFastChange();
            _appliedAt = now;
        }

        _reports.OnSent(bytes);
        _waitingSince ??= now;
        return _history.Add(bytes, probeCluster, now);
    }

    /// <summary>Takes the loss of a receiver report; of use only for a peer that sends no transport-wide feedback.</summary>
    public void OnReceiverReport(byte fractionLost, TimeSpan roundTrip, TimeSpan now)
    {
        if (_feedbackAt is null)
        {
            _waitingSince = null;
            RoundTrip = roundTrip > TimeSpan.Zero ? roundTrip : RoundTrip;
            _reports.OnReceiverReport(fractionLost, RoundTrip, now);
            SetTarget(now);
        }
    }

    /// <summary>Takes what the peer estimates itself; of use only for a peer that sends no transport-wide feedback.</summary>
    public void OnRemb(long bitrate, TimeSpan now)
    {
        if (_feedbackAt is null)
        {
            _waitingSince = null;
            _reports.OnRemb(bitrate, now);
            SetTarget(now);
        }
    }

    /// <summary>
    /// Gives a probe when it is time for one; ask after feedback and at <see cref="NextDeadline"/>. Send its packets next, at its
    /// rate, media first. None before the first feedback: there is no use in one for a peer that sends none.
    /// </summary>
    public bool TryTakeProbe(TimeSpan now, out ProbeCluster probe)
    {
        probe = default;
        // What was overused long ago is empty by now: with nothing sent no feedback would ever say so. A collapsed path has no room to find,
        // only a keyframe that is to end the freeze.
        if (_feedbackAt is null || (IsOverusing && now - _feedbackAt < StreamTimeout) || _lossBased.IsSettling(now) || HasCollapsed(now)
            || !_probes.TryTake(now, Target, Useful, IsApplicationLimited, out var bitrate))
        {
            return false;
        }

        _lastProbeId = _lastProbeId % byte.MaxValue + 1;
        var bytes = (int)(bitrate / 8 * _probes.Duration.TotalSeconds);
        probe = new ProbeCluster(_lastProbeId, bitrate, ProbePackets, _probes.Duration, bytes);
        _probeEstimator.Start(probe);
        return true;
    }

    /// <summary>ICE nominated another address: what was measured says nothing of the new path.</summary>
    public void OnNewPath(TimeSpan now)
    {
        var start = Math.Min(Target, _options.Start);
        (_delayBased, _lossBased, _reports, _probes) = Controls(start);
        _history.Forget();
        _interArrival.Reset();
        _probeEstimator.Clear();
        _trendline = new TrendlineEstimator();
        _acked = new AckedBitrateEstimator();
        _application = new ApplicationLimitedDetector();
        _collapse = default;
        _collapsedAt = null;
        _waitingSince = null;
        _appliedAt = null;
        RoundTrip = TimeSpan.Zero;
        SetTarget(now);
    }

    private (AimdRateControl Delay, LossController Loss, ReceiverReportControl Reports, ProbeController Probes) Controls(long start) =>
        (new(_options.Min, start, _options.Max), new(_options.Min), new(_options.Min, start, _options.Max), new(start));

    private void SetTarget(TimeSpan now)
    {
        var target = _feedbackAt is null ? _reports.Estimate : Math.Min(_delayBased.Estimate, _lossBased.Limit);
        Target = Math.Clamp(target, _options.Min, _options.Max);
        _application.SetEstimate(Target);
        _probes.OnEstimate(Target, now);
    }
}
