using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Parley.Protocol;
using Parley.Server.Files;
using Parley.Server.Meetings;
using Parley.Server.Records;
using Parley.Server.Signalling;

namespace Parley.Server.Api;

/// <summary>Files of the chat (protocol.md §8): in from who is in the meeting, out to who was.</summary>
internal static class FileApi
{
    /// <summary>Whatever a browser takes it for, it can do nothing: no script, no page of ours.</summary>
    private const string ContentSecurityPolicy = "default-src 'none'; sandbox";

    public static void MapFileApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/meetings/{id}");
        api.MapPost("/files", SendAsync);
        api.MapGet("/files/{fileId}", ReadAsync);
    }

    private static async Task<Results<Created<ChatMessage>, ProblemHttpResult>> SendAsync(
        string id,
        string? name,
        string? clientId,
        string? to,
        HttpContext http,
        IMeetingDirectory directory,
        FileStore files,
        ServerRates rates,
        ParleyMetrics metrics)
    {
        if (!rates.Files.For(http.Connection.RemoteIpAddress).TryTake(out var wait))
            return MeetingApi.Refuse(metrics, Refusal.RateLimited("files from your address", wait));
        var found = await directory.FindAsync(id, http.RequestAborted);
        if (found.Value is not { } meeting) return MeetingApi.Refuse(metrics, found.Error!);
        var length = http.Request.ContentLength ?? 0;
        // We read no more than was said and is allowed. What is refused Kestrel throws away for 5 s, so that the answer arrives; with a limit it
        // would cut the connection under it.
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        var begun = await meeting.BeginFileAsync(MeetingApi.SecretOf(http.Request), new FileOffer(clientId, name, to, length));
        if (begun.Value is not { } file) return MeetingApi.Refuse(metrics, begun.Error!);
        if (file.Sent is { } sent) return Made(meeting, sent);
        var reply = await ReceiveAsync(meeting, file, files, http);
        return reply.Value is { } message ? Made(meeting, message) : MeetingApi.Refuse(metrics, reply.Error!);
    }

    /// <summary>What is not in the chat in the end is not on the disk either.</summary>
    private static async Task<Reply<ChatMessage>> ReceiveAsync(Meeting meeting, IncomingFile file, FileStore files, HttpContext http)
    {
        StoredFile? stored = null;
        ChatMessage? message = null;
        try
        {
            stored = await files.ReceiveAsync(meeting.Id, http.Request.Body, file.Offer.Size, http.RequestAborted);
            if (stored is null) return Refusal.DiskFull.As<ChatMessage>();
            var reply = await meeting.AddFileAsync(file, stored);
            message = reply.Value;
            return reply;
        }
        finally
        {
            meeting.EndFile(file);
            if (stored is not null && message?.File?.Id != stored.Id) files.Delete(meeting.Id, stored.Id);
        }
    }

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> ReadAsync(
        string id, string fileId, HttpContext http, IMeetingRecords records, FileStore files, ServerRates rates, ParleyMetrics metrics)
    {
        if (!rates.Reads.For(http.Connection.RemoteIpAddress).TryTake(out var wait))
            return MeetingApi.Refuse(metrics, Refusal.RateLimited("look-ups", wait));
        if (MeetingId.Normalize(id) is not { } known || await records.ReadAccessAsync(known, http.RequestAborted) is not { } access)
            return MeetingApi.Refuse(metrics, Refusal.MeetingUnknown);
        var secret = MeetingApi.SecretOf(http.Request);
        if (!access.IsMember(secret)) return MeetingApi.Refuse(metrics, Refusal.ReadingForbidden);
        if (await records.ReadFileAsync(known, fileId, http.RequestAborted) is not { File: { } file } message
            || (message.To is not null && !access.ParticipantsOf(secret).Any(message.IsFor))
            || files.Open(known, file.Id) is not { } content) return MeetingApi.Refuse(metrics, Refusal.FileUnknown);
        http.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        http.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return TypedResults.File(content, file.Type, file.Name);
    }

    private static Created<ChatMessage> Made(Meeting meeting, ChatMessage message) =>
        TypedResults.Created($"/api/meetings/{meeting.Id}/files/{message.File?.Id}", message);
}
