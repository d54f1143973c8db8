using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Parley.Server.Observability;

namespace Parley.Server.Tests.Observability;

public sealed class MeterReaderTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterReader _reader;
    private readonly Meter _meter;

    public MeterReaderTests()
    {
        _reader = new MeterReader(Factory);
        _meter = Factory.Create("Parley.Test");
    }

    private IMeterFactory Factory => _services.GetRequiredService<IMeterFactory>();

    public void Dispose()
    {
        _reader.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Counters_add_up_by_their_labels()
    {
        var counter = _meter.CreateCounter<long>("parley.test.refusals", description: "Two\nlines \\ and a slash");
        counter.Add(1, new KeyValuePair<string, object?>("code", "a"));
        counter.Add(2, new KeyValuePair<string, object?>("code", "a"));
        counter.Add(5, new KeyValuePair<string, object?>("code", "\"quoted\"\n\\"));

        Assert.Equal(
            """
            # HELP parley_test_refusals_total Two\nlines \\ and a slash
            # TYPE parley_test_refusals_total counter
            parley_test_refusals_total{code="a"} 3
            parley_test_refusals_total{code="\"quoted\"\n\\"} 5

            """,
            Read("parley_test_"));
    }

    [Fact]
    public void What_goes_up_and_down_is_a_gauge_and_what_is_asked_for_is_asked_anew()
    {
        var open = _meter.CreateUpDownCounter<int>("parley.test.open");
        open.Add(3);
        open.Add(-1);
        var busy = 0.25;
        _meter.CreateObservableGauge("parley.test.busy", () => new Measurement<double>(busy, new KeyValuePair<string, object?>("worker", 1)));
        Assert.Contains("parley_test_open 2\n", Read("parley_test_"), StringComparison.Ordinal);
        Assert.Contains("parley_test_busy{worker=\"1\"} 0.25\n", Read("parley_test_"), StringComparison.Ordinal);

        busy = double.PositiveInfinity;

        Assert.Contains("parley_test_busy{worker=\"1\"} +Inf\n", Read("parley_test_"), StringComparison.Ordinal);
    }

    [Fact]
    public void Meters_of_others_and_those_that_are_gone_are_not_told()
    {
        using var others = new ServiceCollection().AddMetrics().BuildServiceProvider();
        others.GetRequiredService<IMeterFactory>().Create("Parley.Test").CreateCounter<int>("parley.test.of_another_server").Add(1);
        using var foreign = new Meter("Foreign");
        foreign.CreateCounter<int>("parley.test.foreign").Add(1);
        using (var gone = new Meter("Parley.Gone"))
        {
            gone.CreateCounter<int>("parley.test.gone").Add(1);
            Assert.Contains("parley_test_gone_total 1", Read("parley_test_"), StringComparison.Ordinal);
        }

        Assert.Empty(Read("parley_test_"));
    }

    [Fact]
    public void Labels_without_end_are_cut_off()
    {
        var counter = _meter.CreateCounter<long>("parley.test.many");
        for (var i = 0; i < MetricFamily.MostSeries + 10; i++) counter.Add(1, new KeyValuePair<string, object?>("n", i));

        Assert.Equal(MetricFamily.MostSeries + 2, Read("parley_test_").Count(c => c == '\n'));
    }

    [Fact]
    public void The_runtime_is_told_too() => Assert.Contains("dotnet_process_cpu_time_total", Read("dotnet_"), StringComparison.Ordinal);

    private string Read(string prefix) => string.Concat(_reader.Read().Split('\n')
        .Where(line => line.Contains(' ' + prefix, StringComparison.Ordinal) || line.StartsWith(prefix, StringComparison.Ordinal))
        .Select(line => line + '\n'));
}
