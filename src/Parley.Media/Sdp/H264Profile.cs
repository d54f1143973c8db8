using System.Globalization;

namespace Parley.Media.Sdp;

/// <summary>Which profile a profile-level-id of H.264 means (RFC 6184 §8.1, table 5): its first byte with the constraints of the second.</summary>
internal static class H264Profile
{
    /// <summary>What a payload type without profile-level-id is: Baseline, level 1 (RFC 6184 §8.1).</summary>
    public const string Default = "42000A";

    /// <summary>Profile and bits of constraint_set that must be 1 and that must be 0.</summary>
    private static readonly (int Profile, int Set, int Unset, string Name)[] Table =
    [
        (0x42, 0x40, 0x0F, "constrained baseline"),
        (0x4D, 0x80, 0x0F, "constrained baseline"),
        (0x58, 0xC0, 0x0F, "constrained baseline"),
        (0x42, 0x00, 0x4F, "baseline"),
        (0x58, 0x80, 0x4F, "baseline"),
        (0x4D, 0x00, 0x8F, "main"),
        (0x58, 0x00, 0xCF, "extended"),
        (0x64, 0x0C, 0xF3, "constrained high"),
        (0x64, 0x00, 0xFF, "high"),
    ];

    /// <summary>Whether two are of one profile; levels may differ.</summary>
    public static bool AreSame(string one, string other) => Find(one) is { } profile && profile == Find(other);

    private static string? Find(string profileLevelId)
    {
        if (profileLevelId.Length != 6
            || !uint.TryParse(profileLevelId, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)) return null;
        var (profile, constraints) = (value >> 16, value >> 8 & 0xFF);
        foreach (var row in Table)
        {
            if (profile == row.Profile && (constraints & row.Set) == row.Set && (constraints & row.Unset) == 0) return row.Name;
        }

        return null;
    }
}
