using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace Parley.Server.Api;

/// <summary>The built web client: its files, and its one page for each of its addresses.</summary>
internal static class WebClient
{
    private const string NotBuilt =
        """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>Parley</title>
        <h1>Parley is running, but its web client is not built</h1>
        <p>Build it with <code>npm ci &amp;&amp; npm run build</code> in the folder <code>web</code>, or start Parley with
        <code>--Parley:WebRoot=FOLDER</code> where FOLDER holds its <code>index.html</code>. The API and the hub work without it.</p></html>
        """;

    private static readonly string[] Pages = ["/", "/m/{id}", "/history", "/history/{id}", "/check", "/developers", "/admin/{**rest}"];

    /// <summary>Of the folder that the configuration names, or of <c>wwwroot</c> beside the executable.</summary>
    public static string FolderOf(ParleyOptions options) =>
        Path.GetFullPath(options.WebRoot.Length > 0 ? options.WebRoot : Path.Combine(AppContext.BaseDirectory, "wwwroot"));

    public static void UseWebClient(this WebApplication app, ParleyOptions options)
    {
        var folder = FolderOf(options);
        if (Directory.Exists(folder))
        {
            app.UseStaticFiles(new StaticFileOptions
            {
                FileProvider = new PhysicalFileProvider(folder),
                ContentTypeProvider = ContentTypes(),
                OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = CacheControl(file.Context.Request.Path),
            });
        }

        var index = Path.Combine(folder, "index.html");
        foreach (var page in Pages) app.MapGet(page, context => WritePageAsync(context, index));
    }

    /// <summary>Files under /assets carry a hash of their content in their name; everything else may change.</summary>
    private static string CacheControl(PathString path) =>
        path.StartsWithSegments("/assets") ? "public, max-age=31536000, immutable" : "no-cache";

    private static Task WritePageAsync(HttpContext context, string index)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        return File.Exists(index)
            ? context.Response.SendFileAsync(index, context.RequestAborted)
            : context.Response.WriteAsync(NotBuilt, context.RequestAborted);
    }

    private static FileExtensionContentTypeProvider ContentTypes() =>
        new()
        {
            Mappings =
            {
                [".webmanifest"] = "application/manifest+json",
                [".mjs"] = "text/javascript",
                // The model of the background's blur; of unknown endings nothing is served.
                [".tflite"] = "application/octet-stream",
                [".binarypb"] = "application/octet-stream",
            },
        };
}
