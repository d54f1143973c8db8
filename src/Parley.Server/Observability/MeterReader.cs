using System.Diagnostics.Metrics;
using System.Text;

namespace Parley.Server.Observability;

/// <summary>
/// Reads the meters of this server and of the runtime, as the text that Prometheus asks for. Written here because the exporter of
/// OpenTelemetry has no release yet, and the format is small.
/// </summary>
internal sealed class MeterReader : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly IMeterFactory _factory;

    /// <param name="factory">Whose meters are this server's; of one process several may be tested at once.</param>
    public MeterReader(IMeterFactory factory)
    {
        _factory = factory;
        _listener.InstrumentPublished = Publish;
        _listener.MeasurementsCompleted = (instrument, family) => Forget(instrument, family as MetricFamily);
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => ((MetricFamily)family!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => ((MetricFamily)family!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => ((MetricFamily)family!).Measure(value, tags));
        _listener.Start();
    }

    public string Read()
    {
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (AggregateException)
        {
            // One that is being stopped has no figure any more; the others have been read.
        }

        var text = new StringBuilder();
        lock (_lock)
        {
            foreach (var family in _families.Values) family.Write(text);
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Publish(Instrument instrument, MeterListener listener)
    {
        var meter = instrument.Meter;
        var isOurs = meter.Name is "Parley" || meter.Name.StartsWith("Parley.", StringComparison.Ordinal) || meter.Name == "System.Runtime";
        if (!isOurs || (meter.Scope is not null && !ReferenceEquals(meter.Scope, _factory)) || MetricFamily.Of(instrument) is not { } family) return;
        lock (_lock) _families[instrument.Name] = family;
        listener.EnableMeasurementEvents(instrument, family);
    }

    private void Forget(Instrument instrument, MetricFamily? family)
    {
        lock (_lock)
        {
            if (_families.GetValueOrDefault(instrument.Name) == family) _families.Remove(instrument.Name);
        }
    }
}
