using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;
using Parley.Protocol;
using Parley.Server.Access;
using Parley.Server.Api;
using Parley.Server.MediaHost;
using Parley.Server.Meetings;
using Parley.Server.Observability;
using Parley.Server.Records;
using Parley.Server.Signalling;
using Parley.Server.TurnHost;
using Parley.Server.Webhooks;

namespace Parley.Server;

/// <summary>Puts the server together; the tests build the same one around their own stores and media.</summary>
public static class ParleyApp
{
    /// <summary>Runs the server until it is told to stop.</summary>
    /// <param name="args">Settings like <c>--Parley:Media:Port=7000</c> (docs/configuration.md).</param>
    /// <param name="ct">Stops the server in an orderly way, in at most some ten seconds after it has drained (Grace:DrainSeconds).</param>
    /// <returns>The exit code: 0 when it has stopped, 2 when it could not start; standard error says why, a line for each reason.</returns>
    public static Task<int> RunAsync(string[] args, CancellationToken ct) => SayingWhyNotAsync(async () =>
    {
        await using var app = Build(args, (builder, options) => builder.Services
            .AddSingleton<IHostLifetime, TokenLifetime>()
            .AddMeetingRecords(options)
            .AddMediaPlane()
            .AddTurn());
        await app.StartAsync(ct);
        await using var stop = ct.Register(() => _ = StopAsync(app));
        await app.WaitForShutdownAsync(CancellationToken.None);
    });

    /// <summary>Makes a new password for the admin and says it on standard output; the server must not run.</summary>
    /// <param name="args">The settings of the server.</param>
    /// <returns>The exit code, as of <see cref="RunAsync"/>.</returns>
    public static Task<int> RenewPasswordAsync(string[] args) => SayingWhyNotAsync(async () =>
    {
        var builder = CreateBuilder(args);
        var options = ParleyOptionsReader.Read(builder.Configuration);
        if (options.Admin.Password.Length > 0) throw new StartException(Refusal.PasswordSet.Message);
        builder.Logging.ClearProviders();
        builder.Services.AddMeetingRecords(options);
        await using var app = builder.Build();
        var records = app.Services.GetRequiredService<MeetingRecords>();
        records.Initialize();
        using var password = new AdminPassword(records, options.Admin);
        await new AdminConsole(Console.Out).SayAsync(await password.RenewAsync());
    });

    private static async Task<int> SayingWhyNotAsync(Func<Task> run)
    {
        try
        {
            await run();
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

    private static async Task StopAsync(WebApplication app)
    {
        try
        {
            await app.Services.GetRequiredService<MeetingDirectory>().DrainAsync();
        }
        finally
        {
            app.Lifetime.StopApplication();
        }
    }

    /// <param name="args">Command-line settings like <c>--Parley:Media:Port=7000</c>.</param>
    /// <param name="addSeams">Registers what meetings need: IMeetingRecords and IMediaPlane.</param>
    /// <exception cref="OptionsValidationException">The configuration is wrong.</exception>
    /// <exception cref="StartException">A port or a file cannot be had.</exception>
    internal static WebApplication Build(string[] args, Action<WebApplicationBuilder, ParleyOptions> addSeams)
    {
        var builder = CreateBuilder(args);
        var options = ParleyOptionsReader.Read(builder.Configuration);
        GiveHome(options.DataFolder);
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
        builder.Services.AddSingleton(new AdminConsole(Console.Out));
        addSeams(builder, options);
        builder.Services.AddMeetings();
        builder.Services.AddSignalling();
        builder.Services.AddAccess();
        builder.Services.AddSingleton<WebhookEndpoints>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<WebhookEndpoints>());
        builder.Services.AddSingleton<IdempotencyKeys>();
        builder.Services.AddChecks();
        builder.Services.AddSingleton<MeterReader>();
        builder.Services.AddLiveView();
        builder.Services.AddApiDescription();
        builder.WebHost.ConfigureKestrel(kestrel => Listening.Configure(kestrel, options, certificate));

        var app = builder.Build();
        Configure(app, options);
        return app;
    }

    private static WebApplicationBuilder CreateBuilder(string[] args) => WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        // Settings lie beside the executable, whatever folder it is started from.
        ContentRootPath = AppContext.BaseDirectory,
    });

    /// <summary>
    /// A service or a container may run as a user whom the system has no entry of. .NET looks into the home of its user for certificates
    /// whenever it builds a chain of them, and throws when there is none.
    /// </summary>
    private static void GiveHome(string folder)
    {
        const string Home = "HOME";
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Home))) Environment.SetEnvironmentVariable(Home, Path.GetFullPath(folder));
    }

    private static void Configure(WebApplication app, ParleyOptions options)
    {
        if (options.Http.TrustedProxies.Count > 0) app.UseForwardedHeaders();
        app.UseSecurityHeaders(options.Embedding);
        app.UseExceptionHandler(errors => errors.Run(Problems.FromException));
        app.UseStatusCodePages(status => Problems.FromStatus(status.HttpContext));
        app.UseResponseCompression();
        app.UseMiddleware<OriginCheck>();
        app.UseWebClient(options);
        app.UseRouting();
        app.UseCors();
        app.UseMiddleware<CallerCheck>();
        app.MapMeetingApi();
        app.MapParticipantApi();
        app.MapRecordApi();
        app.MapFileApi();
        app.MapAdminApi();
        app.MapLiveApi();
        app.MapWebhookApi();
        app.MapCheckApi();
        app.MapApiDescription();
        app.MapHealthApi();
        app.MapMetrics(options);
        app.MapSignalling();
        app.Announce();
    }
}
