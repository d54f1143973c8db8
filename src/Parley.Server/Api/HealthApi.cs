using Parley.Server.Meetings;
using Parley.Server.Records;

namespace Parley.Server.Api;

/// <summary>What a supervisor or a load balancer asks.</summary>
internal static class HealthApi
{
    public static void MapHealthApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Text("alive"));
        routes.MapGet("/health/ready", async (IMeetingDirectory directory, RecordsHealth records) =>
            !directory.IsReady ? NotReady("not ready: starting or stopping")
            : !await records.CanWriteAsync() ? NotReady("not ready: the records cannot be written")
            : Results.Text("ready"));
    }

    private static IResult NotReady(string why) => Results.Text(why, statusCode: StatusCodes.Status503ServiceUnavailable);
}
