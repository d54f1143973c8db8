using Parley.Server.Api;
using Parley.Server.Meetings;
using Parley.Server.Signalling;

namespace Parley.Server.Access;

/// <summary>
/// Finds out who asks over REST: by an API key in Authorization, or by the cookie of an admin session. A wrong key is refused at once; any other
/// secret is for the call itself to judge.
/// </summary>
internal sealed class CallerCheck(RequestDelegate next, ApiKeys keys, AdminSessions sessions, ServerRates rates, ParleyMetrics metrics)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (!http.Request.Path.StartsWithSegments("/api")) return next(http);
        return MeetingApi.SecretOf(http.Request) is { } secret && ApiKeys.IsKey(secret) ? ByKey(http, secret) : BySession(http);
    }

    private Task ByKey(HttpContext http, string secret)
    {
        var guesses = rates.SignIns.For(http.Connection.RemoteIpAddress);
        if (keys.Find(secret) is { } caller)
        {
            http.Features.Set(caller);
            return next(http);
        }

        var why = guesses.TryTake(out var wait) ? Refusal.KeyWrong : Refusal.RateLimited("wrong keys from your address", wait);
        metrics.Refused(why.Code);
        return Problems.WriteAsync(http, why);
    }

    /// <summary>
    /// A browser sends the cookie whoever made it ask. It is sent from pages of this site only (SameSite), but another port is the same site: so
    /// a session counts for our own origin alone, and to change something the browser has to say that it is that.
    /// </summary>
    private Task BySession(HttpContext http)
    {
        if (sessions.Find(http.Request.Cookies[AdminSessions.Cookie]) is not { } session) return next(http);
        var origin = http.Request.Headers.Origin.ToString();
        var isSafe = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        if (origin.Length == 0 ? isSafe : OriginCheck.IsOwn(origin, http.Request.Host))
        {
            http.Features.Set(session.Caller);
            return next(http);
        }

        if (isSafe) return next(http);
        metrics.Refused(Refusal.OriginForbidden.Code);
        return Problems.WriteAsync(http, Refusal.OriginForbidden);
    }
}
