using Parley.Protocol;

namespace Parley.Client.Media;

/// <summary>
/// Which way media takes while there is a link: what is sent where, and which of the peer's streams is played from where. Make
/// before break, both ways (protocol.md §6): each stream changes its way on its own, when the other way has it, and the phase is
/// told when the last has. Never changed: each input gives the next.
/// </summary>
internal readonly record struct LinkSwitch
{
    /// <summary>A link that has just begun.</summary>
    /// <param name="mode">The meeting's.</param>
    /// <param name="peer">The other end's devices.</param>
    public LinkSwitch(MeetingMode mode, MediaState peer)
    {
        Mode = mode;
        Peer = peer;
    }

    /// <summary>How far it is.</summary>
    public LinkPhase Phase { get; private init; } = LinkPhase.Opening;

    /// <summary>What the server said last.</summary>
    public MeetingMode Mode { get; private init; }

    /// <summary>The other end's devices.</summary>
    public MediaState Peer { get; private init; }

    /// <summary>Whether it has a path.</summary>
    public bool IsConnected { get; private init; }

    /// <summary>Nothing comes over it though something should: the server is sent to as well until that changes.</summary>
    public bool IsQuiet { get; private init; }

    /// <summary>Whether the peer's voice is the link's.</summary>
    public bool VoiceOnLink { get; private init; }

    /// <summary>Whether the peer's camera is the link's.</summary>
    public bool CameraOnLink { get; private init; }

    /// <summary>Whether the peer's screen is the link's.</summary>
    public bool ScreenOnLink { get; private init; }

    /// <summary>Whether a slot is wanted with the peer's camera.</summary>
    public bool CameraWatched { get; private init; }

    /// <summary>Likewise their screen.</summary>
    public bool ScreenWatched { get; private init; }

    /// <summary>Only a meeting that is peer to peer, and a link that works, spare the server.</summary>
    public bool SendsToServer => Mode == MeetingMode.Server || Phase != LinkPhase.Ready || IsQuiet;

    /// <summary>Whether the other end may still play it.</summary>
    public bool SendsToLink => Phase != LinkPhase.Broken;

    /// <summary>
    /// The mix is left out only while it has just the voice that the link has. On the way back it has the others', and the peer's
    /// not yet.
    /// </summary>
    public bool MixIsHeard => !VoiceOnLink || Phase == LinkPhase.Returning;

    /// <summary>Whether all is played from the link.</summary>
    public bool IsPlayed => VoiceOnLink && CameraOnLink && ScreenOnLink;

    /// <summary>What the server is to be told of this phase.</summary>
    public LinkState? Report => Phase switch
    {
        LinkPhase.Ready => LinkState.Ready,
        LinkPhase.Released => LinkState.Released,
        LinkPhase.Broken => LinkState.Failed,
        _ => null,
    };

    /// <summary>Whether a picture of this source is played from the link.</summary>
    public bool IsOnLink(VideoSourceKind source) => source == VideoSourceKind.Screen ? ScreenOnLink : CameraOnLink;

    /// <summary>The one transition.</summary>
    public LinkSwitch Next(LinkInput input)
    {
        if (Phase == LinkPhase.Broken) return Told(input);
        var next = Told(input);
        var changed = input.Kind switch
        {
            LinkInputKind.Lost => next.Break(),
            LinkInputKind.Forgotten => next.Return(),
            LinkInputKind.Mode when input.Mode == MeetingMode.Server && Mode == MeetingMode.PeerToPeer => next.Return(),
            LinkInputKind.Mode when input.Mode == MeetingMode.PeerToPeer && IsGoingBack => next with { Phase = LinkPhase.Opening },
            LinkInputKind.Overdue when Phase == LinkPhase.Returning => next with { VoiceOnLink = false, CameraOnLink = false, ScreenOnLink = false },
            LinkInputKind.VoiceOnLink when Phase == LinkPhase.Opening => next with { VoiceOnLink = true },
            LinkInputKind.VoiceOnServer when Phase == LinkPhase.Returning => next with { VoiceOnLink = false },
            LinkInputKind.PictureOnLink when Phase == LinkPhase.Opening => next.With(input.Source, true),
            LinkInputKind.PictureOnServer when Phase == LinkPhase.Returning => next.With(input.Source, false),
            _ => next,
        };
        return changed.Settle();
    }

    /// <summary>What is known after an input, whatever the phase.</summary>
    private LinkSwitch Told(LinkInput input) => input.Kind switch
    {
        LinkInputKind.Connected => this with { IsConnected = true, IsQuiet = false },
        LinkInputKind.Quiet => this with { IsQuiet = true },
        LinkInputKind.Mode => this with { Mode = input.Mode },
        LinkInputKind.Peer => this with { Peer = input.Media },
        LinkInputKind.Watched => this with { CameraWatched = input.Media.Cam, ScreenWatched = input.Media.Screen },
        _ => this,
    };

    /// <summary>What is off needs no waiting for, and neither does, on the way back, what nobody looks at.</summary>
    private LinkSwitch Settle()
    {
        switch (Phase)
        {
            case LinkPhase.Opening when IsConnected:
                var opening = this with
                {
                    VoiceOnLink = VoiceOnLink || !Peer.HasSound,
                    CameraOnLink = CameraOnLink || !Peer.Cam,
                    ScreenOnLink = ScreenOnLink || !Peer.Screen,
                };
                return opening.IsPlayed ? opening with { Phase = LinkPhase.Ready } : opening;
            case LinkPhase.Returning:
                var returning = this with
                {
                    VoiceOnLink = VoiceOnLink && Peer.HasSound,
                    CameraOnLink = CameraOnLink && Peer.Cam && CameraWatched,
                    ScreenOnLink = ScreenOnLink && Peer.Screen && ScreenWatched,
                };
                return returning is { VoiceOnLink: false, CameraOnLink: false, ScreenOnLink: false }
                    ? returning with { Phase = LinkPhase.Released }
                    : returning;
            default:
                return this;
        }
    }

    private bool IsGoingBack => Phase is LinkPhase.Returning or LinkPhase.Released;

    private LinkSwitch Return() => Phase is LinkPhase.Opening or LinkPhase.Ready ? this with { Phase = LinkPhase.Returning } : this;

    private LinkSwitch Break() => this with { Phase = LinkPhase.Broken, VoiceOnLink = false, CameraOnLink = false, ScreenOnLink = false };

    private LinkSwitch With(VideoSourceKind source, bool onLink) =>
        source == VideoSourceKind.Screen ? this with { ScreenOnLink = onLink } : this with { CameraOnLink = onLink };
}
