namespace Parley.Server.Api;

/// <summary>What browsers are told not to do with our pages.</summary>
internal static class SecurityHeaders
{
    // 'wasm-unsafe-eval' lets a page compile WebAssembly (the noise suppression), and no script from text. It is for every page, as the policy
    // of the first one that is opened stays while the client goes from one to the next.
    private const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ws: wss:; img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors ";

    private const string PermissionsPolicy =
        "camera=(self), microphone=(self), display-capture=(self), autoplay=(self), fullscreen=(self), geolocation=()";

    public static void UseSecurityHeaders(this IApplicationBuilder app, EmbeddingOptions embedding)
    {
        // A meeting may be shown in frames of these sites. Nothing else may be: somebody could be led to click on the admin's page unseen.
        var ofMeetings = ContentSecurityPolicy + (embedding.Origins.Count == 0
            ? "'none'"
            : string.Join(' ', embedding.Origins.Select(origin => origin.TrimEnd('/')).Prepend("'self'")));
        app.Use((context, next) =>
        {
            // As late as can be: the handler of errors clears what was set before.
            context.Response.OnStarting(() =>
            {
                var path = context.Request.Path;
                Set(context.Response.Headers, path, path.StartsWithSegments("/m") ? ofMeetings : ContentSecurityPolicy + "'none'");
                return Task.CompletedTask;
            });
            return next(context);
        });
    }

    private static void Set(IHeaderDictionary headers, PathString path, string contentSecurityPolicy)
    {
        // That of a file somebody sent is stricter.
        if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = contentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        // Not "no-referrer": that would make the Origin of some same-origin requests "null".
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = PermissionsPolicy;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (path.StartsWithSegments("/api")) headers.CacheControl = "no-store";
    }
}
