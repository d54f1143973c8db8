using System.Diagnostics.Metrics;
using Parley.Media;
using Parley.Server.MediaHost;
using Parley.Sockets;

namespace Parley.Server.Tests.MediaHost;

public sealed class MediaMetricsTests : IDisposable
{
    private readonly MediaWorker[] _workers = [Make(), Make()];

    public void Dispose()
    {
        foreach (var worker in _workers) worker.Dispose();
    }

    [Fact]
    public void What_each_worker_counts_can_be_read_with_its_reason()
    {
        using var metrics = new MediaMetrics(_workers);
        var engine = _workers[1].Engine;
        engine.HandleDatagram([0xFF, 1, 2, 3], default, TimeSpan.Zero);
        engine.HandleDatagram(new byte[] { 0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 1 }, default, TimeSpan.Zero);
        _workers[0].Sent.OnSent(5, 600, calls: 2);
        _workers[0].Sent.OnFailed(SendFailure.TooLong, 3);
        for (var i = 0; i < 99; i++) _workers[0].Delays.Record(TimeSpan.FromMicroseconds(5));
        _workers[0].Delays.Record(TimeSpan.FromMicroseconds(100));
        _workers[0].Delays.Turn(TimeSpan.FromSeconds(10));
        _workers[1].OnLoad(meetings: 1, connections: 7);

        var read = Read(metrics);
        Assert.Equal(2, read["parley.media.datagrams.received 2"]);
        Assert.Equal(0, read["parley.media.datagrams.received 1"]);
        Assert.Equal(17, read["parley.media.bytes.received 2"]);
        Assert.Equal(1, read["parley.media.datagrams.dropped 2 NotOurs"]);
        Assert.Equal(1, read["parley.media.datagrams.dropped 2 UnknownAddress"]);
        Assert.Equal(0, read["parley.media.datagrams.dropped 2 Srtp"]);
        Assert.All(Enum.GetValues<Occurrence>(), kind => Assert.Equal(0, read[$"parley.media.occurrences 1 {kind}"]));
        Assert.Equal((5, 600, 2), (read["parley.media.datagrams.sent 1"], read["parley.media.bytes.sent 1"], read["parley.media.send.calls 1"]));
        Assert.Equal((3, 0), (read["parley.media.send.failed 1 TooLong"], read["parley.media.send.failed 2 TooLong"]));
        Assert.Equal((6, 6, 100), (read["parley.media.delay 1 0.5"], read["parley.media.delay 1 0.99"], read["parley.media.delay 1 1"]));
        Assert.Equal(0, read["parley.media.delay 2 1"]);
        Assert.Equal((1, 7), (read["parley.media.meetings 2"], read["parley.media.connections 2"]));
        Assert.Equal(0, read["parley.media.busy 1"]);
        Assert.Equal(OperatingSystem.IsLinux() ? 1 : 0, read["parley.media.segmenting 1"]);
        Assert.DoesNotContain(read.Keys, name => name.StartsWith("parley.media.tcp", StringComparison.Ordinal));
    }

    private static MediaWorker Make() => new(UdpPort.Open(0), null, new MediaClock(TimeProvider.System), new NoEvents(), _ => { });

    /// <summary>By name and tags.</summary>
    private static Dictionary<string, double> Read(MediaMetrics metrics)
    {
        var read = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter)) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return read;

        void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var name = instrument.Name;
            foreach (var tag in tags) name += FormattableString.Invariant($" {tag.Value}");
            read[name] = value;
        }
    }
}
