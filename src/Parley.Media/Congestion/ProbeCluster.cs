namespace Parley.Media.Congestion;

/// <summary>Packets that are sent at a higher rate than the estimate, to measure whether the path bears it.</summary>
/// <param name="Id">Goes with each packet of the probe to <see cref="BandwidthEstimator.OnSending"/>; never 0, which is no probe.</param>
/// <param name="Bitrate">The rate to send at, in bit/s.</param>
/// <param name="MinPackets">Fewer packets measure nothing.</param>
/// <param name="Duration">How long to send at that rate.</param>
/// <param name="Bytes">What has been sent when the probe is done: media first, padding for the rest.</param>
public readonly record struct ProbeCluster(int Id, long Bitrate, int MinPackets, TimeSpan Duration, int Bytes);
