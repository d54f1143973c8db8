using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using Parley.Server.MediaHost;

namespace Parley.Server.Tests.MediaHost;

public sealed class MixerMetricsTests
{
    [Fact]
    public void How_late_each_thread_began_its_ticks_can_be_read()
    {
        var clock = new MediaClock(new FakeTimeProvider());
        using var first = new MixerThread(1, null, clock, _ => { });
        using var second = new MixerThread(2, null, clock, _ => { });
        using var metrics = new MixerMetrics([first, second]);
        for (var i = 0; i < 99; i++) second.Lateness.Record(TimeSpan.FromMicroseconds(5));
        second.Lateness.Record(TimeSpan.FromMicroseconds(100));
        second.Lateness.Turn(TimeSpan.FromSeconds(10));

        var read = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter)) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => read[Name(instrument, tags)] = value);
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => read[Name(instrument, tags)] = value);
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.Equal((6, 6, 100), (read["parley.mixer.lateness 2 0.5"], read["parley.mixer.lateness 2 0.99"], read["parley.mixer.lateness 2 1"]));
        Assert.Equal(0, read["parley.mixer.lateness 1 1"]);
        Assert.Equal((0, 0, 0), (read["parley.mixer.load 1"], read["parley.mixer.shortages 1"], read["parley.mixer.ticks.skipped 2"]));
    }

    private static string Name(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name;
        foreach (var tag in tags) name += string.Create(System.Globalization.CultureInfo.InvariantCulture, $" {tag.Value}");
        return name;
    }
}
