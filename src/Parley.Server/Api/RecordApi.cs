using Microsoft.AspNetCore.Http.HttpResults;
using Parley.Protocol;
using Parley.Server.Access;
using Parley.Server.Meetings;
using Parley.Server.Records;
using Parley.Server.Signalling;

namespace Parley.Server.Api;

/// <summary>The records as files to take away, and their deletion (protocol.md §3).</summary>
internal static class RecordApi
{
    public static void MapRecordApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/records");
        api.MapGet("/{id}/attendance.csv", (string id, HttpContext http, IMeetingRecords records, ServerRates rates, ParleyMetrics metrics) =>
            ExportAsync(id, "attendance", CsvFile.Attendance, http, records, rates, metrics)).TakesScope(Scopes.RecordsRead);
        api.MapGet("/{id}/chat.csv", (string id, HttpContext http, IMeetingRecords records, ServerRates rates, ParleyMetrics metrics) =>
            ExportAsync(id, "chat", CsvFile.Chat, http, records, rates, metrics)).TakesScope(Scopes.RecordsRead);
        api.MapDelete("/{id}", DeleteAsync).TakesScope(Scopes.RecordsWrite);
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ExportAsync(
        string id,
        string what,
        Func<MeetingRecord, byte[]> write,
        HttpContext http,
        IMeetingRecords records,
        ServerRates rates,
        ParleyMetrics metrics)
    {
        if (http.WhyTooMuch(rates.Reads, "look-ups") is { } wait) return MeetingApi.Refuse(metrics, wait);
        var reply = await MeetingApi.ReadRecordAsync(id, http, records);
        return reply.Value is { } record
            ? TypedResults.File(write(record), CsvFile.ContentType, $"{record.Id}-{what}.csv")
            : MeetingApi.Refuse(metrics, reply.Error!);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string id, HttpContext http, IMeetingRecords records, IMeetingDirectory directory, ServerRates rates, ParleyMetrics metrics)
    {
        if (http.WhyTooMuch(rates.Cancels, "attempts to delete a record") is { } wait) return MeetingApi.Refuse(metrics, wait);
        if (MeetingId.Normalize(id) is not { } known || await records.ReadOwnerAsync(known, http.RequestAborted) is not { } owner)
            return MeetingApi.Refuse(metrics, Refusal.MeetingUnknown);
        if (!http.Has(Scopes.RecordsWrite) && !Secret.Matches(MeetingApi.SecretOf(http.Request), owner.CreatorSecretHash))
            return MeetingApi.Refuse(metrics, Refusal.SecretWrong);
        if (!owner.HasEnded) return MeetingApi.Refuse(metrics, Refusal.StillOpen);
        // Not given up with the request: half a record is no record.
        await records.DeleteAsync(known);
        directory.Forget(known);
        return TypedResults.NoContent();
    }
}
