using Microsoft.AspNetCore.Http.HttpResults;
using Parley.Protocol;
using Parley.Server.Access;
using Parley.Server.MediaHost;
using Parley.Server.Meetings;
using Parley.Server.Observability;
using Parley.Server.Records;

namespace Parley.Server.Api;

/// <summary>What the admin's page shows of the server now and before (protocol.md §3).</summary>
internal static class LiveApi
{
    /// <summary>Of more open meetings only the newest are told one by one.</summary>
    private const int MostMeetings = 200;

    private const int MostRecords = 100, LongestSearch = 120;

    public static IServiceCollection AddLiveView(this IServiceCollection services) => services
        .AddSingleton<RecordSearcher>()
        .AddSingleton(provider => new ServerFiguresReader(
            provider.GetRequiredService<ParleyOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            () => provider.GetService<MediaPlane>()?.Workers ?? []));

    public static void MapLiveApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/admin");
        api.MapGet("/live", ReadLiveAsync).NeedsScope(Scopes.Admin);
        api.MapGet("/records", SearchAsync).NeedsScope(Scopes.RecordsRead);
    }

    private static async Task<Ok<LiveView>> ReadLiveAsync(IMeetingDirectory directory, ServerFiguresReader figures)
    {
        var open = directory.List();
        var server = figures.Read(open);
        var meetings = await Task.WhenAll(open.Take(MostMeetings).Select(meeting => ReadAsync(directory, meeting.Id)));
        return TypedResults.Ok(new LiveView(server, [.. meetings.OfType<LiveMeeting>()]));
    }

    /// <returns>Null for one that has ended meanwhile.</returns>
    private static async Task<LiveMeeting?> ReadAsync(IMeetingDirectory directory, string id)
    {
        var found = await directory.FindAsync(id, CancellationToken.None);
        return found.Value is { } meeting ? await meeting.ReadLiveAsync() : null;
    }

    private static async Task<Results<Ok<IReadOnlyList<MeetingRecordSummary>>, ProblemHttpResult>> SearchAsync(
        string? search, DateTimeOffset? from, DateTimeOffset? before, int? limit, RecordSearcher records, ParleyMetrics metrics, HttpContext http)
    {
        if (limit is < 1 or > MostRecords) return MeetingApi.Refuse(metrics, Refusal.RequestInvalid($"limit must be 1 to {MostRecords}."));
        if (search is { Length: > LongestSearch }) return MeetingApi.Refuse(metrics, Refusal.RequestInvalid($"search has at most {LongestSearch} characters."));
        var wanted = new RecordSearch(search, from, before);
        return TypedResults.Ok(await records.FindAsync(wanted, limit ?? MostRecords / 2, http.RequestAborted));
    }
}
