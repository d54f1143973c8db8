namespace Parley.Protocol;

/// <summary>A refusal (protocol.md §2): <see cref="Code"/> is one of <see cref="ErrorCodes"/>, the message is for people.</summary>
public sealed record ProtocolError(string Code, string Message);

/// <summary>What every hub method returns: a value, or why there is none.</summary>
public sealed record Reply<T>(T? Value, ProtocolError? Error);

/// <summary>The stable error codes of protocol.md §2.</summary>
public static class ErrorCodes
{
    public const string MeetingUnknown = "meetingUnknown";
    public const string MeetingEnded = "meetingEnded";
    public const string MeetingFull = "meetingFull";
    public const string MeetingLocked = "meetingLocked";
    public const string MeetingNotBegun = "meetingNotBegun";
    public const string PasscodeNeeded = "passcodeNeeded";
    public const string PasscodeWrong = "passcodeWrong";
    public const string PasscodeInvalid = "passcodeInvalid";
    public const string ScheduleInvalid = "scheduleInvalid";
    public const string Waiting = "waiting";
    public const string LobbyFull = "lobbyFull";
    public const string Removed = "removed";
    public const string Barred = "barred";
    public const string ParticipantUnknown = "participantUnknown";
    public const string MessageUnknown = "messageUnknown";
    public const string FileUnknown = "fileUnknown";
    public const string FileInvalid = "fileInvalid";
    public const string FileTooLarge = "fileTooLarge";
    public const string FilesFull = "filesFull";
    public const string MeetingOpen = "meetingOpen";
    public const string ServerFull = "serverFull";
    public const string NameInvalid = "nameInvalid";
    public const string TitleInvalid = "titleInvalid";
    public const string TextInvalid = "textInvalid";
    public const string SecretWrong = "secretWrong";
    public const string NotJoined = "notJoined";
    public const string AlreadyJoined = "alreadyJoined";
    public const string RateLimited = "rateLimited";
    public const string OfferInvalid = "offerInvalid";
    public const string ViewInvalid = "viewInvalid";
    public const string MediaUnavailable = "mediaUnavailable";
    public const string NotAllowed = "notAllowed";
    public const string LinkUnknown = "linkUnknown";
    public const string RequestInvalid = "requestInvalid";
    public const string OriginForbidden = "originForbidden";
    public const string SignInNeeded = "signInNeeded";
    public const string PasswordWrong = "passwordWrong";
    public const string PasswordInvalid = "passwordInvalid";
    public const string TokenNeeded = "tokenNeeded";
    public const string TokenWrong = "tokenWrong";
    public const string IdempotencyKeyReused = "idempotencyKeyReused";
    public const string WebhookUnknown = "webhookUnknown";
    public const string KeyWrong = "keyWrong";
    public const string KeyUnknown = "keyUnknown";
    public const string ScopeMissing = "scopeMissing";
    public const string ServerUnavailable = "serverUnavailable";
}
