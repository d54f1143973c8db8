using System.Globalization;
using Parley.Terminal.Load;

namespace Parley.SideBySide;

/// <summary>A load to compare servers by.</summary>
/// <param name="Name">In the report.</param>
/// <param name="Options">What <see cref="LoadRun"/> is asked.</param>
internal sealed record Scenario(string Name, LoadOptions Options)
{
    /// <summary>To how many each packet goes.</summary>
    public int FanOut => LoadPlan.LargestMeeting(Options) - 1;

    /// <summary>
    /// One camera to so many. With its headers it is 1.5 Mb/s in 156 packets/s of at most 1,200 bytes: 5 packets a frame, and in every fifth
    /// frame 6.
    /// </summary>
    public static Scenario OneToMany(int receivers, int seconds) => new(
        string.Create(CultureInfo.InvariantCulture, $"1 to {receivers}"),
        new LoadOptions
        {
            Participants = receivers + 1,
            Meetings = 1,
            Cameras = 1,
            View = 1,
            Talkers = 0,
            VideoBitrate = 1_304,
            FramesPerSecond = 30,
            Variation = 11,
            MaxVideoPayload = 1_160,
            Decrypting = 5,
            SendsTogether = true,
            Seconds = seconds,
        });

    /// <summary>Three talk at once, in sentences with pauses; the rest of each meeting listens.</summary>
    /// <param name="participants">Of each meeting.</param>
    /// <param name="meetings">How many.</param>
    /// <param name="seconds">To measure.</param>
    /// <param name="speech">What they say.</param>
    public static Scenario Listening(int participants, int meetings, int seconds, string speech) => new(
        string.Create(CultureInfo.InvariantCulture, $"{meetings} × {participants}"),
        new LoadOptions
        {
            Participants = participants * meetings,
            Meetings = meetings,
            Talkers = 3,
            VideoBitrate = 0,
            View = 0,
            Decrypting = 5,
            SendsTogether = true,
            Speech = speech,
            Seconds = seconds,
        });

    /// <summary>Meetings of ten who all send and see each other.</summary>
    public static Scenario Meetings(int count, int seconds) => new(
        string.Create(CultureInfo.InvariantCulture, $"{count} × 10"),
        new LoadOptions
        {
            Participants = 10 * count,
            Meetings = count,
            Cameras = 10,
            View = 9,
            Talkers = 0,
            VideoBitrate = 300,
            FramesPerSecond = 15,
            Decrypting = 2,
            SendsTogether = true,
            Seconds = seconds,
        });
}
