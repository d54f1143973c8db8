using Microsoft.AspNetCore.Http.HttpResults;
using Parley.Protocol;
using Parley.Server.Meetings;
using Parley.Server.Records;
using Parley.Server.Signalling;

namespace Parley.Server.Api;

/// <summary>The REST calls of protocol.md §3.</summary>
internal static class MeetingApi
{
    private const int MostRecords = 100;
    private const string Bearer = "Bearer ";

    public static void MapMeetingApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api");
        api.MapGet("/limits", (MeetingContext context) => TypedResults.Ok(context.Limits));
        api.MapGet("/meetings", (IMeetingDirectory directory) => TypedResults.Ok(directory.List()));
        api.MapPost("/meetings", CreateAsync);
        api.MapGet("/meetings/{id}", FindAsync);
        api.MapDelete("/meetings/{id}", CancelAsync);
        api.MapGet("/meetings/{id}/path", PathAsync);
        api.MapGet("/meetings/{id}/statistics", StatisticsAsync);
        api.MapGet("/meetings/{id}/record", ReadAsync);
        api.MapGet("/records", ListAsync);
    }

    private static async Task<Results<Created<MeetingCreated>, ProblemHttpResult>> CreateAsync(
        CreateMeeting? body, HttpContext http, IMeetingDirectory directory, ServerRates rates, ParleyMetrics metrics)
    {
        if (!rates.Creates.For(http.Connection.RemoteIpAddress).TryTake(out var wait))
            return Refuse(metrics, Refusal.RateLimited("new meetings from your address", wait));
        if (body is null) return Refuse(metrics, Refusal.RequestInvalid("A new meeting needs a title and the name of who creates it."));
        var reply = await directory.CreateAsync(body, http.RequestAborted);
        return reply.Value is { } created
            ? TypedResults.Created($"/api/meetings/{created.Id}", created)
            : Refuse(metrics, reply.Error!);
    }

    private static async Task<Results<Ok<MeetingSummary>, ProblemHttpResult>> FindAsync(
        string id, HttpContext http, IMeetingDirectory directory, ServerRates rates, ParleyMetrics metrics)
    {
        if (!rates.Reads.For(http.Connection.RemoteIpAddress).TryTake(out var wait))
            return Refuse(metrics, Refusal.RateLimited("look-ups", wait));
        var found = await directory.FindAsync(id, http.RequestAborted);
        return found.Value is { } meeting ? TypedResults.Ok(meeting.Summary) : Refuse(metrics, found.Error!);
    }

    private static async Task<Results<Ok<MeetingPath>, ProblemHttpResult>> PathAsync(
        string id, HttpContext http, IMeetingDirectory directory, ServerRates rates, ParleyMetrics metrics)
    {
        if (!rates.Reads.For(http.Connection.RemoteIpAddress).TryTake(out var wait))
            return Refuse(metrics, Refusal.RateLimited("look-ups", wait));
        var found = await directory.FindAsync(id, http.RequestAborted);
        if (found.Value is not { } meeting) return Refuse(metrics, found.Error!);
        var reply = await meeting.ReadPathAsync(SecretOf(http.Request));
        return reply.Value is { } path ? TypedResults.Ok(path) : Refuse(metrics, reply.Error!);
    }

    private static async Task<Results<Ok<MeetingStatistics>, ProblemHttpResult>> StatisticsAsync(
        string id, HttpContext http, IMeetingDirectory directory, ServerRates rates, ParleyMetrics metrics)
    {
        if (!rates.Reads.For(http.Connection.RemoteIpAddress).TryTake(out var wait))
            return Refuse(metrics, Refusal.RateLimited("look-ups", wait));
        var found = await directory.FindAsync(id, http.RequestAborted);
        if (found.Value is not { } meeting) return Refuse(metrics, found.Error!);
        var reply = await meeting.ReadStatisticsAsync(SecretOf(http.Request));
        return reply.Value is { } statistics ? TypedResults.Ok(statistics) : Refuse(metrics, reply.Error!);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> CancelAsync(
        string id, HttpContext http, IMeetingDirectory directory, ServerRates rates, ParleyMetrics metrics)
    {
        if (!rates.Cancels.For(http.Connection.RemoteIpAddress).TryTake(out var wait))
            return Refuse(metrics, Refusal.RateLimited("attempts to end a meeting", wait));
        var found = await directory.FindAsync(id, http.RequestAborted);
        if (found.Value is not { } meeting) return Refuse(metrics, found.Error!);
        var reply = await meeting.CancelAsync(SecretOf(http.Request), null);
        return reply.Error is { } error ? Refuse(metrics, error) : TypedResults.NoContent();
    }

    private static async Task<Results<Ok<MeetingRecord>, ProblemHttpResult>> ReadAsync(
        string id, HttpContext http, IMeetingRecords records, ServerRates rates, ParleyMetrics metrics)
    {
        if (!rates.Reads.For(http.Connection.RemoteIpAddress).TryTake(out var wait))
            return Refuse(metrics, Refusal.RateLimited("look-ups", wait));
        var record = MeetingId.Normalize(id) is { } known ? await records.ReadAsync(known, http.RequestAborted) : null;
        return record is not null ? TypedResults.Ok(record) : Refuse(metrics, Refusal.MeetingUnknown);
    }

    private static async Task<Results<Ok<IReadOnlyList<MeetingRecordSummary>>, ProblemHttpResult>> ListAsync(
        DateTimeOffset? before, int? limit, HttpContext http, IMeetingRecords records, ServerRates rates, ParleyMetrics metrics)
    {
        if (!rates.Reads.For(http.Connection.RemoteIpAddress).TryTake(out var wait))
            return Refuse(metrics, Refusal.RateLimited("look-ups", wait));
        if (limit is < 1 or > MostRecords) return Refuse(metrics, Refusal.RequestInvalid($"limit must be 1 to {MostRecords}."));
        return TypedResults.Ok(await records.ListAsync(before, limit ?? MostRecords / 2, http.RequestAborted));
    }

    private static string? SecretOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;
    }

    private static ProblemHttpResult Refuse(ParleyMetrics metrics, ProtocolError error)
    {
        metrics.Refused(error.Code);
        return Problems.From(error);
    }
}
