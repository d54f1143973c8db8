using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Parley.Protocol;
using Parley.Server.Meetings;
using Parley.Server.Signalling;

namespace Parley.Server.Api;

/// <summary>The self-test of protocol.md §3: which ways to this server are open, without a meeting.</summary>
internal static class CheckApi
{
    private static readonly TimeSpan CredentialLifetime = TimeSpan.FromMinutes(5);

    public static IServiceCollection AddChecks(this IServiceCollection services) => services.AddSingleton<CheckLegs>();

    public static void MapCheckApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/check");
        api.MapGet("/servers", Servers);
        api.MapPost("/offer", OfferAsync);
    }

    private static Results<Ok<IReadOnlyList<IceServer>>, ProblemHttpResult> Servers(
        HttpContext http, CheckLegs legs, IIceServers servers, ParleyMetrics metrics)
    {
        if (!legs.Rates.For(http.Connection.RemoteIpAddress).TryTake(out var wait))
            return Refuse(metrics, Refusal.RateLimited("checks from your address", wait));

        // Credentials of nobody else: a name that is used once.
        var user = "check-" + RandomNumberGenerator.GetInt32(int.MaxValue).ToString(CultureInfo.InvariantCulture);
        return TypedResults.Ok(servers.For(user, http.Request.Host.Host, CredentialLifetime));
    }

    private static async Task<Results<Ok<SessionDescriptionMessage>, ProblemHttpResult>> OfferAsync(
        CheckOffer? body, HttpContext http, CheckLegs legs, ParleyMetrics metrics)
    {
        if (!legs.Rates.For(http.Connection.RemoteIpAddress).TryTake(out var wait))
            return Refuse(metrics, Refusal.RateLimited("checks from your address", wait));
        var reply = await legs.AnswerAsync(body);
        return reply.Value is { } answer ? TypedResults.Ok(answer) : Refuse(metrics, reply.Error!);
    }

    private static ProblemHttpResult Refuse(ParleyMetrics metrics, ProtocolError error)
    {
        metrics.Refused(error.Code);
        return Problems.From(error);
    }
}
