using System.Runtime.CompilerServices;

namespace Parley.Media.Congestion;

/// <summary>What a probe found: the lower of the rates it was sent and received at.</summary>
/// <param name="Bitrate">In bit/s.</param>
/// <param name="IsSaturated">It came slower than it was sent: the path bears no more.</param>
internal readonly record struct ProbeResult(long Bitrate, bool IsSaturated);

/// <summary>Measures the last four probes from when their packets were sent and received.</summary>
internal sealed class ProbeEstimator
{
    // As libwebrtc has them.
    private const double MinReceived = 0.8;
    private const double MaxRatio = 2;
    private const double SaturatedBelow = 0.9;
    private const double Utilization = 0.95;
    private static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(1);

    private Clusters _clusters;
    private int _next;

    internal void Start(in ProbeCluster probe)
    {
        _clusters[_next] = new Cluster { Id = (byte)probe.Id, MinPackets = probe.MinPackets, MinBytes = probe.Bytes };
        _next = (_next + 1) % Clusters.Count;
    }

    /// <summary>Takes a packet of a probe; null while it gives no valid result.</summary>
    internal ProbeResult? OnReceived(byte id, int bytes, TimeSpan sent, TimeSpan arrival)
    {
        for (var i = 0; i < Clusters.Count; i++)
        {
            ref var cluster = ref _clusters[i];
            if (cluster.MinPackets > 0 && cluster.Id == id)
            {
                cluster.Add(bytes, sent, arrival);
                return Measure(cluster);
            }
        }

        return null;
    }

    internal void Clear() => _clusters = default;

    private static ProbeResult? Measure(in Cluster cluster)
    {
        var sending = cluster.LastSent - cluster.FirstSent;
        var receiving = cluster.LastArrival - cluster.FirstArrival;
        if (cluster.Packets < cluster.MinPackets * MinReceived || cluster.Bytes < cluster.MinBytes * MinReceived
            || sending <= TimeSpan.Zero || sending > MaxInterval || receiving <= TimeSpan.Zero || receiving > MaxInterval)
        {
            return null;
        }

        // An interval ends when the last packet was begun to send, and begins when the first had been received.
        var sendRate = (cluster.Bytes - cluster.LastSentBytes) * 8 / sending.TotalSeconds;
        var receiveRate = (cluster.Bytes - cluster.FirstArrivalBytes) * 8 / receiving.TotalSeconds;
        if (receiveRate > MaxRatio * sendRate)
        {
            return null;
        }

        return receiveRate < SaturatedBelow * sendRate
            ? new ProbeResult((long)(Utilization * receiveRate), true)
            : new ProbeResult((long)Math.Min(sendRate, receiveRate), false);
    }

    private struct Cluster
    {
        internal byte Id;
        internal int MinPackets;
        internal int MinBytes;
        internal int Packets;
        internal int Bytes;
        internal int LastSentBytes;
        internal int FirstArrivalBytes;
        internal TimeSpan FirstSent;
        internal TimeSpan LastSent;
        internal TimeSpan FirstArrival;
        internal TimeSpan LastArrival;

        internal void Add(int bytes, TimeSpan sent, TimeSpan arrival)
        {
            if (Packets == 0 || sent < FirstSent)
            {
                FirstSent = sent;
            }

            if (Packets == 0 || sent > LastSent)
            {
                (LastSent, LastSentBytes) = (sent, bytes);
            }

            if (Packets == 0 || arrival < FirstArrival)
            {
                (FirstArrival, FirstArrivalBytes) = (arrival, bytes);
            }

            LastArrival = Packets == 0 || arrival > LastArrival ? arrival : LastArrival;
            Packets++;
            Bytes += bytes;
        }
    }

    [InlineArray(Count)]
    private struct Clusters
    {
        internal const int Count = 4;
        private Cluster _first;
    }
}
