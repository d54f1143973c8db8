using Parley.Media.Congestion;
using Parley.Media.Rtcp;

namespace Parley.Media.Tests.Congestion;

/// <summary>
/// A sender with everything of congestion control, a receiver that gives feedback as ours does, and two links between them,
/// in virtual time by milliseconds.
/// </summary>
internal sealed class ClosedLoop
{
    private const int Packet = 1200;
    private const int Overhead = 50;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    private readonly PriorityQueue<ushort, TimeSpan> _arriving = new();
    private readonly PriorityQueue<byte[], TimeSpan> _feedback = new();
    private readonly TransportCcRecorder _recorder = new();
    private readonly Queue<(int Bytes, TimeSpan Since)> _queue = new();
    private readonly Pacer _pacer;
    private long _queued;
    private double _frameDue;
    private ProbeCluster? _probe;
    private TimeSpan _probeStarted;
    private int _probeSent;
    private int _probePackets;

    public ClosedLoop(long capacity, int seed = 1, BandwidthOptions? options = null)
    {
        Estimator = new BandwidthEstimator(options ?? new BandwidthOptions(30_000, 300_000, 30_000_000));
        _pacer = new Pacer(Estimator.Target * 5 / 2);
        Down = new BottleneckLink(capacity, seed);
        Up = new BottleneckLink(10_000_000, seed + 1);
    }

    public BandwidthEstimator Estimator { get; }

    public BottleneckLink Down { get; }

    public BottleneckLink Up { get; }

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(10);

    /// <summary>What the application sends at a target, in bit/s; at most what it is told by default.</summary>
    public Func<long, long> Media { get; set; } = target => target * 9 / 10;

    public List<ProbeCluster> Probes { get; } = [];

    public long MediaBytes { get; private set; }

    public long PaddingBytes { get; private set; }

    public TimeSpan LongestWait { get; private set; }

    public bool GivesFeedback { get; set; } = true;

    public void Run(double seconds, Action? eachStep = null)
    {
        for (var end = Now + TimeSpan.FromSeconds(seconds); Now < end; Now += Step)
        {
            MakeFrame();
            SendMedia();
            SendProbe();
            Receive();
            if (Now >= Estimator.NextDeadline)
            {
                Estimator.HandleTimeout(Now);
                TakeProbe();
            }

            eachStep?.Invoke();
        }
    }

    private void MakeFrame()
    {
        _frameDue += 30 * Step.TotalSeconds;
        if (_frameDue < 1)
        {
            return;
        }

        _frameDue--;
        for (var left = (int)(Media(Estimator.Target) / 8 / 30); left > 0; left -= Packet)
        {
            var bytes = Math.Min(left, Packet) + Overhead;
            _queue.Enqueue((bytes, Now));
            _queued += bytes;
        }
    }

    private void SendMedia()
    {
        _pacer.SetQueue(_queued, _queue.TryPeek(out var oldest) ? oldest.Since : Now, Now);
        while (_queue.Count > 0 && _pacer.CanSend(Now))
        {
            SendNext(0);
        }
    }

    private int SendNext(int cluster)
    {
        var (bytes, since) = _queue.Dequeue();
        _queued -= bytes;
        LongestWait = Now - since > LongestWait ? Now - since : LongestWait;
        MediaBytes += bytes;
        Send(bytes, SentKind.Media, cluster);
        return bytes;
    }

    private void SendProbe()
    {
        while (_probe is { } probe && _probeSent * 8.0 / probe.Bitrate <= (Now - _probeStarted).TotalSeconds)
        {
            var bytes = Math.Clamp(probe.Bytes / probe.MinPackets, 250, Packet) + Overhead;
            if (_queue.Count > 0)
            {
                bytes = SendNext(probe.Id);
            }
            else
            {
                PaddingBytes += bytes;
                Send(bytes, SentKind.Padding, probe.Id);
            }

            _probeSent += bytes;
            if (++_probePackets >= probe.MinPackets && _probeSent >= probe.Bytes)
            {
                _probe = null;
                TakeProbe();
            }
        }
    }

    private void Send(int bytes, SentKind kind, int cluster)
    {
        var number = Estimator.OnSending(bytes, kind, cluster, Now);
        _pacer.OnSent(bytes, Now);
        if (Down.Send(bytes, Now) is { } arrival)
        {
            _arriving.Enqueue(number, arrival);
        }
    }

    private void Receive()
    {
        var buffer = new byte[1200];
        while (_arriving.TryPeek(out var number, out var at) && at <= Now)
        {
            _arriving.Dequeue();
            // Its clock is another one.
            _recorder.OnPacket(number, at + TimeSpan.FromHours(3));
        }

        while (_recorder.TryBuildFeedback(Now + TimeSpan.FromHours(3), 1, 2, buffer, out var length))
        {
            if (GivesFeedback && Up.Send(length + Overhead, Now) is { } arrival)
            {
                _feedback.Enqueue(buffer[..length], arrival);
            }
        }

        while (_feedback.TryPeek(out _, out var at) && at <= Now)
        {
            var reader = new RtcpReader(_feedback.Dequeue());
            Assert.True(reader.TryRead(out var packet));
            Assert.True(TransportCcFeedback.TryParse(packet, out var feedback));
            Estimator.OnFeedback(feedback, Now);
            _pacer.SetRate(Estimator.Target * 5 / 2, Now);
            TakeProbe();
        }
    }

    private void TakeProbe()
    {
        if (_probe is null && Estimator.TryTakeProbe(Now, out var probe))
        {
            Probes.Add(probe);
            (_probe, _probeStarted, _probeSent, _probePackets) = (probe, Now, 0, 0);
        }
    }
}
