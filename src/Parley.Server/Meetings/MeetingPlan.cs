using System.Globalization;
using Parley.Protocol;
using Parley.Server.Records;

namespace Parley.Server.Meetings;

/// <summary>How a meeting is to be, as who creates it asks: checked here, and made into its rules.</summary>
internal static class MeetingPlan
{
    private static readonly TimeSpan LongestAhead = TimeSpan.FromDays(366);
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(2 * 366);

    /// <summary>Why such a meeting cannot be, or null.</summary>
    public static ProtocolError? WhyNot(CreateMeeting request, LimitOptions limits, DateTimeOffset now)
    {
        if (request.Passcode is { Length: > 0 } passcode && Text.Line(passcode, Passcode.Longest) is null) return Refusal.PasscodeInvalid;
        if (request.Capacity is { } capacity && (capacity < 1 || capacity > limits.ParticipantsPerMeeting))
            return Refusal.ScheduleInvalid(string.Create(CultureInfo.InvariantCulture, $"A meeting here holds 1 to {limits.ParticipantsPerMeeting} participants."));
        if (request.NotBefore > now + LongestAhead) return Refusal.ScheduleInvalid("A meeting can be planned for a year ahead at most.");
        if (request.ExpiresAt <= now) return Refusal.ScheduleInvalid("The end of a meeting lies in the future.");
        if (request.ExpiresAt <= request.NotBefore) return Refusal.ScheduleInvalid("A meeting ends after it has begun.");
        return request.ExpiresAt > now + LongestLife ? Refusal.ScheduleInvalid("A meeting ends within two years.") : null;
    }

    public static MeetingRules RulesOf(CreateMeeting request, ParleyOptions options) => new(
        request.Rights ?? Rights.All,
        Lobby: request.Lobby,
        PasscodeHash: request.Passcode is { Length: > 0 } passcode ? Passcode.Hash(Text.Line(passcode, Passcode.Longest)!) : null,
        Capacity: request.Capacity,
        NotBefore: request.NotBefore,
        ExpiresAt: request.ExpiresAt,
        Lasting: request.Lasting,
        TokenOnly: request.TokenOnly || options.JoinTokens.Required);
}
