using CsCheck;
using Parley.Client.Media;
using Parley.Protocol;

namespace Parley.Client.Tests.Media;

public sealed class LinkSwitchTests
{
    private static readonly MediaState Off = new(false, false);
    private static readonly MediaState Talks = new(true, false);
    private static readonly MediaState Seen = new(true, true);
    private static readonly MediaState Shares = new(false, false, Screen: true, ScreenAudio: true);
    private static readonly LinkInput Connected = new(LinkInputKind.Connected);
    private static readonly LinkInput Voice = new(LinkInputKind.VoiceOnLink);
    private static readonly LinkInput InMix = new(LinkInputKind.VoiceOnServer);
    private static readonly LinkInput Lost = new(LinkInputKind.Lost);
    private static readonly LinkInput Camera = LinkInput.PictureOnLink(VideoSourceKind.Camera);
    private static readonly LinkInput Screen = LinkInput.PictureOnLink(VideoSourceKind.Screen);
    private static readonly LinkInput Slot = LinkInput.PictureOnServer(VideoSourceKind.Camera);
    private static readonly LinkInput Direct = LinkInput.Told(MeetingMode.PeerToPeer);
    private static readonly LinkInput Server = LinkInput.Told(MeetingMode.Server);
    private static readonly LinkInput Watched = LinkInput.Watched(camera: true, screen: false);

    private static readonly LinkInput[] Inputs =
    [
        Connected, Voice, InMix, Lost, Camera, Screen, Slot, Direct, Server, Watched,
        new(LinkInputKind.Quiet), new(LinkInputKind.Overdue), new(LinkInputKind.Forgotten),
    ];

    private static readonly Gen<LinkInput> AnyInput = Gen.OneOf(
        Gen.Int[0, Inputs.Length - 1].Select(i => Inputs[i]),
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, (mic, cam, screen) => LinkInput.Peer(new MediaState(mic, cam, screen))));

    private static readonly Way[] Ways =
    [
        new("nothing is on", [Connected], LinkPhase.Ready, "server+link, plays link"),
        new("a voice before the connection counts for nothing else", [Voice], LinkPhase.Opening, "server+link, plays voice"),
        new("the mode follows", [Connected, Direct], LinkPhase.Ready, "link, plays link"),
        new("the voice is waited for", [LinkInput.Peer(Talks), Connected], LinkPhase.Opening, "server+link, plays camera screen"),
        new("the voice comes", [LinkInput.Peer(Talks), Connected, Voice], LinkPhase.Ready, "server+link, plays link"),
        new("muted while it is waited for", [LinkInput.Peer(Talks), Connected, LinkInput.Peer(Off)], LinkPhase.Ready, "server+link, plays link"),
        new("the camera is waited for", [LinkInput.Peer(Seen), Connected, Voice], LinkPhase.Opening, "server+link, plays voice screen"),
        new("the camera comes first", [LinkInput.Peer(Seen), Connected, Camera, Voice], LinkPhase.Ready, "server+link, plays link"),
        new("the screen as well", [LinkInput.Peer(new MediaState(false, false, true)), Connected, Screen], LinkPhase.Ready, "server+link, plays link"),
        new("the screen's sound is waited for, muted as one is", [LinkInput.Peer(Shares), Connected, Screen], LinkPhase.Opening, "server+link, plays camera screen"),
        new("the screen's sound comes", [LinkInput.Peer(Shares), Connected, Screen, Voice], LinkPhase.Ready, "server+link, plays link"),
        new("a slot's picture before going back changes nothing", [LinkInput.Peer(Seen), Connected, Camera, Voice, Direct, Slot], LinkPhase.Ready, "link, plays link"),
        new("on at last, over the link alone", [Connected, Direct, LinkInput.Peer(Seen)], LinkPhase.Ready, "link, plays link"),
        new("quiet", [Connected, Direct, new(LinkInputKind.Quiet)], LinkPhase.Ready, "server+link, plays link"),
        new("quiet and well again", [Connected, Direct, new(LinkInputKind.Quiet), Connected], LinkPhase.Ready, "link, plays link"),
        new("back with nothing on", [Connected, Direct, Server], LinkPhase.Released, "server+link, plays server"),
        new("back and nobody looks", [LinkInput.Peer(Seen), Connected, Camera, Voice, Direct, Server], LinkPhase.Returning, "server+link, plays voice with the mix"),
        new("back, the camera first", [Watched, LinkInput.Peer(Seen), Connected, Camera, Voice, Direct, Server, Slot], LinkPhase.Returning, "server+link, plays voice with the mix"),
        new("back, the voice first", [Watched, LinkInput.Peer(Seen), Connected, Camera, Voice, Direct, Server, InMix], LinkPhase.Returning, "server+link, plays camera"),
        new("back, both", [Watched, LinkInput.Peer(Seen), Connected, Camera, Voice, Direct, Server, InMix, Slot], LinkPhase.Released, "server+link, plays server"),
        new("back and muted", [LinkInput.Peer(Talks), Connected, Voice, Direct, Server, LinkInput.Peer(Off)], LinkPhase.Released, "server+link, plays server"),
        new("back and never in the mix", [LinkInput.Peer(Talks), Connected, Voice, Direct, Server, new(LinkInputKind.Overdue)], LinkPhase.Released, "server+link, plays server"),
        new("forgotten while it opens", [LinkInput.Peer(Talks), Connected, new(LinkInputKind.Forgotten)], LinkPhase.Released, "server+link, plays server"),
        new("forgotten by a new server", [LinkInput.Peer(Talks), Connected, Voice, Direct, new(LinkInputKind.Forgotten)], LinkPhase.Returning, "server+link, plays voice with the mix"),
        new("direct again before it was back", [LinkInput.Peer(Talks), Connected, Voice, Direct, Server, InMix, Direct], LinkPhase.Opening, "server+link, plays camera screen"),
        new("lost while it opens", [LinkInput.Peer(Seen), Connected, Camera, Lost], LinkPhase.Broken, "server, plays server"),
        new("lost in use", [Connected, Direct, Lost], LinkPhase.Broken, "server, plays server"),
        new("lost for good", [Connected, Direct, Lost, Connected, Voice, Camera, Direct], LinkPhase.Broken, "server, plays server"),
    ];

    public static TheoryData<string> Names => [.. Ways.Select(way => way.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_stream_changes_its_way_when_the_other_has_it(string name)
    {
        var way = Ways.Single(one => one.Name == name);
        var now = way.Inputs.Aggregate(new LinkSwitch(MeetingMode.Server, Off), (state, input) => state.Next(input));
        Assert.Equal((way.Phase, way.Taken), (now.Phase, Words(now)));
    }

    [Fact]
    public void Nobody_is_cut_off_by_any_order_of_what_happens() => AnyInput.Array[0, 40].Sample(inputs =>
    {
        var state = new LinkSwitch(MeetingMode.Server, Seen);
        foreach (var input in inputs)
        {
            var before = state;
            state = before.Next(input);

            // There is always a way out, and the server is left out only by a link that all is played from.
            Assert.True(state.SendsToServer || state.SendsToLink);
            if (!state.SendsToServer) Assert.True(state is { IsPlayed: true, Phase: LinkPhase.Ready, Mode: MeetingMode.PeerToPeer, IsQuiet: false });
            Assert.True(state.MixIsHeard || state.VoiceOnLink);

            // The link is played by who has told of it, or is about to, and by nobody to whom it is lost.
            if (state.Phase is LinkPhase.Broken or LinkPhase.Released) Assert.False(state.VoiceOnLink || state.CameraOnLink || state.ScreenOnLink);
            if (before.Phase == LinkPhase.Broken) Assert.Equal(LinkPhase.Broken, state.Phase);

            // A voice that is on goes to the other way only by a sign of life there, or by an end of waiting.
            var isSign = input.Kind is LinkInputKind.VoiceOnLink or LinkInputKind.VoiceOnServer or LinkInputKind.Lost or LinkInputKind.Overdue;
            if (before.Peer.Mic && state.Peer.Mic && !isSign) Assert.Equal(before.VoiceOnLink, state.VoiceOnLink);
        }
    });

    private static string Words(LinkSwitch state)
    {
        var sent = (state.SendsToServer, state.SendsToLink) switch { (true, true) => "server+link", (true, false) => "server", _ => "link" };
        var parts = new List<string>();
        if (state.VoiceOnLink) parts.Add("voice");
        if (state.CameraOnLink) parts.Add("camera");
        if (state.ScreenOnLink) parts.Add("screen");
        var played = state.IsPlayed ? "link" : parts.Count == 0 ? "server" : string.Join(' ', parts);
        return $"{sent}, plays {played}{(state is { VoiceOnLink: true, MixIsHeard: true } ? " with the mix" : "")}";
    }

    private sealed record Way(string Name, LinkInput[] Inputs, LinkPhase Phase, string Taken);
}
