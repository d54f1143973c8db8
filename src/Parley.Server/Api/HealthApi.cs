using Parley.Server.Meetings;

namespace Parley.Server.Api;

/// <summary>What a supervisor or a load balancer asks.</summary>
internal static class HealthApi
{
    public static void MapHealthApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Text("alive"));
        routes.MapGet("/health/ready", (IMeetingDirectory directory) =>
            directory.IsReady ? Results.Text("ready") : Results.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable));
    }
}
