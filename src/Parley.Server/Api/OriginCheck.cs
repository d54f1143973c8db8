using Parley.Server.Meetings;
using Parley.Server.Signalling;

namespace Parley.Server.Api;

/// <summary>
/// Pages of other sites may not use the hub or change anything: a browser says which page asks, and only our own and the
/// configured ones are served. Programs send no Origin and are not concerned.
/// </summary>
internal sealed class OriginCheck(RequestDelegate next, ParleyOptions options)
{
    private readonly HashSet<string> _allowed =
        new(options.AllowedOrigins.Select(origin => origin.TrimEnd('/')), StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        return origin.Length == 0 || !IsGuarded(context.Request) || _allowed.Contains(origin) || IsOwn(origin, context.Request.Host)
            ? next(context)
            : Problems.WriteAsync(context, Refusal.OriginForbidden);
    }

    private static bool IsGuarded(HttpRequest request) =>
        request.Path.StartsWithSegments(MeetingHub.Path)
        || (request.Path.StartsWithSegments("/api")
            && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method));

    /// <summary>
    /// The same host and port. The scheme is not compared: behind a proxy that ends TLS ours is http and the page's https.
    /// </summary>
    public static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && page.Scheme is "http" or "https"
        && string.Equals(page.Host, host.Host, StringComparison.OrdinalIgnoreCase)
        && page.Port == (host.Port ?? (page.Scheme == "https" ? 443 : 80));
}
