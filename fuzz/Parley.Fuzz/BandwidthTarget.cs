using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Parley.Media.Congestion;
using Parley.Media.Rtcp;
using static Parley.Fuzz.Promise;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Each protocol registers its targets without touching a shared file.")]
    internal static void RegisterBandwidth() => All["bandwidth"] = BandwidthTarget.Run;
}

internal static class BandwidthTarget
{
    private const long Min = 30_000;
    private const long Max = 5_000_000;

    /// <summary>
    /// A script for an estimator, by pairs of what and how much: 0 packets sent, 1 time by 4 ms, 2 bytes of RTCP that follow, 3 a
    /// receiver report, 4 another path, 5 what is wanted in 100 kb/s.
    /// </summary>
    internal static void Run(ReadOnlySpan<byte> input)
    {
        var estimator = new BandwidthEstimator(new BandwidthOptions(Min, 300_000, Max));
        var now = TimeSpan.FromSeconds(1);
        estimator.Wanted = Max;
        while (input.Length >= 2)
        {
            var (what, count) = (input[0] % 6, input[1]);
            input = input[2..];
            switch (what)
            {
                case 0:
                    Send(estimator, count, now);
                    break;
                case 1:
                    now += TimeSpan.FromMilliseconds(4 * count);
                    estimator.HandleTimeout(now);
                    Check(estimator.NextDeadline > now);
                    break;
                case 2:
                    var length = Math.Min(count, input.Length);
                    Feed(estimator, input[..length], now);
                    input = input[length..];
                    break;
                case 3:
                    estimator.OnReceiverReport(count, TimeSpan.FromMilliseconds(count), now);
                    break;
                case 4:
                    estimator.OnNewPath(now);
                    break;
                default:
                    estimator.Wanted = 100_000 * count;
                    break;
            }

            Check(estimator.Target is >= Min and <= Max);
            Check(estimator.RoundTrip >= TimeSpan.Zero && estimator.RoundTrip <= TimeSpan.FromSeconds(2));
            Check(estimator.AckedBitrate >= 0);
        }
    }

    private static void Send(BandwidthEstimator estimator, int count, TimeSpan now)
    {
        if (estimator.TryTakeProbe(now, out var probe))
        {
            Check(probe.Id > 0 && probe.Bitrate is > Min and <= 2 * Max && probe.Bytes > 0 && probe.MinPackets > 0);
        }

        for (var i = 0; i < count; i++)
        {
            estimator.OnSending(200 + 5 * i, (SentKind)(i % 3), probe.Id, now + TimeSpan.FromMicroseconds(i));
        }
    }

    private static void Feed(BandwidthEstimator estimator, ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        var reader = new RtcpReader(bytes);
        while (reader.TryRead(out var packet))
        {
            if (TransportCcFeedback.TryParse(packet, out var feedback)) estimator.OnFeedback(feedback, now);
            if (ReceiverEstimatedMaximumBitrate.TryParse(packet, out var remb)) estimator.OnRemb((long)Math.Min(remb.Bitrate, long.MaxValue), now);
        }
    }
}
