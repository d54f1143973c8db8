using Parley.Browser.Harness;
using Parley.Client.Audio;
using Parley.Client.Meetings;
using Parley.Client.Tests.Meetings;
using Parley.Client.Video;
using Parley.Protocol;

namespace Parley.Client.Tests.PeerToPeer;

/// <summary>Somebody in a meeting with a tone, a moving picture, ears and eyes.</summary>
internal sealed class Guest : IAsyncDisposable
{
    private readonly ParleyServer _server;

    private Guest(ParleyServer server, MeetingSession session, Witness witness) => (_server, Session, Witness) = (server, session, witness);

    public MeetingSession Session { get; }

    public Witness Witness { get; }

    public string Id => Session.ParticipantId;

    public static async Task<Guest> JoinAsync(
        LiveServer live, string meetingId, string name, double hertz, Line? line = null, bool mic = true, bool camera = true, bool peerToPeer = true)
    {
        var server = live.ConnectWithMedia(line);
        var witness = new Witness();
        var session = await server.JoinAsync(
            meetingId,
            new JoinOptions
            {
                Name = name,
                Mic = mic,
                Camera = camera,
                AudioSource = new ToneSource(hertz, -12),
                VideoSource = new PatternSource(new Vp8EncoderSettings { Width = 160, Height = 120, FramesPerSecond = 15, BitrateKbps = 150 }),
                AudioSink = witness,
                VideoSink = witness,
                PeerToPeer = peerToPeer,
            },
            TestContext.Current.CancellationToken);
        return new Guest(server, session, witness);
    }

    /// <summary>Looks at these and at nobody else.</summary>
    public Task LooksAt(params Guest[] others) =>
        Session.ShowAsync([.. others.Select(other => new ViewRequest(other.Id, VideoSourceKind.Camera, 160, 120))], TestContext.Current.CancellationToken);

    /// <summary>Waits until pictures of another go on coming, and sound.</summary>
    public async Task SeesAndHears(Guest other)
    {
        var (pictures, (_, loud)) = (Witness.PicturesOf(other.Id), Witness.Heard);
        await Eventually.Holds(
            "pictures and sound come",
            () => Task.FromResult((Pictures: Witness.PicturesOf(other.Id) - pictures, Sound: Witness.Heard.Loud - loud)),
            now => now is { Pictures: > 10, Sound: > 25 });
    }

    /// <summary>Waits until media come this way, and the server says so.</summary>
    public Task Goes(MeetingMode mode) => Eventually.Holds(
        $"the way is {mode}", () => Task.FromResult((Session.Path, Session.Mode.Mode, Session.Mode.Reason)), now => now.Path == mode && now.Mode == mode);

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        _server.Dispose();
        Witness.Dispose();
    }
}
