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
    public const string ServerUnavailable = "serverUnavailable";
}
