using System.Diagnostics.Metrics;
using Parley.Media;
using Parley.Media.Session;
using Parley.Server.MediaHost;

namespace Parley.Server.Tests.MediaHost;

public sealed class MediaMetricsTests
{
    [Fact]
    public void What_the_engine_counts_can_be_read_with_its_reason()
    {
        var engine = new MediaEngine(new DirectBatch(new NoSink()), RandomSource.Seeded(1), new NoEvents(), DateTimeOffset.UnixEpoch);
        using var metrics = new MediaMetrics(engine.Counters, () => 5, null);
        engine.HandleDatagram([0xFF, 1, 2, 3], default, TimeSpan.Zero);
        engine.HandleDatagram(new byte[] { 0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 1 }, default, TimeSpan.Zero);

        var read = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter)) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            read[instrument.Name + (tags.Length > 0 ? "/" + tags[0].Value : "")] = value);
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.Equal(2, read["parley.media.datagrams.received"]);
        Assert.Equal(17, read["parley.media.bytes.received"]);
        Assert.Equal(1, read["parley.media.datagrams.dropped/NotOurs"]);
        Assert.Equal(1, read["parley.media.datagrams.dropped/UnknownAddress"]);
        Assert.Equal(0, read["parley.media.datagrams.dropped/Srtp"]);
        Assert.Equal(5, read["parley.media.send_errors"]);
    }

    private sealed class NoSink : IDatagramSink
    {
        public void Send(TransportAddress to, ReadOnlySpan<byte> datagram) => Assert.Fail("Nobody is to be answered.");
    }
}
