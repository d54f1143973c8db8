using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Parley.Protocol;
using Parley.Server.Tests.Signalling;

namespace Parley.Server.Tests.Access;

/// <summary>The REST calls as a program makes them: with a secret, a key or nothing.</summary>
internal static class ApiCaller
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<HttpResponseMessage> CallAsync(
        this TestServer server, HttpMethod method, string path, string? bearer = null, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null) request.Content = JsonContent.Create(body, body.GetType(), options: ProtocolJson.Options);
        return await server.Http.SendAsync(request, Cancellation);
    }

    public static async Task<T> AskAsync<T>(this TestServer server, HttpMethod method, string path, string? bearer = null, object? body = null)
    {
        var response = await server.CallAsync(method, path, bearer, body);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {response.StatusCode} {await response.Content.ReadAsStringAsync(Cancellation)}");
        return await response.ReadAsync<T>();
    }

    public static async Task<T> ReadAsync<T>(this HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<T>(ProtocolJson.Options, Cancellation))!;

    public static async Task RefusedAsync(this Task<HttpResponseMessage> answer, HttpStatusCode status, string code)
    {
        var response = await answer;
        Assert.Equal((status, code), (response.StatusCode, (await response.ReadAsync<JsonElement>()).GetProperty("code").GetString()));
    }

    /// <summary>Signs in, and returns the cookie as a header.</summary>
    public static async Task<(string Name, string Value)> SignInAsync(this TestServer server, string password = TestServer.AdminPassword)
    {
        var response = await server.CallAsync(HttpMethod.Post, "/api/admin/session", body: new SignIn(password));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return ("Cookie", response.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
    }

    /// <summary>As a page of the server's own sends it.</summary>
    public static (string Name, string Value) OwnOrigin(this TestServer server) => ("Origin", server.Address.GetLeftPart(UriPartial.Authority));

    /// <summary>A key, as the admin gives it.</summary>
    public static Task<ApiKeyCreated> KeyAsync(this TestServer server, params string[] scopes) => server.KeyAsync(TestServer.AdminPassword, scopes);

    public static async Task<ApiKeyCreated> KeyAsync(this TestServer server, string password, string[] scopes)
    {
        var cookie = await server.SignInAsync(password);
        var response = await server.CallAsync(HttpMethod.Post, "/api/admin/keys", null, new CreateApiKey("A program", scopes), cookie, server.OwnOrigin());
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return await response.ReadAsync<ApiKeyCreated>();
    }
}
