using Parley.Client.Audio;
using Parley.Client.Video;

namespace Parley.Client.Meetings;

/// <summary>How to join, and where media comes from and goes to.</summary>
public sealed record JoinOptions
{
    private const int LongestName = 4_096;
    private static readonly TimeSpan LongestPatience = TimeSpan.FromDays(1);

    /// <summary>The name others see, 1–60 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The creator secret, for who created the meeting.</summary>
    public string? CreatorSecret { get; init; }

    /// <summary>The passcode, for a meeting that needs one.</summary>
    public string? Passcode { get; init; }

    /// <summary>
    /// Called when one waits in the lobby, with a sentence for people: joining goes on until a host answers, and is given up by its
    /// cancellation. Must not block.
    /// </summary>
    public Action<string>? OnWaiting { get; init; }

    /// <summary>Whether the microphone is on from the start. Needs a source to send anything.</summary>
    public bool Mic { get; init; }

    /// <summary>Whether the camera is on from the start. Needs a source to send anything.</summary>
    public bool Camera { get; init; }

    /// <summary>Whether to make a media connection at all; a chat bot needs none.</summary>
    public bool Media { get; init; } = true;

    /// <summary>
    /// Whether media may go directly to the other when there are two. It tells them one's addresses, so it is off with
    /// <see cref="RelayOnly"/>; who measures or needs the server switches it off.
    /// </summary>
    public bool PeerToPeer { get; init; } = true;

    /// <summary>What the microphone sends, as PCM. At most one of this and <see cref="OpusSource"/>.</summary>
    public IAudioSource? AudioSource { get; init; }

    /// <summary>What the microphone sends, as Opus.</summary>
    public IOpusSource? OpusSource { get; init; }

    /// <summary>What the camera sends.</summary>
    public IVideoSource? VideoSource { get; init; }

    /// <summary>Where the heard mix goes, as PCM.</summary>
    public IAudioSink? AudioSink { get; init; }

    /// <summary>Where the heard mix goes, as Opus.</summary>
    public IOpusSink? OpusSink { get; init; }

    /// <summary>Where the pictures go of those chosen to be seen.</summary>
    public IVideoSink? VideoSink { get; init; }

    /// <summary>Whether media goes through a TURN server of <see cref="IceServers"/> only, which hides one's own addresses.</summary>
    public bool RelayOnly { get; init; }

    /// <summary>STUN and TURN servers to find a way through with; the server's own addresses need none.</summary>
    public IReadOnlyList<IceServer> IceServers { get; init; } = [];

    /// <summary>How long a session tries to come back after its connection was lost.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <exception cref="ParleyException">Invalid.</exception>
    internal void Check()
    {
        // The server has the last word on names; what it would not even read is refused here.
        if (Name.Length > LongestName) throw new ParleyException(ParleyError.Invalid, "This name is too long.");
        if (Patience <= TimeSpan.Zero || Patience > LongestPatience)
            throw new ParleyException(ParleyError.Invalid, "The patience of a session is between nothing and a day.");
        if (AudioSource is not null && OpusSource is not null)
            throw new ParleyException(ParleyError.Invalid, "A microphone sends PCM or Opus, not both.");
    }
}
