using System.Globalization;
using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>The refusals of protocol.md §2, each with a sentence that says what is wrong and what to do.</summary>
public static class Refusal
{
    public static ProtocolError MeetingUnknown { get; } =
        new(ErrorCodes.MeetingUnknown, "There is no meeting with this address. Check the link, or ask for it again.");

    public static ProtocolError AlreadyJoined { get; } =
        new(ErrorCodes.AlreadyJoined, "This connection is already in a meeting. Leave it first.");

    public static ProtocolError NotJoined { get; } =
        new(ErrorCodes.NotJoined, "This connection is not in a meeting. Join one first.");

    public static ProtocolError SecretWrong { get; } =
        new(ErrorCodes.SecretWrong, "Only who created this meeting can do this, and the secret given is not theirs.");

    public static ProtocolError StatisticsForbidden { get; } =
        new(ErrorCodes.SecretWrong, "Only who created this meeting or is in it can read this, and the secret given is not theirs.");

    public static ProtocolError MediaUnavailable { get; } =
        new(ErrorCodes.MediaUnavailable, "Sound and video are not available right now. Chat works; try again in a moment.");

    public static ProtocolError ServerUnavailable { get; } =
        new(ErrorCodes.ServerUnavailable, "The server could not do or keep this right now. Try again in a moment.");

    public static ProtocolError OriginForbidden { get; } =
        new(ErrorCodes.OriginForbidden, "A page of another site asked for this, which this server does not allow.");

    public static ProtocolError MeetingFull(int capacity) =>
        new(ErrorCodes.MeetingFull, Sentence($"This meeting is full: it holds {capacity} participants. Try again when somebody has left."));

    public static ProtocolError ServerFull(int meetings) =>
        new(ErrorCodes.ServerFull, Sentence($"This server is full: it holds {meetings} meetings. Try again when one has ended."));

    public static ProtocolError NameInvalid(int limit) =>
        new(ErrorCodes.NameInvalid, Sentence($"A name needs 1 to {limit} characters, at least one of them visible."));

    public static ProtocolError TitleInvalid(int limit) =>
        new(ErrorCodes.TitleInvalid, Sentence($"A title needs 1 to {limit} characters, at least one of them visible."));

    public static ProtocolError TextInvalid(int limit) =>
        new(ErrorCodes.TextInvalid, Sentence($"A message needs 1 to {limit} characters, at least one of them visible."));

    public static ProtocolError OfferInvalid(string why) => new(ErrorCodes.OfferInvalid, why);

    public static ProtocolError ViewInvalid(string why) => new(ErrorCodes.ViewInvalid, why);

    public static ProtocolError LinkUnknown { get; } =
        new(ErrorCodes.LinkUnknown, "This link is not, or no longer, one of yours. The server says when there is another.");

    public static ProtocolError NotAllowed(string why) => new(ErrorCodes.NotAllowed, why);

    public static ProtocolError RequestInvalid(string why) => new(ErrorCodes.RequestInvalid, why);

    public static ProtocolError MeetingEnded(EndReason? reason, string? by) => new(ErrorCodes.MeetingEnded, EndSentence(reason, by));

    /// <param name="what">What there was too much of, like "messages".</param>
    /// <param name="wait">Until one more is taken; rounded up to whole seconds.</param>
    public static ProtocolError RateLimited(string what, TimeSpan wait)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        var unit = seconds == 1 ? "second" : "seconds";
        return new(ErrorCodes.RateLimited, Sentence($"Too many {what} in a short time. Try again in {seconds} {unit}."));
    }

    /// <summary>Why a meeting is over, for people.</summary>
    public static string EndSentence(EndReason? reason, string? by) => reason switch
    {
        EndReason.LastLeft => "This meeting ended when the last participant had left.",
        EndReason.Cancelled when !string.IsNullOrEmpty(by) => $"This meeting was ended for everyone by {by}.",
        EndReason.Cancelled => "This meeting was ended for everyone by who created it.",
        EndReason.Unused => "This meeting ended because nobody joined it.",
        EndReason.ServerStopped => "This meeting ended because the server stopped.",
        _ => "This meeting has ended.",
    };

    /// <summary>The refusal as the reply of a method that would give a <typeparamref name="T"/>.</summary>
    public static Reply<T> As<T>(this ProtocolError error) => new(default, error);

    private static string Sentence(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
