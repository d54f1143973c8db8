using Microsoft.AspNetCore.Http.HttpResults;
using Parley.Protocol;
using Parley.Server.Access;
using Parley.Server.Meetings;
using Parley.Server.Records;
using Parley.Server.Signalling;

namespace Parley.Server.Api;

/// <summary>Who is in a meeting and what they write, for programs, and the tokens that let in (protocol.md §3).</summary>
internal static class ParticipantApi
{
    private const int MostMessages = 500;
    private const int UsualMinutes = 10;

    public static void MapParticipantApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/meetings/{id}");
        api.MapGet("/participants", ListAsync).TakesScope(Scopes.MeetingsRead);
        api.MapPatch("/participants/{participantId}", ChangeAsync).TakesScope(Scopes.MeetingsWrite);
        api.MapDelete("/participants/{participantId}", RemoveAsync).TakesScope(Scopes.MeetingsWrite);
        api.MapGet("/chat", ChatAsync).TakesScope(Scopes.RecordsRead);
        api.MapPost("/chat", SayAsync).NeedsScope(Scopes.ChatWrite);
        api.MapPost("/join-tokens", InviteAsync).TakesScope(Scopes.MeetingsWrite);
    }

    private static async Task<Results<Ok<IReadOnlyList<Participant>>, ProblemHttpResult>> ListAsync(
        string id, HttpContext http, IMeetingDirectory directory, ServerRates rates, ParleyMetrics metrics)
    {
        if (http.WhyTooMuch(rates.Reads, "look-ups") is { } wait) return MeetingApi.Refuse(metrics, wait);
        var found = await directory.FindAsync(id, http.RequestAborted);
        if (found.Value is not { } meeting) return MeetingApi.Refuse(metrics, found.Error!);
        var reply = await meeting.ReadParticipantsAsync(MeetingApi.AskerOf(http, Scopes.MeetingsRead));
        return reply.Value is { } participants ? TypedResults.Ok(participants) : MeetingApi.Refuse(metrics, reply.Error!);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeAsync(
        string id, string participantId, ParticipantChange? body, HttpContext http, IMeetingDirectory directory, ServerRates rates, ParleyMetrics metrics)
    {
        if (body is null || (body.SwitchOff ?? []).Count > Enum.GetValues<MediaSource>().Length)
            return MeetingApi.Refuse(metrics, Refusal.RequestInvalid("Say what is to change: name, role, switchOff or askToUnmute."));
        var asker = MeetingApi.AskerOf(http, Scopes.MeetingsWrite);
        return await MeetingApi.DoAsync(id, meeting => meeting.ChangeParticipantAsync(asker, participantId, body), http, directory, rates, metrics);
    }

    private static Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        string id, string participantId, bool? mayReturn, HttpContext http, IMeetingDirectory directory, ServerRates rates, ParleyMetrics metrics)
    {
        var asker = MeetingApi.AskerOf(http, Scopes.MeetingsWrite);
        return MeetingApi.DoAsync(
            id, meeting => meeting.RemoveAsync(asker, new RemoveParticipant(participantId, mayReturn ?? false)), http, directory, rates, metrics);
    }

    /// <summary>As the record has it: what was written after a message, or all.</summary>
    private static async Task<Results<Ok<IReadOnlyList<ChatMessage>>, ProblemHttpResult>> ChatAsync(
        string id, string? after, HttpContext http, IMeetingRecords records, ServerRates rates, ParleyMetrics metrics)
    {
        if (http.WhyTooMuch(rates.Reads, "look-ups") is { } wait) return MeetingApi.Refuse(metrics, wait);
        var reply = await MeetingApi.ReadRecordAsync(id, http, records);
        if (reply.Value is not { } record) return MeetingApi.Refuse(metrics, reply.Error!);
        var rest = after is null ? record.Chat : record.Chat.SkipWhile(message => message.Id != after).Skip(1);
        return TypedResults.Ok<IReadOnlyList<ChatMessage>>([.. rest.Take(MostMessages)]);
    }

    private static async Task<Results<Created<ChatMessage>, ProblemHttpResult>> SayAsync(
        string id, SendProgramChat? body, HttpContext http, IMeetingDirectory directory, ParleyMetrics metrics)
    {
        var caller = http.Caller()!;
        if (body is null) return MeetingApi.Refuse(metrics, Refusal.RequestInvalid("A message needs a text."));
        if (!caller.Chat.TryTake(out var wait)) return MeetingApi.Refuse(metrics, Refusal.RateLimited("messages", wait));
        var found = await directory.FindAsync(id, http.RequestAborted);
        if (found.Value is not { } meeting) return MeetingApi.Refuse(metrics, found.Error!);
        var reply = await meeting.SendChatAsync(new ChatPerson(ChatMessage.ProgramPrefix + caller.Id, caller.Name), body);
        return reply.Value is { } message ? TypedResults.Created((string?)null, message) : MeetingApi.Refuse(metrics, reply.Error!);
    }

    private static async Task<Results<Ok<JoinTokenCreated>, ProblemHttpResult>> InviteAsync(
        string id,
        CreateJoinToken? body,
        HttpContext http,
        IMeetingDirectory directory,
        JoinTokens tokens,
        ParleyOptions options,
        TimeProvider time,
        ServerRates rates,
        ParleyMetrics metrics)
    {
        if (http.WhyTooMuch(rates.Creates, "tokens from your address") is { } wait) return MeetingApi.Refuse(metrics, wait);
        if (body is null || (body.Role is { } given && !Enum.IsDefined(given)) || body.Minutes is < 1 or > 1440 || body.Subject is { Length: 0 or > JoinTokens.LongestSubject })
            return MeetingApi.Refuse(metrics, Refusal.RequestInvalid("A join token needs a role (host, participant, listener), 1 to 1440 minutes and a subject of 1 to 200 characters, if any."));
        var name = body.Name is null ? null : Text.Line(body.Name, options.Limits.NameLength);
        if (body.Name is not null && name is null) return MeetingApi.Refuse(metrics, Refusal.NameInvalid(options.Limits.NameLength));
        var found = await directory.FindAsync(id, http.RequestAborted);
        if (found.Value is not { } meeting) return MeetingApi.Refuse(metrics, found.Error!);
        if ((await meeting.MayInviteAsync(MeetingApi.AskerOf(http, Scopes.MeetingsWrite))).Error is { } why) return MeetingApi.Refuse(metrics, why);
        var expiresAt = time.GetUtcNow().AddMinutes(body.Minutes ?? UsualMinutes);
        var token = tokens.Sign(meeting.Id, body with { Name = name }, expiresAt);
        var link = new Uri($"{http.Request.Scheme}://{http.Request.Host}/m/{meeting.Id}#token={token}");
        return TypedResults.Ok(new JoinTokenCreated(token, link, expiresAt));
    }
}
