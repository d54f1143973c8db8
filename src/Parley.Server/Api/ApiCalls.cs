using Parley.Protocol;

namespace Parley.Server.Api;

/// <summary>What each REST call is for, in words, for the OpenAPI document. A test holds that each call is here, and each here is one.</summary>
internal static class ApiCalls
{
    private const string Meetings = "Meetings", Records = "Records", Server = "Server", Check = "Self-test", Admin = "Administration";

    private const string Closed = "That of a meeting with a lobby or a passcode is told only to who was in it, by their resume token, or created it.";

    private static readonly Dictionary<(string Method, string Path), ApiCall> s_calls = new()
    {
        [("GET", "/api/limits")] = new("getLimits", Server, "How long names, titles and messages may be, and how many take part in a meeting"),
        [("GET", "/api/embedding")] = new("getEmbedding", Server, "Which other sites may show a meeting in a frame"),
        [("GET", "/api/meetings")] = new("listMeetings", Meetings, "The open meetings that are listed, newest first", "Those with a lobby or a passcode are only told with the scope."),
        [("POST", "/api/meetings")] = new("createMeeting", Meetings, "Creates a meeting", "The creator secret is in the answer, and never told again. With an Idempotency-Key the same request within an hour gets the same answer.")
        {
            Refusals =
            [
                ErrorCodes.TitleInvalid, ErrorCodes.NameInvalid, ErrorCodes.PasscodeInvalid, ErrorCodes.ScheduleInvalid, ErrorCodes.ServerFull, ErrorCodes.ServerUnavailable,
                ErrorCodes.RequestInvalid, ErrorCodes.IdempotencyKeyReused,
            ],
        },
        [("GET", "/api/meetings/{id}")] = new("getMeeting", Meetings, "An open meeting", "Title and creator of one with a lobby or a passcode are told only to who belongs to it.")
        {
            TakesSecret = true,
            Refusals = [ErrorCodes.MeetingUnknown, ErrorCodes.MeetingEnded],
        },
        [("DELETE", "/api/meetings/{id}")] = new("cancelMeeting", Meetings, "Ends a meeting for everyone")
        {
            TakesSecret = true,
            Refusals = [ErrorCodes.SecretWrong, ErrorCodes.MeetingUnknown, ErrorCodes.MeetingEnded, ErrorCodes.ServerUnavailable],
        },
        [("PATCH", "/api/meetings/{id}")] = new("changeMeeting", Meetings, "Changes how a meeting is run", "What is not said stays; an empty passcode removes it. A host's resume token does as well.")
        {
            TakesSecret = true,
            Refusals = [ErrorCodes.SecretWrong, ErrorCodes.MeetingUnknown, ErrorCodes.MeetingEnded, ErrorCodes.PasscodeInvalid, ErrorCodes.RequestInvalid, ErrorCodes.ServerUnavailable],
        },
        [("GET", "/api/meetings/{id}/participants")] = new("listParticipants", Meetings, "Who is in an open meeting, in order of joining")
        {
            TakesSecret = true,
            Refusals = [ErrorCodes.SecretWrong, ErrorCodes.MeetingUnknown, ErrorCodes.MeetingEnded],
        },
        [("PATCH", "/api/meetings/{id}/participants/{participantId}")] = new(
            "changeParticipant", Meetings, "Renames, gives a role, switches off, asks to unmute", "What is not said stays. Nobody is switched on by another. A host's resume token does as well.")
        {
            TakesSecret = true,
            Refusals =
            [
                ErrorCodes.SecretWrong, ErrorCodes.MeetingUnknown, ErrorCodes.MeetingEnded, ErrorCodes.ParticipantUnknown, ErrorCodes.NameInvalid, ErrorCodes.NotAllowed,
                ErrorCodes.RequestInvalid, ErrorCodes.ServerUnavailable,
            ],
        },
        [("DELETE", "/api/meetings/{id}/participants/{participantId}")] = new(
            "removeParticipant", Meetings, "Removes one from an open meeting", "For good, unless `mayReturn` is true. A host's resume token does as well.")
        {
            TakesSecret = true,
            Refusals = [ErrorCodes.SecretWrong, ErrorCodes.MeetingUnknown, ErrorCodes.MeetingEnded, ErrorCodes.ParticipantUnknown, ErrorCodes.RequestInvalid, ErrorCodes.ServerUnavailable],
        },
        [("GET", "/api/meetings/{id}/chat")] = new(
            "listChat", Meetings, "What was written in an open or an ended meeting, in order, at most 500 messages", "The id of the last one, as `after`, asks for the next.")
        {
            TakesSecret = true,
            Refusals = [ErrorCodes.SecretWrong, ErrorCodes.MeetingUnknown],
        },
        [("POST", "/api/meetings/{id}/chat")] = new(
            "sendChat", Meetings, "Writes to all in a meeting", "It is shown as a program's, under the name of the key or the one that is given. The same `clientId` again returns the same message.")
        {
            Refusals =
            [
                ErrorCodes.MeetingUnknown, ErrorCodes.MeetingEnded, ErrorCodes.NotAllowed, ErrorCodes.NameInvalid, ErrorCodes.TextInvalid, ErrorCodes.RequestInvalid,
                ErrorCodes.ServerUnavailable,
            ],
        },
        [("POST", "/api/meetings/{id}/join-tokens")] = new(
            "createJoinToken", Meetings, "Makes a token that lets one in", "And a link with it. A host's resume token does as well.")
        {
            TakesSecret = true,
            Refusals = [ErrorCodes.SecretWrong, ErrorCodes.MeetingUnknown, ErrorCodes.MeetingEnded, ErrorCodes.NameInvalid, ErrorCodes.RequestInvalid],
        },
        [("GET", "/api/meetings/{id}/path")] = new(
            "getPath", Meetings, "Which way a meeting's media take", "Addresses are in it only with a creator secret or a resume token of this meeting; of a closed meeting nothing is told without.")
        {
            TakesSecret = true,
            Refusals = [ErrorCodes.SecretWrong, ErrorCodes.MeetingUnknown, ErrorCodes.MeetingEnded],
        },
        [("GET", "/api/meetings/{id}/statistics")] = new(
            "getStatistics", Meetings, "What is counted of a meeting's media", "A creator secret or a host's resume token shows all participants, another resume token one's own figures and those of the meeting.")
        {
            TakesSecret = true,
            Refusals = [ErrorCodes.SecretWrong, ErrorCodes.MeetingUnknown, ErrorCodes.MeetingEnded],
        },
        [("GET", "/api/meetings/{id}/record")] = new("getRecord", Records, "The record of an open or an ended meeting", Closed)
        {
            TakesSecret = true,
            Refusals = [ErrorCodes.SecretWrong, ErrorCodes.MeetingUnknown],
        },
        [("GET", "/api/records")] = new(
            "listRecords", Records, "The records, newest first", "The start of the last of a page, as `before`, asks for the next page. Those of meetings with a lobby or a passcode are only told with the scope.")
        {
            Refusals = [ErrorCodes.RequestInvalid],
        },
        [("GET", "/api/records/{id}/attendance.csv")] = new("exportAttendance", Records, "Who took part, as CSV", Closed)
        {
            TakesSecret = true,
            Refusals = [ErrorCodes.SecretWrong, ErrorCodes.MeetingUnknown],
        },
        [("GET", "/api/records/{id}/chat.csv")] = new("exportChat", Records, "What was written, as CSV", Closed)
        {
            TakesSecret = true,
            Refusals = [ErrorCodes.SecretWrong, ErrorCodes.MeetingUnknown],
        },
        [("POST", "/api/meetings/{id}/files")] = new(
            "sendFile", Meetings, "Sends a file to the chat, or to one participant", "The body is the file as it is, with its Content-Length; the token is the resume token of who is in the meeting.")
        {
            TakesSecret = true,
            Refusals =
            [
                ErrorCodes.SecretWrong, ErrorCodes.MeetingUnknown, ErrorCodes.MeetingEnded, ErrorCodes.NotAllowed, ErrorCodes.ParticipantUnknown, ErrorCodes.NotJoined,
                ErrorCodes.FileInvalid, ErrorCodes.FileTooLarge, ErrorCodes.FilesFull, ErrorCodes.RequestInvalid, ErrorCodes.ServerUnavailable,
            ],
        },
        [("GET", "/api/meetings/{id}/files/{fileId}")] = new(
            "getFile", Meetings, "A file of the chat", "For who was in the meeting, by their resume token; a private one only for its two. What is public is also for who created the meeting.")
        {
            TakesSecret = true,
            Refusals = [ErrorCodes.SecretWrong, ErrorCodes.MeetingUnknown, ErrorCodes.FileUnknown],
        },
        [("DELETE", "/api/records/{id}")] = new("deleteRecord", Records, "Deletes the record of an ended meeting for good")
        {
            TakesSecret = true,
            Refusals = [ErrorCodes.SecretWrong, ErrorCodes.MeetingUnknown, ErrorCodes.MeetingOpen, ErrorCodes.ServerUnavailable],
        },
        [("POST", "/api/admin/session")] = new("signIn", Admin, "Signs in as the admin, by the password", "The answer sets a cookie, which pages of this site send.")
        {
            Refusals = [ErrorCodes.PasswordWrong],
        },
        [("GET", "/api/admin/session")] = new("getSession", Admin, "Whether one is signed in"),
        [("DELETE", "/api/admin/session")] = new("signOut", Admin, "Signs out"),
        [("PUT", "/api/admin/password")] = new("changePassword", Admin, "Sets another password", "All other sessions end.")
        {
            Refusals = [ErrorCodes.PasswordWrong, ErrorCodes.PasswordInvalid, ErrorCodes.NotAllowed, ErrorCodes.ServerUnavailable],
        },
        [("GET", "/api/admin/keys")] = new("listKeys", Admin, "The API keys, oldest first"),
        [("POST", "/api/admin/keys")] = new("createKey", Admin, "Creates an API key", "The key is in the answer, and never told again.")
        {
            Refusals = [ErrorCodes.NameInvalid, ErrorCodes.RequestInvalid, ErrorCodes.ServerUnavailable],
        },
        [("DELETE", "/api/admin/keys/{keyId}")] = new("revokeKey", Admin, "Revokes an API key, at once")
        {
            Refusals = [ErrorCodes.KeyUnknown, ErrorCodes.ServerUnavailable],
        },
        [("GET", "/api/admin/live")] = new("getLive", Admin, "How the server is, and who is in which meeting now"),
        [("GET", "/api/admin/records")] = new(
            "searchRecords", Admin, "All records, by part of the title or of somebody's name, and by the time of their start", "Pages as those of listRecords.")
        {
            Refusals = [ErrorCodes.RequestInvalid],
        },
        [("GET", "/api/admin/webhooks")] = new("listWebhooks", Admin, "The webhooks, oldest first"),
        [("POST", "/api/admin/webhooks")] = new("createWebhook", Admin, "Creates a webhook", "The secret is in the answer, and never told again.")
        {
            Refusals = [ErrorCodes.RequestInvalid, ErrorCodes.ServerUnavailable],
        },
        [("PATCH", "/api/admin/webhooks/{webhookId}")] = new("changeWebhook", Admin, "Changes a webhook", "What is not said stays. A disabled one is told nothing, and what waits for it goes on waiting.")
        {
            Refusals = [ErrorCodes.WebhookUnknown, ErrorCodes.RequestInvalid, ErrorCodes.ServerUnavailable],
        },
        [("DELETE", "/api/admin/webhooks/{webhookId}")] = new("deleteWebhook", Admin, "Deletes a webhook, with what waits for it")
        {
            Refusals = [ErrorCodes.WebhookUnknown, ErrorCodes.ServerUnavailable],
        },
        [("GET", "/api/admin/webhooks/{webhookId}/deliveries")] = new("listDeliveries", Admin, "The last 100 events for a webhook, newest first, and how they fared")
        {
            Refusals = [ErrorCodes.WebhookUnknown],
        },
        [("POST", "/api/admin/webhooks/{webhookId}/test")] = new("testWebhook", Admin, "Sends a webhook an event that says nothing")
        {
            Refusals = [ErrorCodes.WebhookUnknown, ErrorCodes.ServerUnavailable],
        },
        [("GET", "/api/check/servers")] = new("getCheckServers", Check, "STUN and TURN servers, with credentials for five minutes"),
        [("POST", "/api/check/offer")] = new("offerCheck", Check, "Answers an offer of a test connection, which ends after 20 s")
        {
            Refusals = [ErrorCodes.OfferInvalid, ErrorCodes.RequestInvalid, ErrorCodes.MediaUnavailable],
        },
    };

    /// <summary>All there are.</summary>
    public static IReadOnlyCollection<(string Method, string Path)> All => s_calls.Keys;

    /// <exception cref="KeyNotFoundException">A call that nobody has described.</exception>
    public static ApiCall Of(string method, string path) => s_calls[(method, path)];
}

/// <param name="Name">The operation's id, for generated clients.</param>
/// <param name="Group">With which others it belongs.</param>
/// <param name="Summary">What it does.</param>
/// <param name="More">What else to know.</param>
internal sealed record ApiCall(string Name, string Group, string Summary, string? More = null)
{
    /// <summary>Whether it takes a secret in Authorization: Bearer.</summary>
    public bool TakesSecret { get; init; }

    /// <summary>Codes of protocol.md §2, besides <see cref="ErrorCodes.RateLimited"/>, which every call may give.</summary>
    public string[] Refusals
    {
        get;
        init => field = [.. value, ErrorCodes.RateLimited];
    } = [ErrorCodes.RateLimited];
}
