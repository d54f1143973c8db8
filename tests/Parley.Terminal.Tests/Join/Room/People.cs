using Parley.Protocol;

namespace Parley.Terminal.Tests.Join.Room;

/// <summary>People to test with; each joined a second after the one before in the alphabet.</summary>
internal static class People
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static Participant Of(string id, string? name = null, bool mic = false, bool cam = false, Presence presence = Presence.Connected) =>
        new(id, name ?? id, Role.Participant, new MediaState(mic, cam), presence, Start + TimeSpan.FromSeconds(id[0] - 'a'));
}
