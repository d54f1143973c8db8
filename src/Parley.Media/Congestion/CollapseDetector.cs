using System.Runtime.CompilerServices;

namespace Parley.Media.Congestion;

/// <summary>
/// Sees in a few packets that the path has become many times narrower: one after the other came later, by about as much each. The trend
/// needs 20 groups for that, and loss shows only when the queue has passed; until then a live picture stands still.
/// </summary>
internal struct CollapseDetector
{
    private const int MaxPackets = 16;

    /// <summary>What arrives within so many milliseconds came together.</summary>
    private const double Group = 5;

    /// <summary>Less delay than this, in milliseconds, comes and goes.</summary>
    private const double MinDelay = 30;

    /// <summary>So many times the usual jitter is added to it: even jitter is a third of its range, and so never suffices.</summary>
    private const double Jitters = 2;

    /// <summary>As RFC 3550 §6.4.1 smooths jitter.</summary>
    private const double JitterGain = 1 / 16.0;

    /// <summary>
    /// What was lost counts as delay, too, for a full queue grows no more: as long as what came meanwhile at most, or one step would be all of
    /// it. But so much of the delay must have been seen, for a radio loses as well.
    /// </summary>
    private const double MinSeen = 0.5;

    /// <summary>Of all the delay, what came at once at most: more is a radio that stopped for a moment.</summary>
    private const double MaxStep = 0.65;

    private Window _packets;
    private int _count;
    private int _lost;
    private double _jitter;

    /// <summary>Takes the next packet that arrived, in order of numbers.</summary>
    /// <param name="bytes">On the wire.</param>
    /// <param name="sent">When it left.</param>
    /// <param name="arrival">When it came, by the peer's clock.</param>
    internal void OnReceived(int bytes, TimeSpan sent, TimeSpan arrival)
    {
        if (_count > 0)
        {
            var before = _packets[(_count - 1) % MaxPackets];
            _jitter += JitterGain * (Math.Abs((arrival - before.Arrival - (sent - before.Sent)).TotalMilliseconds) - _jitter);
        }

        _packets[_count % MaxPackets] = new Packet(bytes, _lost, sent, arrival);
        _count = _count < 2 * MaxPackets ? _count + 1 : MaxPackets + 1;
        _lost = 0;
    }

    /// <summary>Takes a packet that did not arrive.</summary>
    internal void OnLost(int bytes) => _lost += bytes;

    /// <summary>Whether the last packets came through at less than this rate, as they do from behind a growing or full queue.</summary>
    /// <param name="below">In bit/s.</param>
    /// <param name="bitrate">What came through; only when it is so.</param>
    internal readonly bool TryFind(long below, out long bitrate)
    {
        bitrate = long.MaxValue;
        if (_count == 0)
        {
            return false;
        }

        var last = _packets[(_count - 1) % MaxPackets];
        var (later, bytes, lost) = (last, 0, 0);
        var fastest = 0L;
        var (seen, delay, step) = (0.0, 0.0, 0.0);
        var needed = MinDelay + Jitters * _jitter;
        for (var number = 1; number < Math.Min(_count, MaxPackets); number++)
        {
            var next = _packets[(_count - number) % MaxPackets];
            var packet = _packets[(_count - number - 1) % MaxPackets];
            (bytes, lost) = (bytes + next.Bytes, lost + next.Lost);
            var arriving = (later.Arrival - packet.Arrival).TotalMilliseconds;
            if (arriving is >= 0 and < Group)
            {
                continue;
            }

            // Back to where they still came fast.
            var rate = (long)(bytes * 8_000 / arriving);
            var growth = arriving - (later.Sent - packet.Sent).TotalMilliseconds;
            var owed = growth + arriving * Math.Min(1, (double)lost / bytes);
            if (arriving < 0 || rate >= below || owed < -Group)
            {
                return false;
            }

            // Where the path had something to do all the time it shows what it bears: as it is now, not as it was when the first of them came.
            var isBusy = growth >= arriving / 2;
            fastest = Math.Max(fastest, rate);
            bitrate = isBusy && rate < bitrate ? rate : bitrate;
            (later, bytes, lost) = (packet, 0, 0);
            (seen, delay, step) = (seen + growth, delay + owed, Math.Max(step, owed));

            // They took twice as long to arrive as to be sent.
            if (delay >= needed && seen >= MinSeen * needed && step <= MaxStep * delay && delay > (last.Sent - packet.Sent).TotalMilliseconds)
            {
                bitrate = Math.Min(bitrate, fastest);
                return true;
            }
        }

        return false;
    }

    private readonly record struct Packet(int Bytes, int Lost, TimeSpan Sent, TimeSpan Arrival);

    [InlineArray(MaxPackets)]
    private struct Window
    {
        private Packet _first;
    }
}
