using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Parley.Server.Tests.Api;
using Parley.Server.Tests.Records;
using Parley.Server.Tests.Signalling;

namespace Parley.Server.Tests.Observability;

public sealed partial class MetricsApiTests
{
    private const string Token = "a token for Prometheus";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_token_in_the_settings_there_is_nothing()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(server.Http, Token)).StatusCode);
    }

    [Fact]
    public async Task Who_has_the_token_is_told_and_nobody_else()
    {
        await using var server = await TestServer.StartAsync("Parley:Metrics:Token=" + Token);
        await server.CreateAsync();
        foreach (var wrong in new[] { null, "", "a token", Token + "s" })
            Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(server.Http, wrong)).StatusCode);

        var answer = await AskAsync(server.Http, Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.Contains("\nparley_meetings 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nparley_refusals_total{code=\"secretWrong\"} 4\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_nobody_has_used_tells_of_nobody()
    {
        await using var server = await TestServer.StartAsync("Parley:Metrics:Token=" + Token);

        var text = await (await AskAsync(server.Http, Token)).Content.ReadAsStringAsync(Cancellation);

        foreach (var figure in new[] { "parley_meetings", "parley_participants", "parley_joins_total" })
            Assert.Contains($"\n{figure} 0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_metric_of_the_dashboard_exists()
    {
        using var records = new TemporaryRecords();
        using var server = await ServerProcess.StartAsync([.. records.Settings, "Metrics:Token=" + Token]);
        using var http = new HttpClient { BaseAddress = server.Address };
        var text = await (await AskAsync(http, Token)).Content.ReadAsStringAsync(Cancellation);
        var there = TypeLine().Matches(text).Select(match => match.Groups[1].Value).ToHashSet();

        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(OptionsTests.File("deploy", "grafana", "parley.json"), Cancellation));
        var asked = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.TryGetProperty("targets", out var targets) ? targets.EnumerateArray() : [])
            .SelectMany(target => MetricName().Matches(target.GetProperty("expr").GetString()!).Select(match => match.Value)).ToHashSet();
        Assert.True(asked.Count > 15);
        Assert.All(asked, metric => Assert.Contains(metric, there));
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient http, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        return await http.SendAsync(request, Cancellation);
    }

    [GeneratedRegex("^# TYPE ([a-z_]+) ", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex("(?:parley|dotnet)_[a-z_]+")]
    private static partial Regex MetricName();
}
