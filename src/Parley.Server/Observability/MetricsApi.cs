using Parley.Server.Api;
using Parley.Server.Meetings;
using Parley.Server.Signalling;

namespace Parley.Server.Observability;

/// <summary>
/// <c>/metrics</c> for Prometheus, for who has the token. Without a token in the settings there is nothing at that address: behind a proxy on
/// the same machine everybody comes from loopback, so no address is trusted.
/// </summary>
internal static class MetricsApi
{
    public static void MapMetrics(this IEndpointRouteBuilder routes, ParleyOptions options)
    {
        if (options.Metrics.Token.Length == 0) return;
        var hash = Secret.Hash(options.Metrics.Token);

        // Made now: what is added to a count before somebody listens is lost to it.
        var reader = routes.ServiceProvider.GetRequiredService<MeterReader>();
        routes.MapGet("/metrics", (HttpContext http, ServerRates rates, ParleyMetrics metrics) =>
        {
            if (!rates.Reads.For(http.Connection.RemoteIpAddress).TryTake(out var wait))
                return MeetingApi.Refuse(metrics, Refusal.RateLimited("look-ups", wait));
            return Secret.Matches(MeetingApi.SecretOf(http.Request), hash)
                ? Results.Text(reader.Read(), MeterReader.ContentType)
                : MeetingApi.Refuse(metrics, Refusal.TokenWrong);
        });
    }
}
