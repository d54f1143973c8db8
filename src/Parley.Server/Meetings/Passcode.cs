using Parley.Server.Access;

namespace Parley.Server.Meetings;

/// <summary>The passcode of a meeting, of which a derived key is kept.</summary>
internal static class Passcode
{
    public const int Longest = 64;

    /// <summary>Some 3 ms: each guess costs whoever has stolen the records that much, and each join us.</summary>
    private static readonly DerivedKey s_key = new(iterations: 20_000);

    /// <param name="passcode">Clean, as <see cref="Text.Line"/> gives it.</param>
    public static byte[] Hash(string passcode) => s_key.Hash(passcode);

    /// <summary>Whether this is the passcode with that hash; takes as long for a wrong one as for the right one.</summary>
    /// <param name="presented">As it was typed.</param>
    public static bool Matches(string? presented, ReadOnlySpan<byte> hash) =>
        Text.Line(presented, Longest) is { } clean && s_key.Matches(clean, hash);
}
