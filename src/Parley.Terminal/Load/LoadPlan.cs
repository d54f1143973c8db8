namespace Parley.Terminal.Load;

/// <summary>One participant's part.</summary>
/// <param name="Index">0 and up, in order of joining.</param>
/// <param name="Meeting">The meeting's number.</param>
/// <param name="Talks">Whether they send sound.</param>
/// <param name="HasCamera">Whether they send video.</param>
/// <param name="Hears">Whether there is someone to hear.</param>
/// <param name="Sees">How many there are to see, as far as their view has room.</param>
/// <param name="Decrypts">Whether they decrypt what comes.</param>
internal sealed record LoadPlace(int Index, int Meeting, bool Talks, bool HasCamera, bool Hears, int Sees, bool Decrypts = true)
{
    /// <summary>What the others see.</summary>
    public string Name => $"load {Meeting + 1}.{Index + 1}";
}

/// <summary>Who does what. People come to all meetings in turn, those who send first.</summary>
internal static class LoadPlan
{
    public static IReadOnlyList<LoadPlace> Of(LoadOptions options) =>
        [.. Enumerable.Range(0, options.Participants).Select(index => PlaceOf(options, index))];

    /// <summary>Which meeting a participant is in.</summary>
    public static int MeetingOf(LoadOptions options, long index) => (int)(index % options.Meetings);

    /// <summary>How many the largest meeting has.</summary>
    public static int LargestMeeting(LoadOptions options) => (options.Participants + options.Meetings - 1) / options.Meetings;

    private static LoadPlace PlaceOf(LoadOptions options, int index)
    {
        var meeting = MeetingOf(options, index);
        var place = index / options.Meetings;
        var size = (options.Participants / options.Meetings) + (meeting < options.Participants % options.Meetings ? 1 : 0);
        var talkers = Math.Min(size, options.Talkers);
        var cameras = Math.Min(size, options.CamerasOn);
        var (talks, hasCamera) = (place < talkers, place < cameras);
        return new LoadPlace(
            index, meeting, talks, hasCamera, talkers > (talks ? 1 : 0), Math.Min(options.View, cameras - (hasCamera ? 1 : 0)),
            options.Decrypting is not { } few || IsSampled(place, size, few));
    }

    /// <summary>
    /// Whether one of many is in a sample that lies evenly over them, the last included: a server that serves them in turn is not to be
    /// judged by whom it serves first.
    /// </summary>
    internal static bool IsSampled(int place, int size, int sample) => (place + 1) * (long)sample / size > place * (long)sample / size;
}
