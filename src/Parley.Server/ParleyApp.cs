using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;
using Parley.Protocol;
using Parley.Server.Api;
using Parley.Server.MediaHost;
using Parley.Server.Meetings;
using Parley.Server.Records;
using Parley.Server.Signalling;
using Parley.Server.TurnHost;

namespace Parley.Server;

/// <summary>Puts the server together; the tests build the same one around their own stores and media.</summary>
public static class ParleyApp
{
    /// <summary>Runs the server until it is told to stop, by <paramref name="ct"/> or by SIGINT or SIGTERM.</summary>
    /// <param name="args">Settings like <c>--Parley:Media:Port=7000</c> (docs/configuration.md).</param>
    /// <param name="ct">Stops the server in an orderly way, in at most some ten seconds.</param>
    /// <returns>The exit code: 0 when it has stopped, 2 when it could not start; standard error says why, a line for each reason.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken ct)
    {
        try
        {
            await using var app = Build(args, (builder, options) => builder.Services
                .AddMeetingRecords(options.DataFolder)
                .AddMediaPlane()
                .AddTurn());
            await app.StartAsync(ct);
            await app.WaitForShutdownAsync(ct);
            return 0;
        }
        catch (OptionsValidationException e)
        {
            foreach (var failure in e.Failures) await Console.Error.WriteLineAsync(failure);
            return 2;
        }
        catch (Exception e) when (e is StartException or RecordsUnavailableException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }

    /// <param name="args">Command-line settings like <c>--Parley:Media:Port=7000</c>.</param>
    /// <param name="addSeams">Registers what meetings need: IMeetingRecords and IMediaPlane.</param>
    /// <exception cref="OptionsValidationException">The configuration is wrong.</exception>
    /// <exception cref="StartException">A port or a file cannot be had.</exception>
    internal static WebApplication Build(string[] args, Action<WebApplicationBuilder, ParleyOptions> addSeams)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            // Settings lie beside the executable, whatever folder it is started from.
            ContentRootPath = AppContext.BaseDirectory,
        });
        var options = ParleyOptionsReader.Read(builder.Configuration);
        Listening.CheckPorts(options.Http);
        var certificate = options.Http.Https ? ServerCertificate.Load(options, TimeProvider.System) : null;

        // What keeps the host from starting reaches whoever started it as one line; the host would log its stack as well.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(Options.Create(options));
        builder.Services.ConfigureHttpJsonOptions(json => ProtocolJson.Configure(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(routing => routing.ThrowOnBadRequest = false);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded => Listening.TrustProxies(forwarded, options.Http));
        builder.Services.AddResponseCompression(compression =>
        {
            // Files only. An answer that holds a secret beside what a stranger typed must not be compressed (BREACH).
            compression.EnableForHttps = true;
            compression.MimeTypes =
            [
                "text/html", "text/css", "text/javascript", "image/svg+xml", "application/manifest+json", "application/wasm",
            ];
        });
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. options.AllowedOrigins.Select(origin => origin.TrimEnd('/'))])
            .AllowAnyHeader()
            .AllowAnyMethod()
            .AllowCredentials()));
        // The seams first: records are open before meetings are read from them, and close after.
        addSeams(builder, options);
        builder.Services.AddMeetings();
        builder.Services.AddSignalling();
        builder.Services.AddChecks();
        builder.WebHost.ConfigureKestrel(kestrel => Listening.Configure(kestrel, options, certificate));

        var app = builder.Build();
        Configure(app, options);
        return app;
    }

    private static void Configure(WebApplication app, ParleyOptions options)
    {
        if (options.Http.TrustedProxies.Count > 0) app.UseForwardedHeaders();
        app.UseSecurityHeaders();
        app.UseExceptionHandler(errors => errors.Run(Problems.FromException));
        app.UseStatusCodePages(status => Problems.FromStatus(status.HttpContext));
        app.UseResponseCompression();
        app.UseMiddleware<OriginCheck>();
        app.UseWebClient(options);
        app.UseRouting();
        app.UseCors();
        app.MapMeetingApi();
        app.MapCheckApi();
        app.MapHealthApi();
        app.MapSignalling();
        app.Announce();
    }
}
