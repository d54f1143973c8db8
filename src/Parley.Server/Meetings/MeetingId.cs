using System.Security.Cryptography;

namespace Parley.Server.Meetings;

/// <summary>Meeting ids: two words and five characters, like <c>quiet-harbour-k7m3q</c>; some 10¹¹ of them.</summary>
internal static class MeetingId
{
    /// <summary>Digits and letters of which no two look alike; without u, so that no words come about.</summary>
    private const string Characters = "abcdefghjkmnpqrstvwxyz23456789";

    private const int Longest = 48;

    public static string Create()
    {
        var first = MeetingWords.Qualities[RandomNumberGenerator.GetInt32(MeetingWords.Qualities.Length)];
        var second = MeetingWords.Places[RandomNumberGenerator.GetInt32(MeetingWords.Places.Length)];
        return $"{first}-{second}-{RandomNumberGenerator.GetString(Characters, 5)}";
    }

    /// <returns>The id as we write it, or null when no meeting can have it.</returns>
    public static string? Normalize(string? id)
    {
        if (id is not { Length: > 0 and <= Longest }) return null;
        foreach (var c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-') return null;
        }

        return id.ToLowerInvariant();
    }
}
