using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Parley.Server.Api;
using Parley.Server.Tests.Signalling;

namespace Parley.Server.Tests.Api;

public sealed class ApiDescriptionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_call_there_is_is_described_and_no_other()
    {
        await using var server = await TestServer.StartAsync();
        var mapped = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal) && endpoint.RoutePattern.RawText != ApiDescription.Path)
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(method => (method, endpoint.RoutePattern.RawText!.TrimEnd('/'))))
            .Order();
        Assert.Equal(mapped, ApiCalls.All.Order());

        using var document = await ReadAsync(server);
        var described = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Where(call => call.Name != "parameters").Select(call => (call.Name.ToUpperInvariant(), path.Name)));
        Assert.Equal(mapped, described.Order());
    }

    [Fact]
    public async Task Each_call_says_what_it_is_for_what_it_answers_and_what_it_refuses()
    {
        await using var server = await TestServer.StartAsync();
        using var document = await ReadAsync(server);
        var names = new HashSet<string>();
        foreach (var (path, method, call) in Calls(document))
        {
            Assert.True(names.Add(call.GetProperty("operationId").GetString()!), $"{method} {path}");
            Assert.NotEmpty(call.GetProperty("summary").GetString()!);
            Assert.Equal(1, call.GetProperty("tags").GetArrayLength());
            var answers = call.GetProperty("responses");
            Assert.Contains(answers.EnumerateObject(), answer => answer.Name.StartsWith('2'));
            Assert.Contains("rateLimited", answers.GetProperty("429").GetProperty("description").GetString(), StringComparison.Ordinal);
            foreach (var answer in answers.EnumerateObject().Where(answer => answer.Name.StartsWith('2') && answer.Value.TryGetProperty("content", out _)))
                Assert.All(answer.Value.GetProperty("content").EnumerateObject(), content => Assert.True(content.Value.TryGetProperty("schema", out _)));
        }

        var cancel = document.RootElement.GetProperty("paths").GetProperty("/api/meetings/{id}").GetProperty("delete");
        Assert.Equal(["secret", "key", "session"], cancel.GetProperty("security").EnumerateArray().Select(way => way.EnumerateObject().Single().Name));
        Assert.Equal("meetings:write", cancel.GetProperty("security")[1].GetProperty("key")[0].GetString());
        Assert.Equal("secretWrong", cancel.GetProperty("responses").GetProperty("403").GetProperty("description").GetString());
    }

    /// <summary>A document that the answers do not follow is worse than none.</summary>
    [Fact]
    public async Task Answers_are_of_the_forms_that_it_gives()
    {
        await using var server = await TestServer.StartAsync();
        using var document = await ReadAsync(server);
        var meeting = await server.CreateAsync();
        await using var ada = await TestClient.ConnectAsync(server);
        await ada.JoinAsync(meeting.Id, "Ada");
        await ada.SayAsync("hello");
        foreach (var (path, template) in new (string Path, string Template)[]
        {
            ("/api/limits", "/api/limits"),
            ("/api/meetings", "/api/meetings"),
            ($"/api/meetings/{meeting.Id}", "/api/meetings/{id}"),
            ($"/api/meetings/{meeting.Id}/path", "/api/meetings/{id}/path"),
            ($"/api/meetings/{meeting.Id}/record", "/api/meetings/{id}/record"),
            ("/api/records", "/api/records"),
        })
        {
            using var answer = JsonDocument.Parse(await server.Http.GetStringAsync(path, Cancellation));
            var schema = document.RootElement.GetProperty("paths").GetProperty(template).GetProperty("get")
                .GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema");
            AssertForm(document, schema, answer.RootElement, path);
        }
    }

    private static void AssertForm(JsonDocument document, JsonElement schema, JsonElement value, string where)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            AssertForm(document, document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]), value, where);
            return;
        }

        if (value.ValueKind == JsonValueKind.Null) return;
        if (schema.TryGetProperty("oneOf", out var alternatives))
        {
            AssertForm(document, alternatives.EnumerateArray().Last(), value, where);
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    Assert.True(schema.GetProperty("properties").TryGetProperty(property.Name, out var known), $"{where}.{property.Name} is not described");
                    AssertForm(document, known, property.Value, $"{where}.{property.Name}");
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray()) AssertForm(document, schema.GetProperty("items"), item, where + "[]");
                break;
            case JsonValueKind.String when DateTimeOffset.TryParse(value.GetString(), out _) && value.GetString()!.EndsWith('Z'):
                Assert.Equal("date-time", schema.GetProperty("format").GetString());
                break;
            case JsonValueKind.String when schema.TryGetProperty("enum", out var names):
                Assert.Contains(names.EnumerateArray(), name => name.GetString() == value.GetString());
                break;
            case JsonValueKind.String:
                Assert.Contains("string", schema.GetProperty("type").ToString(), StringComparison.Ordinal);
                break;
            case JsonValueKind.Number:
                Assert.Matches("integer|number", schema.GetProperty("type").ToString());
                break;
        }
    }

    private static IEnumerable<(string Path, string Method, JsonElement Call)> Calls(JsonDocument document) =>
        document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(call => (path.Name, call.Name, call.Value)));

    private static async Task<JsonDocument> ReadAsync(TestServer server) => JsonDocument.Parse(await server.Http.GetStringAsync(ApiDescription.Path, Cancellation));
}
