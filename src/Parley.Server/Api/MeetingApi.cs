using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Parley.Protocol;
using Parley.Server.Access;
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
        api.MapGet("/embedding", (ParleyOptions options) => TypedResults.Ok(new EmbeddingView([.. options.Embedding.Origins])));
        api.MapGet("/meetings", ListOpen).TakesScope(Scopes.MeetingsRead);
        api.MapPost("/meetings", CreateAsync);
        api.MapGet("/meetings/{id}", FindAsync).TakesScope(Scopes.MeetingsRead);
        api.MapDelete("/meetings/{id}", CancelAsync).TakesScope(Scopes.MeetingsWrite);
        api.MapPatch("/meetings/{id}", ChangeAsync).TakesScope(Scopes.MeetingsWrite);
        api.MapGet("/meetings/{id}/path", PathAsync).TakesScope(Scopes.MeetingsRead);
        api.MapGet("/meetings/{id}/statistics", StatisticsAsync).TakesScope(Scopes.MeetingsRead);
        api.MapGet("/meetings/{id}/record", ReadAsync).TakesScope(Scopes.RecordsRead);
        api.MapGet("/records", ListAsync).TakesScope(Scopes.RecordsRead);
    }

    /// <summary>Closed meetings are in no list but that of who may read all.</summary>
    private static Results<Ok<IReadOnlyList<MeetingSummary>>, ProblemHttpResult> ListOpen(
        HttpContext http, IMeetingDirectory directory, ServerRates rates, ParleyMetrics metrics)
    {
        if (http.WhyTooMuch(rates.Reads, "look-ups") is { } wait) return Refuse(metrics, wait);
        IReadOnlyList<MeetingSummary> open = directory.List();
        return TypedResults.Ok(http.Has(Scopes.MeetingsRead) ? open : [.. open.Where(meeting => meeting is { Lobby: false, Passcode: false, TokenOnly: false })]);
    }

    private static async Task<Results<Created<MeetingCreated>, ProblemHttpResult>> CreateAsync(
        CreateMeeting? body,
        [FromHeader(Name = IdempotencyKeys.Header)] string? idempotencyKey,
        HttpContext http,
        IMeetingDirectory directory,
        IdempotencyKeys keys,
        ServerRates rates,
        ParleyMetrics metrics)
    {
        if (http.WhyTooMuch(rates.Creates, "new meetings from your address") is { } wait) return Refuse(metrics, wait);
        if (body is null) return Refuse(metrics, Refusal.RequestInvalid("A new meeting needs a title and the name of who creates it."));
        var reply = idempotencyKey is null
            ? await directory.CreateAsync(body, http.RequestAborted)
            : await keys.OnceAsync(http, idempotencyKey, body, () => directory.CreateAsync(body, CancellationToken.None));
        return reply.Value is { } created
            ? TypedResults.Created($"/api/meetings/{created.Id}", created)
            : Refuse(metrics, reply.Error!);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeAsync(
        string id, SettingsChange? body, HttpContext http, IMeetingDirectory directory, ServerRates rates, ParleyMetrics metrics)
    {
        if (body is null) return Refuse(metrics, Refusal.RequestInvalid("Say what is to change: rights, locked, lobby, passcode or joinTone."));
        return await DoAsync(id, meeting => meeting.ChangeSettingsAsync(AskerOf(http, Scopes.MeetingsWrite), body), http, directory, rates, metrics);
    }

    /// <summary>Changes something of an open meeting.</summary>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DoAsync(
        string id, Func<Meeting, Task<Reply<bool>>> change, HttpContext http, IMeetingDirectory directory, ServerRates rates, ParleyMetrics metrics)
    {
        if (http.WhyTooMuch(rates.Cancels, "changes of meetings") is { } wait) return Refuse(metrics, wait);
        var found = await directory.FindAsync(id, http.RequestAborted);
        if (found.Value is not { } meeting) return Refuse(metrics, found.Error!);
        var reply = await change(meeting);
        return reply.Error is { } error ? Refuse(metrics, error) : TypedResults.NoContent();
    }

    private static async Task<Results<Ok<MeetingSummary>, ProblemHttpResult>> FindAsync(
        string id, HttpContext http, IMeetingDirectory directory, ServerRates rates, ParleyMetrics metrics)
    {
        if (http.WhyTooMuch(rates.Reads, "look-ups") is { } wait) return Refuse(metrics, wait);
        var found = await directory.FindAsync(id, http.RequestAborted);
        if (found.Value is not { } meeting) return Refuse(metrics, found.Error!);
        var reply = await meeting.ReadSummaryAsync(AskerOf(http, Scopes.MeetingsRead));
        return reply.Value is { } summary ? TypedResults.Ok(summary) : Refuse(metrics, reply.Error!);
    }

    private static async Task<Results<Ok<MeetingPath>, ProblemHttpResult>> PathAsync(
        string id, HttpContext http, IMeetingDirectory directory, ServerRates rates, ParleyMetrics metrics)
    {
        if (http.WhyTooMuch(rates.Reads, "look-ups") is { } wait) return Refuse(metrics, wait);
        var found = await directory.FindAsync(id, http.RequestAborted);
        if (found.Value is not { } meeting) return Refuse(metrics, found.Error!);
        var reply = await meeting.ReadPathAsync(AskerOf(http, Scopes.MeetingsRead));
        return reply.Value is { } path ? TypedResults.Ok(path) : Refuse(metrics, reply.Error!);
    }

    private static async Task<Results<Ok<MeetingStatistics>, ProblemHttpResult>> StatisticsAsync(
        string id, HttpContext http, IMeetingDirectory directory, ServerRates rates, ParleyMetrics metrics)
    {
        if (http.WhyTooMuch(rates.Reads, "look-ups") is { } wait) return Refuse(metrics, wait);
        var found = await directory.FindAsync(id, http.RequestAborted);
        if (found.Value is not { } meeting) return Refuse(metrics, found.Error!);
        var reply = await meeting.ReadStatisticsAsync(AskerOf(http, Scopes.MeetingsRead));
        return reply.Value is { } statistics ? TypedResults.Ok(statistics) : Refuse(metrics, reply.Error!);
    }

    private static Task<Results<NoContent, ProblemHttpResult>> CancelAsync(
        string id, HttpContext http, IMeetingDirectory directory, ServerRates rates, ParleyMetrics metrics) =>
        DoAsync(id, meeting => meeting.CancelAsync(AskerOf(http, Scopes.MeetingsWrite)), http, directory, rates, metrics);

    private static async Task<Results<Ok<MeetingRecord>, ProblemHttpResult>> ReadAsync(
        string id, HttpContext http, IMeetingRecords records, ServerRates rates, ParleyMetrics metrics)
    {
        if (http.WhyTooMuch(rates.Reads, "look-ups") is { } wait) return Refuse(metrics, wait);
        var reply = await ReadRecordAsync(id, http, records);
        return reply.Value is { } record ? TypedResults.Ok(record) : Refuse(metrics, reply.Error!);
    }

    /// <summary>A record as who asks may see it: that of a closed meeting only who was in it, what hosts did only hosts, what is private only its two.</summary>
    internal static async Task<Reply<MeetingRecord>> ReadRecordAsync(string id, HttpContext http, IMeetingRecords records)
    {
        if (MeetingId.Normalize(id) is not { } known
            || await records.ReadAccessAsync(known, http.RequestAborted) is not { } access) return Refusal.MeetingUnknown.As<MeetingRecord>();
        var (secret, seesAll) = (SecretOf(http.Request), http.Has(Scopes.RecordsRead));
        if (access.IsClosed && !seesAll && !access.IsMember(secret)) return Refusal.ReadingForbidden.As<MeetingRecord>();
        if (await records.ReadAsync(known, access.ParticipantsOf(secret), http.RequestAborted) is not { } record)
            return Refusal.MeetingUnknown.As<MeetingRecord>();
        return new Reply<MeetingRecord>(seesAll || access.IsHost(secret) ? record with { Actions = access.Actions } : record, null);
    }

    private static async Task<Results<Ok<IReadOnlyList<MeetingRecordSummary>>, ProblemHttpResult>> ListAsync(
        DateTimeOffset? before, int? limit, HttpContext http, IMeetingRecords records, ServerRates rates, ParleyMetrics metrics)
    {
        if (http.WhyTooMuch(rates.Reads, "look-ups") is { } wait) return Refuse(metrics, wait);
        if (limit is < 1 or > MostRecords) return Refuse(metrics, Refusal.RequestInvalid($"limit must be 1 to {MostRecords}."));
        return TypedResults.Ok(await records.ListAsync(before, limit ?? MostRecords / 2, http.Has(Scopes.RecordsRead), http.RequestAborted));
    }

    internal static string? SecretOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;
    }

    /// <param name="scope">With which all is told and allowed.</param>
    internal static Asker AskerOf(HttpContext http, Scopes scope) => new(SecretOf(http.Request), http.Has(scope) ? http.Caller()!.Name : null);

    internal static ProblemHttpResult Refuse(ParleyMetrics metrics, ProtocolError error)
    {
        metrics.Refused(error.Code);
        return Problems.From(error);
    }
}
