using Parley.Protocol;

namespace Parley.Client.Media;

/// <summary>What happens to a link.</summary>
internal enum LinkInputKind
{
    /// <summary>It has a path and keys.</summary>
    Connected,

    /// <summary>Nothing has come for a while where something should.</summary>
    Quiet,

    /// <summary>The peer's voice is there, on the link.</summary>
    VoiceOnLink,

    /// <summary>A picture of the peer's that a decoder may begin with, on the link.</summary>
    PictureOnLink,

    /// <summary>The mix has the peer's voice.</summary>
    VoiceOnServer,

    /// <summary>A picture of the peer's that a decoder may begin with, in a slot.</summary>
    PictureOnServer,

    /// <summary>The server has told the mode.</summary>
    Mode,

    /// <summary>The peer's devices.</summary>
    Peer,

    /// <summary>Whether slots are wanted with the peer's pictures.</summary>
    Watched,

    /// <summary>The server does not know it any more.</summary>
    Forgotten,

    /// <summary>What should have come from the server has not in all this time.</summary>
    Overdue,

    /// <summary>It is lost for good.</summary>
    Lost,
}

/// <summary>One of them, with what belongs to it.</summary>
internal readonly record struct LinkInput(LinkInputKind Kind)
{
    /// <summary>Of a picture.</summary>
    public VideoSourceKind Source { get; private init; }

    /// <summary>Of a change of mode.</summary>
    public MeetingMode Mode { get; private init; }

    /// <summary>The peer's devices, or which slots are wanted.</summary>
    public MediaState Media { get; private init; } = Nothing;

    private static MediaState Nothing { get; } = new(false, false);

    public static LinkInput PictureOnLink(VideoSourceKind source) => new(LinkInputKind.PictureOnLink) { Source = source };

    public static LinkInput PictureOnServer(VideoSourceKind source) => new(LinkInputKind.PictureOnServer) { Source = source };

    public static LinkInput Told(MeetingMode mode) => new(LinkInputKind.Mode) { Mode = mode };

    public static LinkInput Peer(MediaState media) => new(LinkInputKind.Peer) { Media = media };

    public static LinkInput Watched(bool camera, bool screen) => new(LinkInputKind.Watched) { Media = new MediaState(false, camera, screen) };
}
