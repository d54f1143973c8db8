using Parley.Media.Rtcp;

namespace Parley.Media.Congestion;

/// <summary>Estimates at the sender what the path to one receiver bears (draft-ietf-rmcat-gcc-02).</summary>
public sealed class BandwidthEstimator(BandwidthOptions options)
{
    /// <summary>What may be sent of everything that carries transport-wide numbers, in bit/s.</summary>
    public long Target => options.Start;

    /// <summary>Whether queues on the path grow, by the last feedback.</summary>
    public bool IsOverusing => throw new NotImplementedException();

    /// <summary>From the last feedback; zero before the first.</summary>
    public TimeSpan RoundTrip => throw new NotImplementedException();

    /// <summary>What could be used were there room, in bit/s: probes go no higher than what is of use.</summary>
    public long Wanted { get; set; }

    /// <summary>When <see cref="HandleTimeout"/> and then <see cref="TryTakeProbe"/> want to be called.</summary>
    public TimeSpan NextDeadline => throw new NotImplementedException();

    /// <summary>Lowers the target while feedback does not come, and finds whether it is time for a probe.</summary>
    public void HandleTimeout(TimeSpan now) => throw new NotImplementedException();

    /// <summary>Counts a packet that is about to be sent and gives its transport-wide number.</summary>
    /// <param name="bytes">On the wire, with UDP and IP.</param>
    /// <param name="kind">What it is sent for.</param>
    /// <param name="probeCluster">Which probe it belongs to; 0 for none.</param>
    /// <param name="now">The present.</param>
    public ushort OnSending(int bytes, SentKind kind, int probeCluster, TimeSpan now) => throw new NotImplementedException();

    /// <summary>Takes the peer's transport-wide feedback.</summary>
    public void OnFeedback(in TransportCcFeedback feedback, TimeSpan now) => throw new NotImplementedException();

    /// <summary>Takes the loss of a receiver report, for a peer that sends no transport-wide feedback.</summary>
    public void OnReceiverReport(byte fractionLost, TimeSpan roundTrip, TimeSpan now) => throw new NotImplementedException();

    /// <summary>Takes what the peer estimates itself, for a peer that sends no transport-wide feedback.</summary>
    public void OnRemb(long bitrate, TimeSpan now) => throw new NotImplementedException();

    /// <summary>Gives a probe when it is time for one. Its packets are sent next, and one probe at a time.</summary>
    public bool TryTakeProbe(TimeSpan now, out ProbeCluster probe) => throw new NotImplementedException();

    /// <summary>ICE nominated another address: what was measured says nothing of the new path.</summary>
    public void OnNewPath(TimeSpan now) => throw new NotImplementedException();
}
