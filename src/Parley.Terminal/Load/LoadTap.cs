using Parley.Client.Media;
using Parley.Client.Rtc;
using Parley.Media.Rtp;

namespace Parley.Terminal.Load;

/// <summary>
/// Counts the packets of one generated connection, of video by m-line; reads their clocks if it decrypts, and tells how late sound is. Loop
/// thread only.
/// </summary>
/// <param name="loop">Whose thread it is.</param>
/// <param name="place">To whom the packets come.</param>
/// <param name="onVideo">Called with each of video.</param>
/// <param name="onAudio">Called with each of sound.</param>
internal sealed class LoadTap(LoadLoop loop, LoadPlace place, Action onVideo, Action onAudio) : IRtpTap
{
    private readonly Dictionary<string, int> _lines = [];
    private SequenceTracker[] _trackers = [];
    private LatenessTracker _lateness;
    private long _audioReceived;

    /// <summary>What the connection has counted, and this.</summary>
    public LoadTotals TotalsOf(RtcConnection connection)
    {
        var peer = connection.Peer;
        var counters = peer.Counters;
        long received = 0, expected = 0, reordered = 0;
        foreach (ref readonly var line in _trackers.AsSpan())
        {
            received += line.Received;
            expected += line.Expected;
            reordered += line.Reordered;
        }

        return new LoadTotals
        {
            PacketsReceived = counters.PacketsReceived,
            BytesReceived = counters.BytesReceived,
            PacketsSent = counters.PacketsSent,
            BytesSent = counters.BytesSent,
            VideoSent = SentBy(peer),
            VideoReceived = received,
            VideoExpected = expected,
            VideoReordered = reordered,
            Duplicates = counters.Replayed,
            AudioReceived = _audioReceived,
            AudioLost = peer.Heard?.PacketsLost ?? 0,
            Unusable = counters.Dropped - counters.Replayed,
            SendErrors = connection.SendErrors,
        };
    }

    private static long SentBy(RtcPeer peer)
    {
        var sent = 0L;
        foreach (var camera in peer.Cameras) sent += camera.Stream.PacketCount;
        return sent;
    }

    void IRtpTap.OnVideoPacket(string mid, in RtpPacket packet, long index, TimeSpan now)
    {
        if (!_lines.TryGetValue(mid, out var line))
        {
            _lines.Add(mid, line = _trackers.Length);
            Array.Resize(ref _trackers, line + 1);
        }

        _trackers[line].OnPacket(index);
        onVideo();
        if (place.Decrypts && FrameClock.TryRead(packet.Payload, out var clock)) loop.OnFrame(place, clock, now);
    }

    void IRtpTap.OnAudioPacket(in RtpPacket packet, TimeSpan now)
    {
        _audioReceived++;
        onAudio();
        loop.OnSound(_lateness.OnPacket(packet.Timestamp, now));
    }
}
