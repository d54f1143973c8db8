using Parley.Client;
using Parley.Media.Video;

namespace Parley.Terminal.Load;

/// <summary>What a run is asked to do.</summary>
internal sealed record LoadOptions
{
    /// <summary>Participants in all, 1–10,000.</summary>
    public int Participants { get; init; } = 200;

    /// <summary>Meetings they are spread over.</summary>
    public int Meetings { get; init; } = 20;

    /// <summary>How many of each meeting send sound.</summary>
    public int Talkers { get; init; } = 2;

    /// <summary>How many of each meeting send video; null for as many as each shows.</summary>
    public int? Cameras { get; init; }

    /// <summary>What each camera sends, kb/s; 0 for no video at all.</summary>
    public int VideoBitrate { get; init; } = 300;

    /// <summary>Frames per second of each camera.</summary>
    public int FramesPerSecond { get; init; } = 15;

    /// <summary>Whom each participant shows at most.</summary>
    public int View { get; init; } = 4;

    /// <summary>How long to measure, once all are there.</summary>
    public int Seconds { get; init; } = 30;

    /// <summary>
    /// How many of each meeting authenticate and decrypt what they are sent, and tell its delay; the others count by the clear headers.
    /// Null for all.
    /// </summary>
    public int? Decrypting { get; init; }

    /// <summary>By how many percent frames are longer or shorter than the mean, at most.</summary>
    public int Variation { get; init; } = 50;

    /// <summary>The most bytes of a video packet's RTP payload.</summary>
    public int MaxVideoPayload { get; init; } = Vp8Packetizer.DefaultMaxPayloadLength;

    /// <summary>A WAV file that all talkers say over and over, each from a place of their own; null for sound like speech.</summary>
    public string? Speech { get; init; }

    /// <summary>Whether nobody sends before all have joined.</summary>
    public bool SendsTogether { get; init; }

    /// <summary>Decides frames' lengths and everyone's phases.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The server's process on this machine, to tell its CPU and memory.</summary>
    public int? ServerProcess { get; init; }

    /// <summary>Cameras on in each meeting.</summary>
    public int CamerasOn => VideoBitrate == 0 || View == 0 ? 0 : Cameras ?? View;

    /// <exception cref="ParleyException">Invalid.</exception>
    public void Check()
    {
        Check("--participants", Participants, 1, 10_000);
        Check("--meetings", Meetings, 1, 1_000);
        Check("--talkers", Talkers, 0, 1_000);
        Check("--cameras", Cameras ?? 0, 0, 1_000);
        if (VideoBitrate != 0) Check("--video-bitrate", VideoBitrate, 10, 10_000);
        Check("--fps", FramesPerSecond, 1, 60);
        Check("--view", View, 0, 25);
        Check("--decrypting", Decrypting ?? 0, 0, 10_000);
        Check("--seconds", Seconds, 1, 86_400);
        if (Meetings > Participants)
            throw new ParleyException(ParleyError.Invalid, $"{Participants} participants cannot be in {Meetings} meetings: give fewer --meetings or more --participants.");
    }

    private static void Check(string option, int value, int least, int most)
    {
        if (value < least || value > most) throw new ParleyException(ParleyError.Invalid, $"{option} is {least} to {most}, not {value}.");
    }
}
