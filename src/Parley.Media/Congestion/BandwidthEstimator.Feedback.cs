using Parley.Media.Rtcp;

namespace Parley.Media.Congestion;

/// <summary>What feedback tells, packet by packet.</summary>
public sealed partial class BandwidthEstimator
{
    /// <summary>Feedback names at most this many numbers; the rest of an absurd one is not read.</summary>
    private const int MaxStatuses = 2 * SendHistory.MaxCapacity;

    /// <summary>So long after more is sent again what arrives is still an average with the time before.</summary>
    private static readonly TimeSpan AckedLag = TimeSpan.FromSeconds(1);

    /// <summary>Who answers later is not waited for longer.</summary>
    private static readonly TimeSpan MaxRoundTrip = TimeSpan.FromSeconds(2);

    /// <summary>After such a pause groups are not compared with those before it, as in libwebrtc.</summary>
    private static readonly TimeSpan StreamTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Takes the peer's transport-wide feedback.</summary>
    public void OnFeedback(in TransportCcFeedback feedback, TimeSpan now)
    {
        if (!(now - _feedbackAt < StreamTimeout))
        {
            _interArrival.Reset();
        }

        var (received, lost, recovered, statuses) = (0, 0, 0, 0);
        var wasUnderusing = _trendline.Signal == DelaySignal.Underuse;
        TimeSpan? newest = null;
        ProbeResult? probe = null;
        var passed = new Passage();
        var isNews = false;
        foreach (var status in feedback)
        {
            if (++statuses > MaxStatuses)
            {
                break;
            }

            if (!_history.TryFind(status.SequenceNumber, out var index, out var isAhead))
            {
                if (isAhead)
                {
                    break;
                }

                continue;
            }

            ref var packet = ref _history[index];
            if (packet.State == SentPacketState.Received)
            {
                continue;
            }

            // What a fallen path lost of what was sent before says nothing of what is sent since.
            var counts = !(packet.SentAt(now) < _collapsedAt);
            isNews |= status.IsReceived || packet.State == SentPacketState.InFlight;
            if (!status.IsReceived)
            {
                if (packet.State == SentPacketState.InFlight)
                {
                    _collapse.OnLost(packet.Bytes);
                    lost += counts ? 1 : 0;
                }

                packet.State = SentPacketState.Lost;
                continue;
            }

            received += packet.State == SentPacketState.InFlight ? 1 : 0;
            recovered += packet.State == SentPacketState.Lost && counts ? 1 : 0;
            packet.State = SentPacketState.Received;
            newest = packet.SentAt(now);
            var arrival = _clock.Unwrap(status.Arrival);
            passed.Add(packet.Bytes, arrival);
            _collapse.OnReceived(packet.Bytes, newest.Value, arrival);
            probe = OnReceived(packet, newest.Value, arrival, now) ?? probe;
        }

        if (!isNews)
        {
            return;
        }

        _feedbackAt = now;
        _waitingSince = null;
        if (newest is not null)
        {
            Measure(now - newest.Value);
        }

        if (_lossBased.OnPackets(received, lost, recovered, now) && passed.TryGet(out var bitrate))
        {
            _acked.Restart(bitrate);
        }

        if (newest is not null)
        {
            UpdateDelayBased(probe, now);
        }

        if (_collapse.TryFind(Target / 2, out var narrow))
        {
            // However little is sent, and whatever a probe found before.
            _acked.Restart(narrow);
            _delayBased.OnCollapse(narrow, now);
            _collapsedAt = now;
        }

        _lossBased.Update(Target, _delayBased.Estimate, _acked.Bitrate, RoundTrip, now);
        SetTarget(now);
        if (wasUnderusing && _trendline.Signal == DelaySignal.Normal)
        {
            _probes.OnRecovered();
        }
    }

    private ProbeResult? OnReceived(in SentPacket packet, TimeSpan sent, TimeSpan arrival, TimeSpan now)
    {
        _acked.OnReceived(packet.Bytes, arrival);
        if (_interArrival.TryGetDeltas(sent, arrival, now, out var sendDelta, out var arrivalDelta))
        {
            _trendline.Update(sendDelta, arrivalDelta, arrival);
        }

        return packet.Probe == 0 ? null : _probeEstimator.OnReceived(packet.Probe, packet.Bytes, sent, arrival);
    }

    private void Measure(TimeSpan roundTrip)
    {
        roundTrip = roundTrip < MaxRoundTrip ? roundTrip : MaxRoundTrip;
        RoundTrip = RoundTrip == TimeSpan.Zero ? roundTrip : RoundTrip + (roundTrip - RoundTrip) / 8;
        _delayBased.RoundTrip = RoundTrip;
    }

    private void UpdateDelayBased(ProbeResult? probe, TimeSpan now)
    {
        if (IsOverusing || probe is not { } result)
        {
            _delayBased.Update(_trendline.Signal, _acked.Bitrate, IsApplicationLimited || now - _appliedAt < AckedLag, now);
        }
        else if (result.Bitrate > Target)
        {
            _delayBased.OnProbe(result.Bitrate, now);
            _lossBased.OnProbe(result.Bitrate);
            _acked.ExpectFastChange();
        }
        else if (result.IsSaturated && IsApplicationLimited)
        {
            // The path bears less than what we remember. A few packets may err by much: half way.
            _delayBased.SetEstimate((_delayBased.Estimate + Math.Max(result.Bitrate, _acked.Bitrate)) / 2, now);
        }
    }

    /// <summary>What one feedback packet says of the rate at which packets come through.</summary>
    private struct Passage
    {
        /// <summary>Over less time a rate is chance.</summary>
        private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(40);

        private TimeSpan? _first;
        private TimeSpan _last;
        private long _bytes;

        internal void Add(int bytes, TimeSpan arrival)
        {
            // The first packet only begins the time.
            if (_first is null)
            {
                _first = _last = arrival;
                return;
            }

            _bytes += bytes;
            _last = arrival > _last ? arrival : _last;
        }

        internal readonly bool TryGet(out long bitrate)
        {
            bitrate = 0;
            if (_last - _first is not { } span || span < Shortest) return false;
            bitrate = (long)(_bytes * 8 / span.TotalSeconds);
            return true;
        }
    }
}
