using System.Globalization;
using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>Files of the chat over HTTP (protocol.md §8), with the token of a place.</summary>
internal sealed class ChatFiles(RestClient rest)
{
    public Task<ChatMessage> SendAsync(
        string meetingId, string token, string name, string? to, Stream content, CancellationToken cancellation)
    {
        var query = $"name={Uri.EscapeDataString(name)}&clientId={Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)}"
            + (to is null ? "" : "&to=" + Uri.EscapeDataString(to));
        return rest.UploadAsync<ChatMessage>($"{PathOf(meetingId)}?{query}", token, content, cancellation);
    }

    public Task GetAsync(string meetingId, string token, ChatFile file, Stream to, CancellationToken cancellation) =>
        rest.DownloadAsync($"{PathOf(meetingId)}/{Uri.EscapeDataString(file.Id)}", token, to, file.Size, cancellation);

    private static string PathOf(string meetingId) => $"/api/meetings/{meetingId}/files";
}
