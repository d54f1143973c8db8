using Microsoft.AspNetCore.Http.HttpResults;
using Parley.Protocol;
using Parley.Server.Access;
using Parley.Server.Meetings;
using Parley.Server.Signalling;

namespace Parley.Server.Api;

/// <summary>Signing in as the admin, and the keys of programs (protocol.md §3).</summary>
internal static class AdminApi
{
    public static void MapAdminApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/admin");
        api.MapPost("/session", SignInAsync);
        api.MapGet("/session", (HttpContext http, AdminSessions sessions) =>
            TypedResults.Ok(new SignedIn(SessionOf(http, sessions)?.EndsAt))).NeedsScope(Scopes.Admin);
        api.MapDelete("/session", SignOut);
        api.MapPut("/password", ChangePasswordAsync).NeedsScope(Scopes.Admin);
        api.MapGet("/keys", (ApiKeys keys) => TypedResults.Ok(keys.List())).NeedsScope(Scopes.Admin);
        api.MapPost("/keys", CreateKeyAsync).NeedsScope(Scopes.Admin);
        api.MapDelete("/keys/{keyId}", RevokeKeyAsync).NeedsScope(Scopes.Admin);
    }

    private static async Task<Results<Ok<SignedIn>, ProblemHttpResult>> SignInAsync(
        SignIn? body, HttpContext http, AdminPassword password, AdminSessions sessions, ServerRates rates, ParleyMetrics metrics)
    {
        if (await WhyWrongAsync(body?.Password, http, password, rates) is { } why) return MeetingApi.Refuse(metrics, why);
        var secret = sessions.Begin(out var session);
        http.Response.Cookies.Append(AdminSessions.Cookie, secret, CookieFor(http, session.EndsAt));
        return TypedResults.Ok(new SignedIn(session.EndsAt));
    }

    private static NoContent SignOut(HttpContext http, AdminSessions sessions)
    {
        if (SessionOf(http, sessions) is { } session) sessions.End(session);
        http.Response.Cookies.Delete(AdminSessions.Cookie, CookieFor(http, null));
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangePasswordAsync(
        ChangePassword? body, HttpContext http, AdminPassword password, AdminSessions sessions, ServerRates rates, ParleyMetrics metrics, ILogger<AdminPassword> logger)
    {
        if (password.IsSet) return MeetingApi.Refuse(metrics, Refusal.PasswordSet);
        if (body?.Password is not { Length: >= AdminPassword.Shortest and <= AdminPassword.Longest } wanted)
            return MeetingApi.Refuse(metrics, Refusal.PasswordInvalid(AdminPassword.Shortest, AdminPassword.Longest));
        if (await WhyWrongAsync(body.Current, http, password, rates) is { } why) return MeetingApi.Refuse(metrics, why);
        await password.ChangeAsync(wanted);
        sessions.EndOthers(SessionOf(http, sessions));
        var by = http.Caller()!.Id;
        Access.Log.PasswordChanged(logger, by);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Created<ApiKeyCreated>, ProblemHttpResult>> CreateKeyAsync(
        CreateApiKey? body, ApiKeys keys, ParleyOptions options, TimeProvider time, ParleyMetrics metrics)
    {
        if (Text.Line(body?.Name, options.Limits.NameLength) is not { } name) return MeetingApi.Refuse(metrics, Refusal.NameInvalid(options.Limits.NameLength));
        if (ScopeNames.Join(body!.Scopes) is not { } scopes) return MeetingApi.Refuse(metrics, Refusal.RequestInvalid($"A key needs scopes, of {ScopeNames.All}."));
        if (body.ExpiresAt <= time.GetUtcNow()) return MeetingApi.Refuse(metrics, Refusal.RequestInvalid("The end of a key lies in the future."));
        var reply = await keys.CreateAsync(name, scopes, body.ExpiresAt);
        return reply.Value is { } created
            ? TypedResults.Created($"/api/admin/keys/{created.ApiKey.Id}", created)
            : MeetingApi.Refuse(metrics, reply.Error!);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeKeyAsync(string keyId, ApiKeys keys, ParleyMetrics metrics) =>
        await keys.RevokeAsync(keyId) ? TypedResults.NoContent() : MeetingApi.Refuse(metrics, Refusal.KeyUnknown);

    /// <summary>A right password is not counted.</summary>
    private static async Task<ProtocolError?> WhyWrongAsync(string? presented, HttpContext http, AdminPassword password, ServerRates rates)
    {
        var guesses = rates.SignIns.For(http.Connection.RemoteIpAddress);
        if (!guesses.TryTake(out var wait)) return Refusal.RateLimited("passwords from your address", wait);
        if (!await password.MatchesAsync(presented, http.RequestAborted)) return Refusal.PasswordWrong;
        guesses.GiveBack();
        return null;
    }

    private static AdminSession? SessionOf(HttpContext http, AdminSessions sessions) => sessions.Find(http.Request.Cookies[AdminSessions.Cookie]);

    /// <summary>Secure where the page came over HTTPS: on plain HTTP a browser would throw it away.</summary>
    private static CookieOptions CookieFor(HttpContext http, DateTimeOffset? endsAt) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = http.Request.IsHttps,
        Path = "/api",
        Expires = endsAt,
        IsEssential = true,
    };
}
