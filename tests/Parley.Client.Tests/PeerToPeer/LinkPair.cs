using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Parley.Browser.Harness;
using Parley.Client.Audio;
using Parley.Client.Media;
using Parley.Client.Meetings;
using Parley.Client.Tests.Interop;
using Parley.Client.Video;
using Parley.Protocol;

namespace Parley.Client.Tests.PeerToPeer;

/// <summary>Two ends of a link without a server: the test carries their signals, over a path that it can cut.</summary>
internal sealed class LinkPair : IAsyncDisposable
{
    private readonly MediaHost _host = new(TimeProvider.System);
    private readonly LossyPath? _path;
    private volatile bool _isCut;

    /// <param name="throughPath">Whether both know each other only by a path of the test's, until it is cut.</param>
    /// <param name="first">What the first has on.</param>
    /// <param name="second">What the second has on.</param>
    public LinkPair(bool throughPath, MediaState first, MediaState second)
    {
        _path = throughPath ? new LossyPath(int.MaxValue) : null;
        First = new End(_host, "first", "second", first, second, offers: true);
        Second = new End(_host, "second", "first", second, first, offers: false);
        First.Link.Signalled += signal => Carry(signal, Second, isFirst: true);
        Second.Link.Signalled += signal => Carry(signal, First, isFirst: false);
    }

    public End First { get; }

    public End Second { get; }

    /// <summary>What each signal becomes on its way; null lets it go.</summary>
    public Func<LinkSignal, LinkSignal?>? OnTheWay { get; set; }

    /// <summary>Whether, after the cut, the ends learn each other's addresses when they ask again.</summary>
    public bool HasOtherPath { get; set; }

    public void Start()
    {
        First.Link.Start();
        Second.Link.Start();
    }

    /// <summary>Nothing passes any more, and nobody is told.</summary>
    public void Cut()
    {
        _isCut = true;
        _path!.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
        _path?.Dispose();
        _host.Release();
    }

    private void Carry(LinkSignal signal, End to, bool isFirst)
    {
        if (OnTheWay is { } change)
        {
            if (change(signal) is not { } changed) return;
            signal = changed;
        }

        if (_path is not null && !(_isCut && HasOtherPath))
        {
            if (signal.Candidate is not null || (_isCut && signal.Description is not null)) return;
            if (signal.Description is { } description)
            {
                var covered = isFirst ? _path.OfFirst(description.Sdp!) : _path.OfSecond(description.Sdp!);
                signal = signal with { Description = description with { Sdp = covered } };
            }
        }

        to.Link.OnSignal(signal);
    }

    /// <summary>One end, with a tone and a picture.</summary>
    internal sealed class End : IAsyncDisposable
    {
        private readonly ConcurrentQueue<LinkState> _reports = new();
        private readonly MediaDesk _desk;

        public End(MediaHost host, string id, string otherId, MediaState own, MediaState other, bool offers)
        {
            OtherId = otherId;
            _desk = new MediaDesk(host, new JoinOptions
            {
                Name = id,
                AudioSource = new ToneSource(440, -12),
                VideoSource = new PatternSource(new Vp8EncoderSettings { Width = 160, Height = 120, FramesPerSecond = 15, BitrateKbps = 150 }),
                AudioSink = Witness,
                VideoSink = Witness,
            });
            Link = new PeerLink(host, _desk, new PeerLinkContext(
                new LinkStarted("link", otherId, offers, []), other, MeetingMode.Server, new Uri("http://127.0.0.1"), TimeProvider.System, NullLoggerFactory.Instance));
            Link.Reported += _reports.Enqueue;
            Link.SetSending(own.Mic, own.Cam);
            Link.OnView(camera: true, screen: false);
        }

        public string OtherId { get; }

        public PeerLink Link { get; }

        public Witness Witness { get; } = new();

        public IReadOnlyCollection<LinkState> Reports => _reports;

        public Task Reported(params LinkState[] states) => Eventually.Holds(
            "the reports are", () => Task.FromResult(string.Join(' ', _reports)), text => text == string.Join(' ', states));

        public Task Becomes(string what, Func<LinkSwitch, bool> holds) => Eventually.Holds(what, ReadAsync, holds);

        public async Task SeesAndHears()
        {
            var (pictures, (_, loud)) = (Witness.PicturesOf(OtherId), Witness.Heard);
            await Eventually.Holds(
                "pictures and sound come",
                () => Task.FromResult((Pictures: Witness.PicturesOf(OtherId) - pictures, Sound: Witness.Heard.Loud - loud)),
                now => now is { Pictures: > 5, Sound: > 15 });
        }

        public async ValueTask DisposeAsync()
        {
            await Link.DisposeAsync();
            await _desk.DisposeAsync();
            Witness.Dispose();
        }

        private async Task<LinkSwitch> ReadAsync()
        {
            var state = new LinkSwitch();
            await _desk.RunAsync(() => state = Link.Switch);
            return state;
        }
    }
}
