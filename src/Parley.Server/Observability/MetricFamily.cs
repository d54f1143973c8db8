using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Parley.Server.Observability;

/// <summary>One instrument as Prometheus sees it: a name, and a value for each set of labels.</summary>
internal sealed class MetricFamily
{
    /// <summary>Sets of labels of one instrument. All of ours are of closed lists; should one not be, the rest is left out.</summary>
    public const int MostSeries = 1000;

    private readonly Lock _lock = new();
    private readonly List<Series> _series = [];
    private readonly string _name;
    private readonly string _type;
    private readonly string _help;
    private readonly bool _adds;

    private MetricFamily(Instrument instrument, bool isCounter, bool adds)
    {
        _name = Name(instrument.Name) + (isCounter ? "_total" : "");
        _type = isCounter ? "counter" : "gauge";
        _help = instrument.Description ?? "";
        _adds = adds;
    }

    /// <returns>Null for a kind of instrument that none of ours is, such as a histogram.</returns>
    public static MetricFamily? Of(Instrument instrument)
    {
        var kind = instrument.GetType().IsGenericType ? instrument.GetType().GetGenericTypeDefinition() : null;
        return kind == typeof(Counter<>) ? new(instrument, isCounter: true, adds: true)
            : kind == typeof(UpDownCounter<>) ? new(instrument, isCounter: false, adds: true)
            : kind == typeof(ObservableCounter<>) ? new(instrument, isCounter: true, adds: false)
            : kind == typeof(ObservableUpDownCounter<>) || kind == typeof(ObservableGauge<>) || kind == typeof(Gauge<>)
                ? new(instrument, isCounter: false, adds: false)
            : null;
    }

    public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_lock)
        {
            foreach (var series in _series)
            {
                if (!series.Has(tags)) continue;
                series.Value = _adds ? series.Value + value : value;
                return;
            }

            if (_series.Count < MostSeries) _series.Add(new Series(tags) { Value = value });
        }
    }

    public void Write(StringBuilder text)
    {
        text.Append("# HELP ").Append(_name).Append(' ').Append(Escape(_help)).Append('\n');
        text.Append("# TYPE ").Append(_name).Append(' ').Append(_type).Append('\n');
        lock (_lock)
        {
            foreach (var series in _series) text.Append(_name).Append(series.Labels).Append(' ').Append(Figure(series.Value)).Append('\n');
        }
    }

    private static string Name(string name) => string.Create(name.Length, name, (written, from) =>
    {
        for (var i = 0; i < from.Length; i++) written[i] = char.IsAsciiLetterOrDigit(from[i]) ? from[i] : '_';
    });

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Figure(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private sealed class Series
    {
        private readonly KeyValuePair<string, object?>[] _tags;

        public Series(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            _tags = tags.ToArray();
            Labels = _tags.Length == 0 ? "" : $"{{{string.Join(',', _tags.Select(Label))}}}";
        }

        public string Labels { get; }

        public double Value { get; set; }

        public bool Has(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Length != _tags.Length) return false;
            for (var i = 0; i < tags.Length; i++)
            {
                if (tags[i].Key != _tags[i].Key || !Equals(tags[i].Value, _tags[i].Value)) return false;
            }

            return true;
        }

        private static string Label(KeyValuePair<string, object?> tag)
        {
            var value = Escape(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "").Replace("\"", "\\\"", StringComparison.Ordinal);
            return $"{Name(tag.Key)}=\"{value}\"";
        }
    }
}
