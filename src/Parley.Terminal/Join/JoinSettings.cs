using Parley.Client;
using Parley.Terminal.Join.Drawing;

namespace Parley.Terminal.Join;

/// <summary>What `parley join` was asked to do.</summary>
internal sealed record JoinSettings
{
    public required MeetingLink Link { get; init; }

    public required string Name { get; init; }

    public string? Passcode { get; init; }

    /// <summary>A device, a file, `tone:HZ` or `none`; null is the default microphone, if there is a sound system and a screen.</summary>
    public string? Mic { get; init; }

    /// <summary>A device, a file, `pattern` or `none`.</summary>
    public string Camera { get; init; } = "none";

    /// <summary>A device or `none`; null is the default one, if there is a sound system and a screen.</summary>
    public string? Speaker { get; init; }

    /// <summary>Whether both devices are off at first.</summary>
    public bool Mute { get; init; }

    /// <summary>Whether to draw no pictures, and ask for none.</summary>
    public bool NoVideo { get; init; }

    /// <summary>Where to write what is seen and heard; null for nowhere.</summary>
    public string? Save { get; init; }

    public int Width { get; init; } = 640;

    public int Height { get; init; } = 360;

    public int Fps { get; init; } = 15;

    /// <summary>Kilobits per second of one's own pictures.</summary>
    public int VideoKilobits { get; init; } = 600;

    /// <summary>Whether to take any certificate.</summary>
    public bool Insecure { get; init; }

    /// <summary>Whether to write lines although there is a terminal.</summary>
    public bool Plain { get; init; }

    /// <summary>In plain lines: whether the end of standard input leaves the meeting.</summary>
    public bool LeaveAtEof { get; init; }

    /// <summary>Null to find out.</summary>
    public ColorDepth? Colors { get; init; }
}
