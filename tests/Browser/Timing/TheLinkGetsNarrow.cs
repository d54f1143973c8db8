using System.Diagnostics;
using Parley.Browser.Harness;

namespace Parley.Browser.Timing;

/// <summary>
/// A camera of 720 lines, sent by Chromium in three encodings, and two who watch it: Ben behind a link that is ours to make narrow and
/// to count bytes on, Cleo on a good one (forwarding.md).
/// </summary>
public sealed class TheLinkGetsNarrow(Stage stage) : BrowserTest(stage)
{
    private const int Small = 320, Middle = 640, Large = 1280;

    /// <summary>Milliseconds. Aimed at are 2,000, 10,000 and 1,000; these are for a slow machine.</summary>
    private const double Down = 4_000, Up = 15_000, Freeze = 2_500;

    /// <summary>
    /// Milliseconds that the picture may stand still for who has a good link. Nothing but the machine can hold it up there: a round in
    /// which it did says nothing of the narrow link either, for then feedback is late as if the link were full.
    /// </summary>
    private const double Calm = 600;

    /// <summary>bit/s: the mix and reports take some 60,000, the smallest encoding 150,000 more.</summary>
    private const double VoiceOnly = 120_000;

    private static readonly PathConditions s_wide = new(5_000_000, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(10));
    private static readonly PathConditions s_narrow = s_wide with { BitsPerSecond = 300_000 };

    [Fact]
    public async Task The_picture_gets_small_and_large_again_with_the_link_and_nobody_else_notices()
    {
        Assert.SkipWhen(Network.LacksNarrow is not null, Network.LacksNarrow ?? "");
        await using var network = await Network.BuildAsync("ben", "others");
        var link = await network.Narrow(network["ben"], s_wide);
        await using var server = await StartAsync();
        var (ada, ben, cleo) = await MeetAsync(server, network);
        await Task.WhenAll(Pins(ben, Person.Ada), Pins(cleo, Person.Ada));

        // What a busy machine does to one round it does not do to each; what the server does wrong, it does in each.
        var course = await Round(link, ben, cleo);
        for (var more = 2; more > 0 && course.Fault is not null; more--)
        {
            Figures.Print($"{course.Fault}, by us or by the machine: once more");
            course = await Round(link, ben, cleo);
        }

        Figures.Print($"Sent: {string.Join(" · ", (await ada.Sends()).AsEnumerable())}");
        Assert.True(course.Fault is null, course.Fault);
    }

    [Fact]
    public async Task Tiles_decide_which_encodings_are_sent_and_what_nobody_can_see_costs_nothing()
    {
        Assert.SkipWhen(Network.LacksNarrow is not null, Network.LacksNarrow ?? "");
        await using var network = await Network.BuildAsync("ben", "others");
        var link = await network.Narrow(network["ben"], s_wide);
        await using var server = await StartAsync();
        var (ada, ben, cleo) = await MeetAsync(server, network);

        // A large tile, a small one, and one of a grid.
        await Task.WhenAll(Pins(cleo, Person.Ada), Pins(ben, Person.Cleo));
        await Task.WhenAll(Shows(cleo, Large), Shows(ben, Small));
        await SendsOnly(ada, "q", "h", "f");
        await Pins(cleo, Person.Ben);
        await Shows(cleo, Small);
        await SendsOnly(ada, "q");
        await LetsGo(cleo);
        await Shows(cleo, Middle);
        await Shows(ben, Small);
        await SendsOnly(ada, "q", "h");

        // The chat lies over the tiles of a narrow page: the voice goes on, the picture does not come.
        await ben.Page.SetViewportSizeAsync(640, 640);
        await ben.OpenChat();
        await Rests(ben);
        await HearsFor(link, ben);

        // A tab in the background is the other who watched: now nobody does.
        await cleo.GoesToTheBackground(true);
        await Rests(cleo);
        await SendsOnly(ada);
        await HearsFor(link, ben);

        var back = Stopwatch.GetTimestamp();
        await cleo.GoesToTheBackground(false);
        await cleo.SeesNow(Person.Ada);
        Figures.Print(FormattableString.Invariant($"A camera that rested is seen {Stopwatch.GetElapsedTime(back).TotalSeconds:0.0} s after somebody looks again"));
        await ben.At("chat-button").ClickAsync();
        await ben.SeesNow(Person.Ada);
    }

    /// <summary>Ben's link gets narrow and wide again.</summary>
    private static async Task<Course> Round(NarrowLink link, Participant ben, Participant cleo)
    {
        await Task.WhenAll(Shows(ben, Large), Shows(cleo, Large));
        await Task.WhenAll(ben.Record(Person.Ada), cleo.Record(Person.Ada));
        await Task.WhenAll(GoesOn(ben), GoesOn(cleo));
        var narrowed = Barcode.Now;
        link.Down.Conditions = s_narrow;
        await Shows(ben, Small);
        await GoesOn(ben);
        var widened = Barcode.Now;
        link.Down.Conditions = s_wide;
        await Shows(ben, Large);
        await GoesOn(ben);
        var bens = (await ben.Recorded("A link of 5 Mb/s falls to 300 kb/s and comes back")).Pictures[0];
        var cleos = (await cleo.Recorded("A good link meanwhile")).Pictures[0];

        var course = new Course(
            [.. bens.Widths.Where(width => width.At >= narrowed && width.At < widened).Select(width => width with { At = width.At - narrowed })],
            [.. bens.Widths.Where(width => width.At >= widened).Select(width => width with { At = width.At - widened })],
            bens.Longest,
            cleos.Longest > Calm || cleos.Widths.Any(width => width.Pixels != Large));
        Figures.Print($"Narrow: {Say(course.Narrow)}; wide again: {Say(course.WideAgain)}");
        return course;
    }

    private static Task<ServerProcess> StartAsync() =>
        ServerProcess.StartAsync($"--Parley:Media:Addresses:0={Network.Server}", "--Parley:PeerToPeer:Enabled=False");

    private async Task<(Participant Ada, Participant Ben, Participant Cleo)> MeetAsync(ServerProcess server, Network network)
    {
        var address = new Uri($"http://{Network.Server}:{server.Address.Port}");
        var ada = await Open(Person.Ada with { Camera = "1280x720@15" }, await network["others"].Chromium(address), address);
        var ben = await Open(Person.Ben with { Devices = "missing" }, await network["ben"].Chromium(address), address);
        var cleo = await Open(Person.Cleo with { Devices = "missing" }, await network["others"].Chromium(address), address);
        var meeting = await ada.Create("Narrow links");
        await ada.Enter();
        await ada.KeepsItsSize();
        foreach (var viewer in new[] { ben, cleo })
        {
            await viewer.Page.SetViewportSizeAsync(1024, 720);
            await viewer.Join(meeting);
            await viewer.Sees(Person.Ada);
        }

        return (ada, ben, cleo);
    }

    private static async Task Pins(Participant viewer, Person person)
    {
        await viewer.Tile(person).HoverAsync();
        await viewer.Tile(person).GetByTestId("pin-button").ClickAsync();
        await viewer.Tile(person).And(viewer.Page.Locator("[data-large=true]")).WaitForAsync();
    }

    /// <summary>Nobody is pinned any more: all tiles are alike.</summary>
    private static async Task LetsGo(Participant viewer)
    {
        await viewer.Page.Locator("[data-large=true]").HoverAsync();
        await viewer.Page.Locator("[data-large=true]").GetByTestId("pin-button").ClickAsync();
        await viewer.Page.Locator("[data-large=true]").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
    }

    private static Task<Received> Shows(Participant viewer, int width) => Eventually.Holds(
        $"{viewer.Person.Name} shows a picture {width} wide", () => viewer.ReceivedOf(Person.Ada), now => now.Width == width, TimeSpan.FromSeconds(40));

    /// <summary>Until four seconds more of pictures have come.</summary>
    private static async Task GoesOn(Participant viewer)
    {
        var before = await viewer.ReceivedOf(Person.Ada);
        await Eventually.Holds(
            $"{viewer.Person.Name} decodes on", () => viewer.ReceivedOf(Person.Ada), now => now.FramesDecoded >= before.FramesDecoded + 60, TimeSpan.FromSeconds(40));
    }

    /// <summary>Until just these encodings are sent, and of the others not one picture for a while.</summary>
    private static async Task SendsOnly(Participant sender, params string[] rids)
    {
        var before = await sender.Sends();
        await Eventually.Holds(
            $"{sender.Person.Name} sends {string.Join(", ", rids)}",
            async () =>
            {
                await sender.Observe(10);
                var (last, now) = (before, before = await sender.Sends());
                return $"encodes {Say(now.Zip(last).Where(pair => pair.First.Frames > pair.Second.Frames).Select(pair => pair.First))}; active {Say(now.Where(one => one.Active))}";
            },
            what => what == $"encodes {string.Join(", ", rids)}; active {string.Join(", ", rids)}");
    }

    private static string Say(IEnumerable<Sent> encodings) => string.Join(", ", encodings.Select(encoding => encoding.Rid));

    /// <summary>Until nothing of the picture has come for a while.</summary>
    private static async Task Rests(Participant viewer)
    {
        var before = await viewer.BytesOfPictures();
        await Eventually.Holds(
            $"nothing comes to {viewer.Person.Name}",
            async () =>
            {
                await viewer.Observe(5);
                var (last, now) = (before, before = await viewer.BytesOfPictures());
                return now - last;
            },
            bytes => bytes == 0);
    }

    /// <summary>The voice is there, and little more than it comes over the link.</summary>
    private static async Task HearsFor(NarrowLink link, Participant viewer)
    {
        var (bytes, pictures, started) = (link.Down.BytesDelivered, await viewer.BytesOfPictures(), Stopwatch.GetTimestamp());
        (await viewer.Observe(10)).HoldsOnlyTones(Person.Ada);
        var rate = (link.Down.BytesDelivered - bytes) * 8 / Stopwatch.GetElapsedTime(started).TotalSeconds;
        Figures.Print(FormattableString.Invariant($"{rate / 1000:0} kb/s to {viewer.Person.Name}, who hears and sees nothing"));
        Assert.Equal(pictures, await viewer.BytesOfPictures());
        Assert.True(rate < VoiceOnly);
    }

    private static string Say(Width[] widths) =>
        string.Join(", ", widths.Select(width => FormattableString.Invariant($"{width.Pixels} wide after {width.At / 1000:0.0} s")));

    /// <param name="Narrow">How wide the picture became, and when, from the moment on when the link was narrow.</param>
    /// <param name="WideAgain">The same from the moment on when it was wide again.</param>
    /// <param name="Frozen">Milliseconds that the picture stood still at most.</param>
    /// <param name="Noticed">Whether the other, on a good link, had not the large picture all the time.</param>
    private sealed record Course(Width[] Narrow, Width[] WideAgain, double Frozen, bool Noticed)
    {
        /// <summary>What was not as it is to be. No swinging: one way while it is narrow, the other way afterwards, over the encoding between at most.</summary>
        public string? Fault => this switch
        {
            { Noticed: true } => "Who has a good link noticed",
            { Narrow: not [.., { Pixels: Small, At: <= Down }] } => "The smallest encoding came late",
            { WideAgain: not [.., { Pixels: Large, At: <= Up }] } => "The largest encoding came late",
            { Narrow.Length: > 2 } or { WideAgain.Length: > 2 } => "The picture swung",
            { Frozen: > Freeze } => "The picture stood still for long",
            _ => null,
        };
    }
}
