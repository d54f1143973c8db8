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

    public static ProtocolError ReadingForbidden { get; } =
        new(ErrorCodes.SecretWrong, "Only who created this meeting or is in it can read this, and the secret given is not theirs.");

    public static ProtocolError MeetingLocked { get; } =
        new(ErrorCodes.MeetingLocked, "This meeting is locked: nobody new comes in. Ask a host to unlock it.");

    public static ProtocolError PasscodeNeeded { get; } =
        new(ErrorCodes.PasscodeNeeded, "This meeting needs a passcode. Ask who invited you for it.");

    public static ProtocolError PasscodeWrong { get; } =
        new(ErrorCodes.PasscodeWrong, "This is not the passcode of this meeting. Check it, or ask who invited you.");

    public static ProtocolError PasscodeInvalid { get; } = new(
        ErrorCodes.PasscodeInvalid, Sentence($"A passcode needs 1 to {Passcode.Longest} characters, at least one of them visible."));

    public static ProtocolError Waiting { get; } =
        new(ErrorCodes.Waiting, "You wait in the lobby until a host lets you in.");

    public static ProtocolError Removed { get; } =
        new(ErrorCodes.Removed, "A host has removed you from this meeting. You may join it again.");

    public static ProtocolError Barred { get; } =
        new(ErrorCodes.Barred, "A host has removed you from this meeting, and you cannot come back.");

    public static ProtocolError ParticipantUnknown { get; } =
        new(ErrorCodes.ParticipantUnknown, "This participant is not, or no longer, in the meeting.");

    public static ProtocolError MessageUnknown { get; } =
        new(ErrorCodes.MessageUnknown, "There is no such message, or it was deleted.");

    public static ProtocolError FileUnknown { get; } =
        new(ErrorCodes.FileUnknown, "There is no such file, or it was deleted.");

    public static ProtocolError FileInvalid { get; } =
        new(ErrorCodes.FileInvalid, "A file needs a name, something in it, and its length beforehand (Content-Length).");

    public static ProtocolError FilesFull { get; } =
        new(ErrorCodes.FilesFull, "There is no room for this file in this meeting. Delete others first.");

    public static ProtocolError DiskFull { get; } =
        new(ErrorCodes.FilesFull, "The server has no room for this file. Tell who runs it; chat without files works.");

    public static ProtocolError SendingForbidden { get; } =
        new(ErrorCodes.SecretWrong, "Only who is in this meeting can send files to it, and the secret given is not theirs.");

    public static ProtocolError SignInvalid { get; } =
        new(ErrorCodes.RequestInvalid, $"A sign to all is one of {string.Join(' ', Emoji.Signs)}.");

    public static ProtocolError TooManyReactions { get; } = NotAllowed(Sentence(
        $"A message takes {ChatRules.MostReactions} different emoji, and {ChatRules.MostOwnReactions} by one person. Take one away first."));

    public static ProtocolError TooManyAtOnce(int most) => NotAllowed(Sentence($"You are sending {most} files already. Wait until one is there."));

    /// <param name="megabytes">0 when there are none at all.</param>
    public static ProtocolError FileTooLarge(int megabytes) => new(ErrorCodes.FileTooLarge, megabytes == 0
        ? "This server takes no files."
        : Sentence($"A file may have {megabytes} megabytes here. Send it another way, or make it smaller."));

    public static ProtocolError TokenWrong { get; } =
        new(ErrorCodes.SecretWrong, "This needs the token that is in the server's settings, as Authorization: Bearer TOKEN.");

    public static ProtocolError VolumeInvalid(double most) => RequestInvalid(Sentence($"A volume is 0 (not at all) to {most}; 1 is as they are."));

    public static ProtocolError TooManyVolumes(int most) =>
        NotAllowed(Sentence($"You have chosen the volume of {most} others already. Set one of them back to 1 first."));

    public static ProtocolError TooManyListenersWithVolumes(int most) =>
        NotAllowed(Sentence($"In this meeting {most} people hear others louder or softer already: the server mixes for no more of them."));

    public static ProtocolError StillOpen { get; } =
        new(ErrorCodes.MeetingOpen, "This meeting is still open. End it first; then its record can be deleted.");

    public static ProtocolError MediaUnavailable { get; } =
        new(ErrorCodes.MediaUnavailable, "Sound and video are not available right now. Chat works; try again in a moment.");

    public static ProtocolError ServerUnavailable { get; } =
        new(ErrorCodes.ServerUnavailable, "The server could not do or keep this right now. Try again in a moment.");

    public static ProtocolError ServerStopping { get; } =
        new(ErrorCodes.ServerUnavailable, "The server is being restarted and takes nobody new. Try again in a moment.");

    public static ProtocolError OriginForbidden { get; } =
        new(ErrorCodes.OriginForbidden, "A page of another site asked for this, which this server does not allow.");

    public static ProtocolError SignInNeeded { get; } =
        new(ErrorCodes.SignInNeeded, "This is for the admin, or for a program with an API key. Sign in, or send the key as Authorization: Bearer KEY.");

    public static ProtocolError PasswordWrong { get; } =
        new(ErrorCodes.PasswordWrong, "This is not the admin's password. `parley password` on the server's machine makes a new one.");

    public static ProtocolError PasswordSet { get; } =
        NotAllowed("The password is in the server's settings (Parley:Admin:Password): change it there.");

    public static ProtocolError JoinTokenNeeded { get; } =
        new(ErrorCodes.TokenNeeded, "This meeting is entered from another site, by a link with a token. Go back there and come in again.");

    public static ProtocolError JoinTokenWrong { get; } =
        new(ErrorCodes.TokenWrong, "The token of this link has expired, or is not for this meeting. Go back to where you got it and come in again.");

    public static ProtocolError NameGiven { get; } =
        NotAllowed("Your name was given by the site that let you in. A host can change it.");

    public static ProtocolError IdempotencyKeyReused { get; } =
        new(ErrorCodes.IdempotencyKeyReused, "This Idempotency-Key stood over another request. Take a new one for each meeting.");

    public static ProtocolError WebhookUnknown { get; } =
        new(ErrorCodes.WebhookUnknown, "There is no such webhook, or no more.");

    public static ProtocolError KeyWrong { get; } =
        new(ErrorCodes.KeyWrong, "This API key is wrong, revoked, or has expired. Ask the admin for another one.");

    public static ProtocolError KeyUnknown { get; } =
        new(ErrorCodes.KeyUnknown, "There is no such key, or no more.");

    /// <param name="scope">By its name on the wire.</param>
    public static ProtocolError ScopeMissing(string scope) =>
        new(ErrorCodes.ScopeMissing, $"This API key has not the scope {scope}. Ask the admin for one that has.");

    public static ProtocolError PasswordInvalid(int shortest, int longest) =>
        new(ErrorCodes.PasswordInvalid, Sentence($"The admin's password needs {shortest} to {longest} characters."));

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

    public static ProtocolError LobbyFull(int limit) =>
        new(ErrorCodes.LobbyFull, Sentence($"{limit} people wait for this meeting already. Try again in a moment."));

    public static ProtocolError MeetingNotBegun(DateTimeOffset begins) => new(
        ErrorCodes.MeetingNotBegun, Sentence($"This meeting begins on {begins.UtcDateTime:yyyy-MM-dd} at {begins.UtcDateTime:HH:mm} UTC. Come back then."));

    public static ProtocolError ScheduleInvalid(string why) => new(ErrorCodes.ScheduleInvalid, why);

    public static ProtocolError LastingFull(int meetings) => new(
        ErrorCodes.ServerFull, Sentence($"This server is full: it holds {meetings} lasting meetings. Make one that ends, or try again when one has ended."));

    /// <param name="what">Like "rename others".</param>
    public static ProtocolError HostsOnly(string what) => NotAllowed($"Only hosts can {what}.");

    /// <param name="what">Like "chat".</param>
    public static ProtocolError NoRight(string what) => NotAllowed($"The hosts do not let participants {what} now.");

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
        EndReason.Cancelled => "This meeting was ended for everyone.",
        EndReason.Expired => "This meeting ended at the time it was to end.",
        EndReason.Unused => "This meeting ended because nobody joined it.",
        EndReason.ServerStopped => "This meeting ended because the server stopped.",
        _ => "This meeting has ended.",
    };

    /// <summary>Said to who is removed.</summary>
    public static string RemovedSentence(string by) => $"{by} has removed you from this meeting.";

    /// <summary>Said to who is not let in.</summary>
    public static string TurnedAwaySentence => "A host did not let you into this meeting.";

    /// <summary>The refusal as the reply of a method that would give a <typeparamref name="T"/>.</summary>
    public static Reply<T> As<T>(this ProtocolError error) => new(default, error);

    private static string Sentence(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
