namespace Parley.Media.Congestion;

/// <summary>Packets that are sent at a higher rate than the estimate, to measure whether the path bears it.</summary>
/// <param name="Id">Goes with each packet of the probe to <see cref="BandwidthEstimator.OnSending"/>: 1 to 255, again and again.</param>
/// <param name="Bitrate">The rate to send at, in bit/s.</param>
/// <param name="MinPackets">Fewer packets measure nothing.</param>
/// <param name="Duration">How long to send at that rate.</param>
/// <param name="Bytes">
/// The probe is done when both so many bytes and <paramref name="MinPackets"/> have been sent: media first, for the rest padding
/// in packets of about <paramref name="Bytes"/> / <paramref name="MinPackets"/>, so that a slow path is not flooded.
/// </param>
public readonly record struct ProbeCluster(int Id, long Bitrate, int MinPackets, TimeSpan Duration, int Bytes);
